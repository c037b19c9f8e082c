"""HTML to PDF: our own pages and style sheets on paper, tagged for screen readers (PDF/UA-1);
a drawing to a picture."""

from apmsl.lib.pdf.engine import digest, preload, render
from apmsl.lib.pdf.raster import picture

__all__ = ["digest", "picture", "preload", "render"]
