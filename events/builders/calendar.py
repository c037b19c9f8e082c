"""The calendar entries of an event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from events.builders.entries import CANCELLED, CONFIRMED, CalendarEntry, written
from events.enums import EventStatus
from events.models import Event

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class SessionDay:
    """A day on which the event meets, named after the first session of that day."""

    number: int
    held_on: date


def session_days(event: Event) -> list[SessionDay]:
    return days_of(event.sessions.order_by("number", "pk").values_list("number", "held_on"))


def days_of(sessions: Iterable[tuple[int, date]]) -> list[SessionDay]:
    """``sessions``: number and day, in the order of the numbers."""
    first: dict[date, int] = {}
    for number, held_on in sessions:
        first.setdefault(held_on, number)
    return [SessionDay(number, held_on) for held_on, number in sorted(first.items())]


def calendar(
    event: Event,
    days: list[SessionDay],
    *,
    sequence: int,
    at: datetime,
    cancelled: bool = False,
    with_link: bool = False,
) -> str:
    """The event as iCalendar, one entry per day it meets. The same UID each time, and a greater
    ``sequence`` after each change: the entry is replaced, not doubled. ``with_link``: the address of
    the video conference, which is for the registered."""
    gone = cancelled or event.status == EventStatus.CANCELLED
    entries = event_entries(
        event,
        days,
        sequence=sequence,
        at=at,
        status=CANCELLED if gone else CONFIRMED,
        with_link=with_link,
    )
    return written(entries, method="CANCEL" if cancelled else "PUBLISH")


def event_entries(
    event: Event,
    days: list[SessionDay],
    *,
    sequence: int,
    at: datetime,
    status: str = CONFIRMED,
    with_link: bool = False,
    note: str = "",
    mark: str = "",
    is_busy: bool = True,
) -> list[CalendarEntry]:
    """``note`` begins the description; ``mark`` ends the title: « (liste d’attente) »."""
    link = event.online_url if with_link else ""
    return [
        CalendarEntry(
            uid=event.code if number == 1 else f"{event.code}-{number}",
            title=f"{event.title} {mark}".rstrip() if mark else event.title,
            start=start,
            end=end,
            changed_at=at,
            sequence=sequence,
            status=status,
            description="\n\n".join(filter(None, [note, event.description, link])),
            place=event.place or link,
            path=event.get_absolute_url(),
            is_busy=is_busy,
        )
        for number, start, end in _moments(event, days)
    ]


def _moments(
    event: Event, days: list[SessionDay]
) -> list[tuple[int, date | datetime, date | datetime | None]]:
    if not days and event.starts_on != event.ends_on:
        return [(1, event.starts_on, event.ends_on + timedelta(days=1))]
    if not days:
        days = [SessionDay(1, event.starts_on)]
    return [(day.number, *_hours(event, day.held_on)) for day in days]


def _hours(event: Event, on: date) -> tuple[date | datetime, date | datetime | None]:
    """From hour to hour in Paris; the whole day where the hours are not known."""
    if event.starts_at is None:
        return on, on + timedelta(days=1)
    ends = event.ends_at if event.ends_at and event.ends_at > event.starts_at else None
    return in_paris(on, event.starts_at), in_paris(on, ends) if ends else None


def in_paris(on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, tzinfo=PARIS)
