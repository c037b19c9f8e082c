"""What one takes away of a page: a drawing as a picture, its numbers or a table as a spreadsheet.

A page builds its exhibits, shows their links (``reports/take.html``) and lets ``reports.views.taking``
answer them: « ?export=teams.png ». What is taken away is what is shown: the same objects are both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from apmsl.lib.charts import Bars, Drawing, Item
from apmsl.lib.typography import Number

PICTURES, TABLES = ("png", "svg"), ("xlsx", "csv")
NAMES = {
    "png": "image (PNG)",
    "svg": "image (SVG)",
    "xlsx": "tableau (XLSX)",
    "csv": "tableau (CSV)",
}


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """``key`` names it in its page and in the files that it gives."""

    key: str
    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    drawing: Drawing | None = None

    @classmethod
    def of(cls, drawing: Drawing, headers: Sequence[str] = ()) -> "Exhibit":
        """A drawing with the figures that it draws."""
        rows = [(item.label, item.value, item.unit, item.note) for item in drawing.figures]
        heads = headers or (*drawing.columns, "Unité", "Remarque")
        return cls(key=drawing.key, title=drawing.title, headers=heads, rows=rows, drawing=drawing)

    @property
    def files(self) -> list[tuple[str, str]]:
        """What an address asks for, and how it is called."""
        kinds = (*(PICTURES if self.drawing else ()), *TABLES)
        return [(f"{self.key}.{kind}", NAMES[kind]) for kind in kinds]


# -- tables whose figures open their records -------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Counted:
    """A figure of a table: ``url`` opens what it counts, ``label`` is read aloud after it."""

    value: Number | None
    text: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    key: str
    title: str
    head: Sequence[str]
    # The heading of a line, and its figures.
    lines: Sequence[tuple[str, Sequence[Counted]]]

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, Counted]]]]:
        """Each figure with the heading of its column, which a narrow screen writes beside it."""
        heads = self.head[1:]
        return [(name, list(zip(heads, cells, strict=True))) for name, cells in self.lines]

    @property
    def exhibit(self) -> Exhibit:
        rows = [(name, *(one.value for one in counted)) for name, counted in self.lines]
        return Exhibit(key=self.key, title=self.title, headers=self.head, rows=rows)


def bars(key: str, title: str, items: Iterable[Item]) -> Exhibit:
    """Named figures, drawn as lying bars."""
    return Exhibit.of(Bars(key=key, title=title, items=list(items), width=560))
