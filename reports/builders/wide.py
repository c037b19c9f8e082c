"""The Scan'équipe as a wide picture, for a screen or a post: one drawing, 16 by 9.

As a file of its own it carries its letters with it; as a page it takes those of the document.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from apmsl.lib import pdf, typography
from apmsl.lib.charts import Drawing, Item, People
from apmsl.lib.charts.base import Line, n
from apmsl.lib.charts.text import ELLIPSIS, width, wrap
from reports.builders.figures import Change
from reports.builders.scans import TeamSheet

PIXELS = 1920  # of the PNG: a screen's width
# Of the name: the largest letters in which it takes no more than so many lines.
_NAME = ((60, 3), (50, 4), (42, 5), (34, 6), (28, 7), (24, 8))
_NAME_ROOM = 460.0
_FONTS = (("400", "atkinson-hyperlegible-400"), ("700", "atkinson-hyperlegible-700"))


@dataclass(frozen=True, slots=True)
class Tile:
    x: str
    text: str
    label: list[Line]
    before: str
    before_y: str


@dataclass(frozen=True, slots=True)
class Tick:
    lines: list[Line]
    y: str


@dataclass(frozen=True, slots=True)
class Told:
    """A figure on one line: its number, its words."""

    text: str
    label: str
    y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wide(Drawing):
    """Only what the team shows on its page; what it does not do is left to that page."""

    template = "reports/wide.svg"

    sheet: TeamSheet

    @property
    def figures(self) -> Sequence[Item]:
        told = [change.figure for change in (*self.sheet.figures, *self._network())]
        return [Item(figure.label, figure.value, figure.unit) for figure in told]

    @property
    def description(self) -> str:
        """Everything that is written, in the order of the eye."""
        parts = [f"{self.sheet.name}, {self.sheet.place}", *self.sheet.facts[:3]]
        parts += [f"{item.text} {item.label}" for item in self.figures]
        if self.people is not None:
            parts.append(self.people.description.rstrip("."))
        parts += self.done
        return typography.typeset(". ".join(parts)) + "."

    @property
    def name_size(self) -> int:
        """The largest in which nothing of it is lost."""
        return next((size for size, most in _NAME if self._fits(size, most)), _NAME[-1][0])

    @property
    def name_lines(self) -> list[Line]:
        size, most = self.name_size, dict(_NAME)[self.name_size]
        texts = wrap(self.sheet.name, _NAME_ROOM, size, lines=most, bold=True)
        return _stacked(texts, 60, 110 + size, size * 1.12)

    @property
    def place_lines(self) -> list[Line]:
        texts = wrap(self.sheet.place, _NAME_ROOM, 25, lines=2)
        return _stacked(texts, 60, float(self.name_lines[-1].y) + 54, 30)

    @property
    def fact_lines(self) -> list[Line]:
        last = [*self.name_lines, *self.place_lines][-1]
        texts = [wrap(fact, _NAME_ROOM, 22, lines=1)[0] for fact in self.sheet.facts[:3]]
        return _stacked(texts, 60, float(last.y) + 46, 36)

    @property
    def tiles(self) -> list[Tile]:
        shown = list(self.sheet.figures[:4])
        step = 920 / max(len(shown), 1)
        return [self._tile(change, 620 + step * rank, step) for rank, change in enumerate(shown)]

    @property
    def people(self) -> People | None:
        """The same pictograms as on the page, in fewer and higher rows."""
        drawn = self.sheet.composition
        if drawn is None or not self.sheet.shows["composition"]:
            return None
        rows = min(len(drawn.figures), 9)
        row = min(46.0, 420 / max(rows, 1))
        return replace(
            drawn, key="wide-people", width=540.0, most=9, row=row, size=17.0, label_share=0.46
        )

    @property
    def done(self) -> list[str]:
        if not self.sheet.shows["practices"]:
            return []
        return [practice.label for practice in self.sheet.practices if practice.answer]

    @property
    def ticks(self) -> list[Tick]:
        y, found = 352.0, []
        for label in self.done:
            texts = wrap(label, 300, 20, lines=2)
            found.append(Tick(_stacked(texts, 1240, y, 24), n(y - 8)))
            y += 24 * len(texts) + 16
        return found

    @property
    def network(self) -> list[Told]:
        first = float(self.network_y) + 32
        return [
            Told(change.figure.text, self._told(change), n(first + 27 * rank))
            for rank, change in enumerate(self._network())
        ]

    @property
    def network_x(self) -> str:
        """Beside the widest of the numbers."""
        numbers = [change.figure.text for change in self._network()]
        return n(1216 + max((width(text, 22, bold=True) for text in numbers), default=0))

    @property
    def network_y(self) -> str:
        """Under what the team does."""
        lowest = max((float(tick.lines[-1].y) for tick in self.ticks), default=0)
        return n(max(lowest + 52, 668))

    def _network(self) -> Sequence[Change]:
        return self.sheet.network[:4] if self.sheet.shows["network"] else ()

    def _told(self, change: Change) -> str:
        before = f" ({change.text})" if change.text else ""
        room = 1540 - float(self.network_x)
        return wrap(f"{change.figure.label}{before}", room, 18, lines=1)[0]

    def _fits(self, size: int, most: int) -> bool:
        lines = wrap(self.sheet.name, _NAME_ROOM, size, lines=most, bold=True)
        return not any(line.endswith(ELLIPSIS) for line in lines)

    def _tile(
        self, change: Change, x: float, step: float, *, size: float = 21, y: float = 168
    ) -> Tile:
        texts = wrap(change.figure.label, step - 16, size, lines=2)
        label = _stacked(texts, x, y, size * 1.2)
        return Tile(n(x), change.figure.text, label, change.text, n(float(label[-1].y) + 28))


def _stacked(texts: Sequence[str], x: float, first: float, leading: float) -> list[Line]:
    return [Line(text, n(x), n(first + leading * rank)) for rank, text in enumerate(texts)]


def wide(sheet: TeamSheet) -> Wide:
    title = f"Scan’équipe {sheet.year} de {sheet.name}"
    return Wide(key="wide", title=title, sheet=sheet)


def picture(sheet: TeamSheet) -> str:
    """An SVG file that needs nothing beside it."""
    return render_to_string("reports/wide.svg", {"drawing": wide(sheet), "fonts": _fonts()})


def svg(sheet: TeamSheet) -> str:
    """The same, whose letters stand beside it."""
    return render_to_string("reports/wide.svg", {"drawing": wide(sheet)})


def bitmap(drawn: str) -> bytes:
    """A PNG, for what shows no SVG: a post, a message, a word processor."""
    return pdf.picture(drawn, width=PIXELS)


def page_html(sheet: TeamSheet) -> str:
    return render_to_string("reports/pdf/scan_wide.html", {"sheet": sheet, "drawing": wide(sheet)})


@lru_cache(maxsize=1)
def _fonts() -> list[tuple[str, str]]:
    """By weight, as data."""
    found = [(weight, finders.find(f"fonts/{name}.woff2")) for weight, name in _FONTS]
    return [(weight, _as_data(path)) for weight, path in found if isinstance(path, str)]


def _as_data(path: str) -> str:
    with open(path, "rb") as file:
        return base64.b64encode(file.read()).decode()
