"""The yearly figures: each declared once, with its words, its query and the list that it counts.

    indicators.get("teams").value(2023)               81
    indicators.get("teams").records(2023).rows()      the teams, as a page prints them
    indicators.readings(2023, ids=["teams", "tools"]) figures with their words, sharing their queries
    indicators.by_chapter()                           what a report prints, in its order
    indicators.compute(2023, date(2023, 6, 30))       all of them, as plain data

The ids and their order are an interface: spreadsheets of the federation read the JSON.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from reports.enums import Chapter
from reports.indicators import (
    communication,
    coordinators,
    events,
    governance,
    network,
    outside,
    page,
    portrait,
    scans,
    support,
    teams,
    toolbox,
    training,
)
from reports.indicators.breaks import breaks, breaks_of
from reports.indicators.indicator import Break, Indicator, Kind, Part, Reading
from reports.indicators.records import Column, RecordList, Row
from reports.indicators.scope import Scope

__all__ = [
    "DECLARED",
    "REGISTRY",
    "Break",
    "Column",
    "Indicator",
    "Kind",
    "Part",
    "Reading",
    "RecordList",
    "Row",
    "Scope",
    "breaks",
    "breaks_of",
    "by_chapter",
    "compute",
    "documentation",
    "get",
    "readings",
]

REGISTRY: dict[str, Indicator] = {
    indicator.id: indicator
    for indicator in (
        *teams.MEMBERS,
        *scans.INDICATORS,
        *coordinators.INDICATORS,
        *teams.FIRST_CONTACTS,
        *events.INDICATORS,
        *support.INDICATORS,
        *network.INDICATORS,
        *training.INDICATORS,
        *toolbox.INDICATORS,
        *communication.INDICATORS,
        *governance.INDICATORS,
        *outside.INDICATORS,
    )
}

# With those that the JSON does not hold: the portrait of the year's member team.
DECLARED: dict[str, Indicator] = REGISTRY | {one.id: one for one in portrait.PORTRAIT}


def get(name: str) -> Indicator:
    """Raises KeyError for an unknown id."""
    return DECLARED[name]


def by_chapter(among: Mapping[str, Indicator] = REGISTRY) -> dict[Chapter, list[Indicator]]:
    """The chapters that have figures, in the order of the report."""
    found = {
        chapter: [indicator for indicator in among.values() if indicator.chapter == chapter]
        for chapter in Chapter
    }
    return {chapter: indicators for chapter, indicators in found.items() if indicators}


def readings(
    year: int, as_of: date | None = None, ids: Iterable[str] | None = None
) -> dict[str, Reading]:
    """Figures with their values, asked together; those that have no meaning there are left out."""
    scope = Scope.of(year, as_of)
    chosen = [DECLARED[name] for name in (REGISTRY if ids is None else ids)]
    return {i.id: Reading(i, i.measure(scope)) for i in chosen if i.exists(scope)}


def compute(year: int, as_of: date | None = None) -> dict[str, Any]:
    """Every figure by its id, after the year and the reference day."""
    scope = Scope.of(year, as_of)
    values = {name: reading.value for name, reading in readings(year, scope.as_of).items()}
    return {"year": year, "as_of": scope.as_of.isoformat(), **values}


def documentation() -> str:
    return page.written(DECLARED.values())
