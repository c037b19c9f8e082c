"""How wide a text is: an SVG neither wraps nor shortens its text."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

ELLIPSIS = "…"
# Of a letter that our font does not have.
_USUAL = 0.6


@lru_cache(maxsize=2)
def _widths(bold: bool) -> Mapping[int, float]:
    """The width of each letter of our font, in em."""
    found = finders.find(f"fonts/atkinson-hyperlegible-{700 if bold else 400}.woff2")
    if not isinstance(found, str):
        return {}
    with TTFont(found, lazy=True) as font:
        advances, em = font["hmtx"], font["head"].unitsPerEm
        return {code: advances[name][0] / em for code, name in font.getBestCmap().items()}


@lru_cache(maxsize=4096)
def width(text: str, size: float, *, bold: bool = False) -> float:
    widths = _widths(bold)
    return sum(widths.get(ord(letter), _USUAL) for letter in text) * size


def wrap(
    text: str, room: float, size: float, *, lines: int = 2, bold: bool = False
) -> Sequence[str]:
    """``text`` on at most ``lines`` lines of ``room``; what does not fit ends with « … »."""
    wrapped: list[str] = []
    for word in text.split():
        longer = f"{wrapped[-1]} {word}" if wrapped else word
        if wrapped and width(longer, size, bold=bold) <= room:
            wrapped[-1] = longer
        else:
            wrapped.append(word)
    kept = wrapped[:lines]
    if len(wrapped) > lines:
        kept[-1] = f"{kept[-1]}{ELLIPSIS}"
    return [_shortened(line, room, size, bold=bold) for line in kept]


def _shortened(line: str, room: float, size: float, *, bold: bool) -> str:
    if width(line, size, bold=bold) <= room:
        return line
    kept = line.rstrip(ELLIPSIS)
    while kept and width(kept + ELLIPSIS, size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS
