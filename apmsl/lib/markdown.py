"""Texts typed in Markdown, as clean HTML: no raw HTML, no picture, only links that leave openly."""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from apmsl.lib import typography

_TAGS = {
    "a",
    "blockquote",
    "br",
    "em",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ol",
    "p",
    "strong",
    "ul",
}
_parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True})


def to_html(text: str, *, top: int = 2) -> str:
    """``top`` is the level of the highest heading: the one that follows on the page."""
    tokens = _parser.parse(typography.typeset(text))
    _lower_headings(tokens, top)
    drawn = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(
        drawn,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "mailto"},
        link_rel=None,
    )


def _lower_headings(tokens: list[Token], top: int) -> None:
    """Whatever signs were typed, the levels follow each other from ``top``."""
    used = sorted({token.tag for token in tokens if token.type == "heading_open"})
    levels = {tag: f"h{min(top + rank, 6)}" for rank, tag in enumerate(used)}
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = levels[token.tag]
