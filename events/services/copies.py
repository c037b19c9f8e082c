"""Events made from another: once on another day, or at each day of a series.

Lock order: the event that is copied, then the series that gives numbers. Asked twice, nothing is
made twice: an event of the same title and kind on the same day is that copy.
"""

import calendar
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max

from apmsl.lib.dates import plausible
from apmsl.lib.typography import day
from events.enums import DocumentMoment, EventStatus, Repeat
from events.models import Event, Series
from events.signals import event_copied

MOST = 60  # events made at once

# What happened to the one event is not what is planned for the other.
_OWN = {"code", "status", "cancel_reason", "minutes", "replay_url", "series_number", "is_new"}
_SHIFTED = ("starts_on", "ends_on", "registration_until", "replace_until")
# Relation, and the days of its rows that move with the event.
_ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("sessions", ("held_on",)),
    ("items", ("held_on",)),
    ("openings", ("opens_on",)),
    ("questions", ()),
    ("objectives", ()),
    ("contributors", ()),
    ("partners", ()),
)


class NotCopied(Exception):
    """The message is shown as it is."""


@dataclass(frozen=True)
class Planned:
    """One line of what is shown before anything is made."""

    starts_on: date
    ends_on: date
    exists: bool
    number: int | None


@transaction.atomic
def duplicate(*, event: Event, starts_on: date, title: str = "") -> Event:
    """The same event from another day on, all its days moved alike; planned, and nobody registered."""
    event = Event.objects.lock(event.pk)
    title = title.strip() or event.title
    if _same(event, title, [starts_on]):
        raise NotCopied(f"Un événement « {title} » existe déjà le {day(starts_on)}.")
    return _copy(event, starts_on, title=title, series=event.series)


def preview(*, event: Event, days: Iterable[date], series: Series | None) -> list[Planned]:
    chosen = _checked(days)
    taken = _same(event, event.title, chosen)
    number = next_number(series) if series else None
    length = event.ends_on - event.starts_on
    planned = []
    for starts_on in chosen:
        exists = starts_on in taken
        planned.append(Planned(starts_on, starts_on + length, exists, None if exists else number))
        number = number + 1 if number and not exists else number
    return planned


@transaction.atomic
def create_series(*, event: Event, days: Iterable[date], series: Series | None) -> list[Event]:
    """A copy at each of ``days`` where there is none yet; those of a series take its next numbers."""
    event = Event.objects.lock(event.pk)
    chosen = _checked(days)
    taken = _same(event, event.title, chosen)
    return [
        _copy(event, starts_on, title=event.title, series=series)
        for starts_on in chosen
        if starts_on not in taken
    ]


def next_number(series: Series) -> int:
    """A cancelled event keeps its number: the next one follows the greatest ever given."""
    greatest = series.events.aggregate(greatest=Max("series_number"))["greatest"]
    return (greatest or 0) + 1


@transaction.atomic
def number(*, event: Event) -> Event:
    """Give an event of a series the next number, unless it bears one."""
    if event.series_id is None or event.series_number is not None:
        return event
    event.series_number = next_number(Series.objects.select_for_update().get(pk=event.series_id))
    event.save(update_fields=["series_number"])
    return event


# -- days ------------------------------------------------------------------------------------------
def repeated(*, first: date, every: Repeat, count: int) -> list[date]:
    """``first`` and those that follow; a day that a month lacks is its last one."""
    if every in _WEEKS:
        return [first + timedelta(weeks=_WEEKS[every] * rank) for rank in range(count)]
    if every == Repeat.WEEKDAY_OF_MONTH:
        return [_same_weekday(first, rank) for rank in range(count)]
    return [_months_later(first, _MONTHS[every] * rank) for rank in range(count)]


_WEEKS = {Repeat.WEEK: 1, Repeat.TWO_WEEKS: 2}
_MONTHS = {Repeat.MONTH: 1, Repeat.QUARTER: 3, Repeat.YEAR: 12}


def _month(first: date, months: int) -> tuple[int, int]:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return year, month + 1


def _months_later(first: date, months: int) -> date:
    year, month = _month(first, months)
    return date(year, month, min(first.day, calendar.monthrange(year, month)[1]))


def _same_weekday(first: date, months: int) -> date:
    """The first Thursday stays the first Thursday; the fifth is the last where there are four."""
    year, month = _month(first, months)
    start = date(year, month, 1)
    rank = (first.day - 1) // 7
    found = start + timedelta(days=(first.weekday() - start.weekday()) % 7, weeks=rank)
    return found if found.month == month else found - timedelta(weeks=1)


def _checked(days: Iterable[date]) -> list[date]:
    chosen = sorted(set(days))
    if len(chosen) > MOST:
        raise NotCopied(f"{MOST} événements au plus à la fois.")
    try:
        for chosen_day in chosen:
            plausible(chosen_day)
    except ValidationError as wrong:
        raise NotCopied(f"Le {day(chosen_day)} n’est pas plausible : vérifiez l’année.") from wrong
    return chosen


# -- rows ------------------------------------------------------------------------------------------
def _same(event: Event, title: str, days: Sequence[date]) -> set[date]:
    """Days on which such an event stands already; a cancelled one may be held again."""
    standing = Event.objects.exclude(status=EventStatus.CANCELLED)
    found = standing.filter(title=title, kind=event.kind_id, starts_on__in=days)
    return set(found.values_list("starts_on", flat=True))


def _copy(event: Event, starts_on: date, *, title: str, series: Series | None) -> Event:
    shift = starts_on - event.starts_on
    values = _values(event, _OWN | {"title", "series"}, _SHIFTED, shift)
    copy = Event(**values, title=title, series=series)
    copy.is_new = event.is_new and starts_on.year == event.starts_on.year
    copy.save(force_insert=True)
    for relation, moved in _ROWS:
        _copy_rows(getattr(event, relation).order_by("pk"), copy, moved, shift)
    _copy_rows(event.documents.filter(moment=DocumentMoment.BEFORE).order_by("pk"), copy, (), shift)
    event_copied.send(Event, event=event, copy=copy)
    return number(event=copy)


def _copy_rows(rows: Any, copy: Event, moved: Sequence[str], shift: timedelta) -> None:
    copies = [rows.model(**_values(row, {"event"}, moved, shift), event=copy) for row in rows]
    rows.model._default_manager.bulk_create(copies)


def _values(
    row: models.Model, left_out: Collection[str], moved: Collection[str], shift: timedelta
) -> dict[str, Any]:
    kept = (field for field in row._meta.concrete_fields if not field.primary_key)
    values = {
        field.attname: getattr(row, field.attname)
        for field in kept
        if not field.generated and field.name not in left_out
    }
    for name in moved:
        values[name] = values[name] + shift if values[name] else None
    return values
