"""An indicator: a figure declared once and printed everywhere from here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from apmsl.lib import typography
from reports.enums import Chapter
from reports.indicators.records import NOTHING, RecordList
from reports.indicators.scope import Scope


class Kind(StrEnum):
    """What the value is, and so what the list behind it has to do with it."""

    COUNT = "count"  # an int: as many records in the list
    SUM = "sum"  # a number: the sum of ``amount`` over the list
    SHARE = "share"  # whole percent or None: the records of the list that are ``counted``
    MEAN = "mean"  # a float or None, over the list
    BREAKDOWN = "breakdown"  # a dict by code: the list divided
    RANKING = "ranking"  # codes, best first
    FACT = "fact"  # a value read or worked out otherwise: the list is what it is read from


@dataclass(frozen=True)
class Break:
    """From ``year`` on the figure is counted otherwise: those before do not compare with it."""

    year: int
    reason: str

    @property
    def text(self) -> str:
        """« Rupture de définition en 2021 : les équipes en projet comptent. »"""
        return (
            f"Rupture de définition en{typography.NBSP}{self.year}{typography.NBSP}: {self.reason}"
        )


def no_names() -> dict[str, str]:
    return {}


def always(scope: Scope) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """``title`` stands alone (« Équipes constituées »); ``one`` and ``many`` follow the number
    (« 1 équipe constituée », « 81 équipes constituées », « 19 % des équipes … »)."""

    id: str
    title: str
    one: str
    many: str
    definition: str
    chapter: Chapter
    kind: Kind
    measure: Callable[[Scope], Any]
    listing: Callable[[Scope], RecordList]
    unit: str = ""
    source: str = "Fiches du portail"
    # Those that came with the code; ``reports.indicators.breaks`` adds those of the staff.
    breaks: tuple[Break, ...] = ()
    # One number a year, which years can be compared by: no list of bounds, no name.
    is_number: bool = True
    # Of the members of the year, whenever they paid: on a day of a year that is over it counts also
    # those who had not paid yet, so that a year under way does not compare with it.
    of_members: bool = False
    names: Callable[[], dict[str, str]] = no_names  # French names of a breakdown's codes
    exists: Callable[[Scope], bool] = always  # False: the figure has no meaning there, leave it out

    @property
    def is_comparable(self) -> bool:
        divided = self.kind in (Kind.BREAKDOWN, Kind.RANKING) or self.names is not no_names
        return self.is_number and not divided

    def value(self, year: int, as_of: date | None = None) -> Any:
        """This figure alone; use ``readings`` for several, which share their queries."""
        return self.measure(Scope.of(year, as_of))

    def records(self, year: int, as_of: date | None = None) -> RecordList:
        """The list behind the figure."""
        return self.listing(Scope.of(year, as_of))

    def label(self, value: Any) -> str:
        """The words after the number, agreed with it."""
        if isinstance(value, int | float):
            return typography.agree(value, self.one, self.many)
        return self.many

    def text(self, value: Any) -> str:
        """The number as it is printed, with its unit; « – » where there is none."""
        if not isinstance(value, int | float | str):
            return NOTHING
        shown = value if isinstance(value, str) else typography.number(value)
        return f"{shown}{typography.NBSP}{self.unit}" if self.unit else shown


@dataclass(frozen=True)
class Part:
    """One line of a breakdown or of a ranking."""

    code: str
    name: str
    value: Any


@dataclass(frozen=True)
class Reading:
    """An indicator with its value."""

    indicator: Indicator
    value: Any

    @property
    def id(self) -> str:
        return self.indicator.id

    @property
    def text(self) -> str:
        return self.indicator.text(self.value)

    @property
    def label(self) -> str:
        return self.indicator.label(self.value)

    def parts(self) -> list[Part]:
        """A breakdown or a ranking line by line, with the names of its codes (one query at most)."""
        names: dict[str, str] = self.indicator.names()
        if isinstance(self.value, dict):
            by_code: dict[str, Any] = self.value
            return [Part(code, names.get(code, code), of) for code, of in by_code.items()]
        if self.indicator.kind is Kind.RANKING:
            codes: list[str] = self.value
            return [Part(c, names.get(c, c), rank) for rank, c in enumerate(codes, start=1)]
        return []
