"""The list behind a figure: the records that it counts, ready for a page or an export."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet

from apmsl.lib import typography

NOTHING = "–"


@dataclass(frozen=True)
class Column:
    """``path`` follows attributes from the record (« team.name »); what is missing on the way gives
    None, what can be called (« get_status_display ») is."""

    header: str
    path: str
    is_year: bool = False

    def value(self, record: Any) -> Any:
        found = record
        for name in self.path.split("."):
            if found is None:
                return None
            found = getattr(found, name)
        return found() if callable(found) else found

    def text(self, record: Any) -> str:
        value = self.value(record)
        return str(value) if self.is_year and value is not None else as_text(value)


def as_text(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return typography.short_day(value)
    if isinstance(value, int | float | Decimal):
        return typography.number(value)
    return str(value)


@dataclass(frozen=True)
class Row:
    cells: list[str]
    url: str | None


@dataclass(frozen=True)
class RecordList:
    """``queryset`` is ordered down to its pk: page it, then pass the page to ``rows``."""

    queryset: QuerySet[Any]
    columns: tuple[Column, ...]
    target: str = ""

    @property
    def headers(self) -> list[str]:
        return [column.header for column in self.columns]

    def count(self) -> int:
        return self.queryset.count()

    def values(self, record: Any) -> list[Any]:
        """As they are stored, for an export."""
        return [column.value(record) for column in self.columns]

    def cells(self, record: Any) -> list[str]:
        """As they are read, in French."""
        return [column.text(record) for column in self.columns]

    def url(self, record: Any) -> str | None:
        """The page of the record, or of what it is about (its team, its event)."""
        if not self.target:
            return None
        found = record if self.target == "self" else Column("", self.target).value(record)
        return found.get_absolute_url() if isinstance(found, Model) else None  # type: ignore[attr-defined]

    def rows(self, records: Iterable[Any] | None = None) -> Iterator[Row]:
        """The rows of one page of records, or of all of them."""
        for record in self.queryset.iterator(2000) if records is None else records:
            yield Row(self.cells(record), self.url(record))
