"""The calendar entries of an event."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings

from events.enums import EventStatus
from events.models import Event

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class SessionDay:
    """A day on which the event meets, named after the first session of that day."""

    number: int
    held_on: date


def session_days(event: Event) -> list[SessionDay]:
    first: dict[date, int] = {}
    for number, held_on in event.sessions.order_by("number", "pk").values_list("number", "held_on"):
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
    entries = icalendar.Calendar()
    entries.add("prodid", "-//Portail des maisons de santé//FR")
    entries.add("version", "2.0")
    entries.add("method", "CANCEL" if cancelled else "PUBLISH")
    gone = cancelled or event.status == EventStatus.CANCELLED
    for number, start, end in _moments(event, days):
        entry = _entry(event, number, gone=gone, with_link=with_link)
        entry.add("dtstart", start)
        if end is not None:
            entry.add("dtend", end)
        entry.add("dtstamp", at)
        entry.add("last-modified", at)
        entry.add("sequence", sequence)
        entries.add_component(entry)
    margin = timedelta(days=366)  # the changes of hour around the event, not those since 1970
    entries.add_missing_timezones(event.starts_on - margin, event.ends_on + margin)
    return entries.to_ical().decode()


def _entry(event: Event, number: int, *, gone: bool, with_link: bool) -> icalendar.Event:
    host = urlsplit(settings.PORTAL_URL).hostname
    name = event.code if number == 1 else f"{event.code}-{number}"
    entry = icalendar.Event()
    entry.add("uid", f"{name}@{host}")
    entry.add("summary", event.title)
    entry.add("status", "CANCELLED" if gone else "CONFIRMED")
    entry.add("url", f"{settings.PORTAL_URL}{event.get_absolute_url()}")
    organizer = icalendar.vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")
    organizer.params["CN"] = settings.FEDERATION_NAME
    entry.add("organizer", organizer)
    link = event.online_url if with_link else ""
    if event.place or link:
        entry.add("location", event.place or link)
    description = "\n\n".join(filter(None, [event.description, link]))
    if description:
        entry.add("description", description)
    return entry


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
    return _in_paris(on, event.starts_at), _in_paris(on, ends) if ends else None


def _in_paris(on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, tzinfo=PARIS)
