"""Running heads and page numbers as artifacts: nobody wants them read aloud between two sentences.

WeasyPrint draws what stands in the margins as content, only left out of the tree of tags. Checkers
and some screen readers find it all the same (PDF/UA-1, 7.8: such content is an artifact).
"""

from typing import Any

from weasyprint import document, draw
from weasyprint.formatting_structure.boxes import MarginBox

_draw_page = draw.draw_page
_draw_context = draw.draw_stacking_context


def leave_untagged() -> None:
    """To be called once, before anything is drawn."""
    document.draw_page = _page
    draw.draw_stacking_context = _context


def _page(page: Any, stream: Any) -> None:
    _draw_page(page, stream)
    # Tags are given afterwards, to what is left: one for each marked text.
    page.children = [box for box in page.children if not isinstance(box, MarginBox)]


def _context(stream: Any, context: Any) -> None:
    if not isinstance(context.box, MarginBox):
        _draw_context(stream, context)
        return
    with stream.artifact():
        tags, stream._tags = stream._tags, None  # nothing inside is marked
        try:
            _draw_context(stream, context)
        finally:
            stream._tags = tags
