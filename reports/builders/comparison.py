"""Figures along up to ten years: each drawn, with its numbers, and where its definition changed.

What is not known for a year is missing, which is not zero: it has no column and reads « – ».
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from apmsl.lib import charts
from apmsl.lib.dates import reference_day, today
from apmsl.lib.typography import NBSP, Number
from reports import indicators
from reports.builders.exhibits import Exhibit
from reports.builders.screen import recorded_years
from reports.indicators import Break, Indicator, Scope

MOST_YEARS = 10
MOST_FIGURES = 12
# Shown until one chooses.
USUAL = ("teams", "professionals", "coordinators", "patients", "teams_reached", "tools")
# Of the drawing, in its own units: ten columns and « 650 000 » above each.
WIDTH = 480.0
HEADERS = ("Année", "Valeur", "Rupture de définition")


@dataclass(frozen=True)
class Year:
    year: int
    value: Number | None
    text: str
    # Why this figure does not compare with the one before it.
    broken: str

    @property
    def note(self) -> str:
        return f"rupture{NBSP}: {self.broken}" if self.broken else ""


@dataclass(frozen=True)
class Compared:
    indicator: Indicator
    years: Sequence[Year]

    @property
    def broken(self) -> list[Year]:
        return [year for year in self.years if year.broken]

    @property
    def drawing(self) -> charts.Columns:
        unit = self.indicator.unit
        return charts.Columns(
            key=self.indicator.id,
            title=self.indicator.title,
            items=[charts.Item(str(one.year), one.value, unit, one.note) for one in self.years],
            width=WIDTH,
            breaks=[rank for rank, one in enumerate(self.years) if one.broken],
        )

    @property
    def exhibit(self) -> Exhibit:
        return Exhibit(
            key=self.indicator.id,
            title=self.indicator.title,
            headers=HEADERS,
            rows=self.rows,
            drawing=self.drawing,
        )

    @property
    def rows(self) -> list[tuple[int, Number | None, str]]:
        """For a spreadsheet."""
        return [(one.year, one.value, one.broken) for one in self.years]


def selectable_years() -> list[int]:
    """From the first year with records to the present one, the gaps too."""
    known = _past(recorded_years())
    return list(range(min(known), max(known) + 1)) if known else []


def last_years() -> list[int]:
    return selectable_years()[-MOST_YEARS:]


def last_of(recorded: Iterable[int]) -> list[int]:
    """Of the years with records, those that a link to the comparison asks for."""
    return sorted(_past(recorded))[-MOST_YEARS:]


def _past(years: Iterable[int]) -> list[int]:
    return [year for year in years if year <= today().year]


def compare(ids: Sequence[str], years: Iterable[int]) -> list[Compared]:
    """In the order of the years, which are all asked about together."""
    ordered, recorded = sorted(years), set(recorded_years())
    days = {year: reference_day(year) for year in ordered if year in recorded}
    scopes = {scope.year: scope for scope in Scope.several(days)}
    chosen = [indicators.get(name) for name in ids]
    broken = indicators.breaks(chosen)
    return [Compared(one, _along(one, ordered, scopes, broken.get(one.id, []))) for one in chosen]


def _along(
    indicator: Indicator,
    years: Sequence[int],
    scopes: Mapping[int, Scope],
    breaks: Sequence[Break],
) -> Sequence[Year]:
    found = []
    for before, year in zip([None, *years], years, strict=False):
        scope = scopes.get(year)
        value = indicator.measure(scope) if scope and indicator.exists(scope) else None
        # Nothing is before the first year: it has nothing to be compared with.
        broken = [one.reason for one in breaks if before and before < one.year <= year]
        found.append(Year(year, value, indicator.text(value), f"{NBSP}; ".join(broken)))
    return found
