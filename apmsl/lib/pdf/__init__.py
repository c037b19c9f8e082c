"""HTML to PDF: our own pages and style sheets on paper, tagged for screen readers (PDF/UA-1)."""

from apmsl.lib.pdf.engine import digest, preload, render

__all__ = ["digest", "preload", "render"]
