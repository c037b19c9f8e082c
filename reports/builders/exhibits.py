"""What one takes away of a page: a drawing as a picture, its numbers or a table as a spreadsheet.

A page builds its exhibits, shows their links (``reports/take.html``) and lets ``reports.views.taking``
answer them: « ?export=teams.png ». What is taken away is what is shown: the same objects are both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apmsl.lib.charts import Drawing
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
