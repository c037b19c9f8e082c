"""The figures of a year for a spreadsheet: a sheet for each chapter, figures first, then their records,
then the landmarks of the chapter, which come from elsewhere.

What stands in the lists is what the page of each figure shows to the same readers, and no more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from apmsl.jobs.models import Draft, Params
from apmsl.jobs.models.kinds import Beat
from apmsl.lib import typography
from apmsl.lib.dates import reference_day
from apmsl.lib.exports import Head, Sheet, workbook
from reports import indicators
from reports.builders.reading.moment import one_moment
from reports.builders.screen import recorded_years
from reports.enums import Chapter, Unit
from reports.indicators import Break, Indicator, Kind, Scope
from reports.models import ExternalFigure, ReportVersion

WIDTHS = (52, 16, 12, 12, 12, 16, 20, 14, 70, 40, 60)
BOUNDS = ("moyenne", "minimum", "maximum")
PAIR = ("rencontres", "participations")
UNITS = {Unit.PERCENT: "%", Unit.EURO: "€", Unit.YEAR: "année"}  # of what comes from outside

Row = Sequence[Any]
Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Year:
    """``before`` and ``voted`` are None where that year has no records, and before a vote."""

    scope: Scope
    now: Values
    before: Values | None
    voted: Values | None
    breaks: Mapping[str, Sequence[Break]]
    landmarks: Sequence[ExternalFigure]
    outside_before: Mapping[str, int]  # by key


def draft(params: Params) -> Draft:
    """The file bears the time when it was written: what it depends on is what it says."""
    year = params["year"]
    book = sheets_of(year, date.fromisoformat(params["as_of"]))
    said = sha256()
    for sheet in book:
        for row in [(sheet.title,), *sheet.rows]:
            said.update(f"{row}\n".encode())

    def make(_beat: Beat) -> bytes:
        return workbook(book)

    return Draft(f"chiffres-{year}.xlsx", said.hexdigest(), make)


def sheets_of(year: int, as_of: date) -> list[Sheet]:
    with one_moment():
        found = _read(year, as_of)
        return [
            Sheet(chapter.label, _rows(chapter, declared, found), WIDTHS)
            for chapter, declared in indicators.by_chapter().items()
        ]


def _read(year: int, as_of: date) -> Year:
    voted = ReportVersion.objects.without_pages().last_voted(year)
    known = year - 1 in recorded_years()
    return Year(
        scope=Scope.of(year, as_of),
        now=indicators.compute(year, as_of),
        before=indicators.compute(year - 1, reference_day(year - 1)) if known else None,
        voted=voted.figures if voted else None,
        breaks=indicators.breaks(indicators.REGISTRY.values()),
        landmarks=list(ExternalFigure.objects.landmarks(year)),
        outside_before=dict(
            ExternalFigure.objects.filter(year=year - 1).values_list("key", "value")
        ),
    )


def _rows(chapter: Chapter, declared: Iterable[Indicator], found: Year) -> list[Row]:
    shown = [indicator for indicator in declared if indicator.id in found.now]
    lists = [(indicator, _records(indicator, found.scope)) for indicator in shown]
    figures = [_figure(indicator, found) for indicator in shown]
    head = _head(chapter, found)
    # Where each list begins, counted from the first line of the sheet.
    line = len(head) + sum(map(len, figures)) + 2
    rows: list[Row] = [*head]
    for lines, (_, records) in zip(figures, lists, strict=True):
        first = [*lines[0]]
        first[6:8] = [max(len(records) - 2, 0), line if records else None]
        rows += [first, *lines[1:]]
        line += len(records) + 1 if records else 0
    for _, records in lists:
        rows += [(), *records] if records else []
    return [*rows, *_landmarks(chapter, found)]


def _landmarks(chapter: Chapter, found: Year) -> list[Row]:
    """Below all the rest: no record of the portal stands behind them, but a source and a day."""
    rows = [
        (
            one.label,
            one.value,
            UNITS.get(Unit(one.unit)),
            found.outside_before.get(one.key),
            one.as_of,
            one.source,
        )
        for one in found.landmarks
        if one.chapter == chapter
    ]
    head = ("Repère", "Valeur", "Unité", str(found.scope.year - 1), "À la date du", "Source")
    return [(), Head(("Repères, venus d’ailleurs",)), Head(head), *rows] if rows else []


def _head(chapter: Chapter, found: Year) -> list[Row]:
    year = found.scope.year
    titles = ("Chiffre", "Valeur", "Unité", str(year - 1), "Écart", "Rapport voté")
    return [
        Head((chapter.label,)),
        (f"Année {year}, chiffres arrêtés au {typography.day(found.scope.as_of)}.",),
        (),
        Head((*titles, "Fiches", "À la ligne", "Définition", "Source", "Rupture")),
    ]


def _figure(indicator: Indicator, found: Year) -> list[Row]:
    """The figure, and under it the parts that it is divided into."""
    names = indicator.names()
    now, before, voted = (
        _parts(indicator, values.get(indicator.id), names) if values else {}
        for values in (found.now, found.before, found.voted)
    )
    changes = " ".join(one.text for one in found.breaks.get(indicator.id, []))
    words = (indicator.definition, indicator.source, changes or None)
    whole = (indicator.title, *_numbers(indicator, "", now, before, voted), None, None, *words)
    parts = [part for part in {**now, **before} if part]
    divided = [(f"– {part}", *_numbers(indicator, part, now, before, voted)) for part in parts]
    return [whole, *divided]


def _numbers(
    indicator: Indicator, part: str, now: Values, before: Values, voted: Values
) -> tuple[Any, ...]:
    value, last = now.get(part), before.get(part)
    both = isinstance(value, int | float) and isinstance(last, int | float)
    # Means have one decimal: a difference has no more.
    difference = round(value - last, 1) if both else None  # type: ignore[operator]  # numbers
    return (value, indicator.unit, last, difference, voted.get(part))


def _parts(indicator: Indicator, value: Any, names: Mapping[str, str]) -> dict[str, Any]:
    """A figure under « », a divided one under the name of each part."""
    if isinstance(value, dict):
        return {
            title: number
            for code, of in value.items()
            for title, number in _named(names.get(code, code), of)
        }
    if isinstance(value, list):
        if indicator.kind is Kind.RANKING:
            return {f"n°{typography.NBSP}{n}": names.get(c, c) for n, c in enumerate(value, 1)}
        return dict(zip(BOUNDS, value, strict=True))
    return {"": value}


def _named(name: str, of: Any) -> list[tuple[str, Any]]:
    if isinstance(of, list):
        return [(f"{name}, {what}", n) for what, n in zip(PAIR, of, strict=True)]
    return [(name, of)]


def _records(indicator: Indicator, scope: Scope) -> list[Row]:
    """Under its title, as on its page; nothing where there is no record."""
    records = indicator.listing(scope)
    rows = [records.values(record) for record in records.queryset.iterator(2000)]
    return [Head((indicator.title,)), Head(records.headers), *rows] if rows else []
