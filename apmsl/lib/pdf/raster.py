"""A drawing as a picture, for a post or a slide: drawn as our documents are, with their letters."""

import io
import re
from html import escape

import pypdfium2

from apmsl.lib.pdf import files
from apmsl.lib.pdf.engine import SHEETS, render

_BOX = re.compile(r'viewBox="\s*([-\d.]+)[\s,]+([-\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)\s*"')
# A CSS pixel, in points.
_POINTS = 0.75


def picture(svg: str, *, width: int) -> bytes:
    """The drawing as a PNG ``width`` pixels wide, on white; its ``viewBox`` gives the height.

    Raises ``ValueError`` when the drawing has no ``viewBox``.
    """
    found = _BOX.search(svg)
    if found is None:
        raise ValueError("a drawing without a viewBox has no size")
    wide, high = float(found[3]), float(found[4])
    with pypdfium2.PdfDocument(render(_page(svg, wide, high))) as document:
        drawn = document[0].render(scale=width / (wide * _POINTS))
        written = io.BytesIO()
        drawn.to_pil().save(written, "PNG", optimize=True)
    return written.getvalue()


def _page(svg: str, wide: float, high: float) -> str:
    fonts = escape(files.static_address(f"{SHEETS}/base.css"))
    return (
        f'<html lang="fr"><head><title>1</title><link rel="stylesheet" href="{fonts}"/>'
        f"<style>@page{{size:{wide}px {high}px;margin:0}}"
        "body{margin:0}img{display:block;width:100%;height:100%}</style>"
        f"</head><body>{svg}</body></html>"
    )
