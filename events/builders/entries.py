"""iCalendar as Google, Outlook and Apple read it: entries of whatever kind, written as RFC 5545 asks."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import icalendar
from django.conf import settings

CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
NEVER = datetime(2020, 1, 1, tzinfo=UTC)  # when something changed that keeps no history
PRODUCT = "-//Portail des maisons de santé//FR"
REFRESHED_EVERY = timedelta(hours=4)
# The rule of the European Union, for as long as it holds. The library writes dates one by one, and
# those of spring an hour late.
PARIS_HOURS = """BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
""".replace("\n", "\r\n")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Text(icalendar.vText):
    """The library takes « \\N » for an end of line where somebody wrote just that."""

    def to_ical(self) -> bytes:
        text = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\n", "\\n").encode("utf-8", "replace")


@dataclass(frozen=True)
class CalendarEntry:
    """One entry, of an event or of a deadline.

    ``uid`` is kept for ever, without the name of the server; ``sequence`` grows with each change.
    A day (without hours) ends on the day after its last one. ``path``: its page of the portal.
    ``is_busy``: it takes the person's time, which a deadline does not.
    """

    uid: str
    title: str
    start: date | datetime
    end: date | datetime | None
    changed_at: datetime
    sequence: int = 0
    status: str = CONFIRMED
    description: str = ""
    place: str = ""
    path: str = ""
    is_busy: bool = True


def written(entries: Iterable[CalendarEntry], *, method: str) -> str:
    """What a mail or a page gives: these entries alone."""
    return _serialised(_calendar(method), entries)


def feed(entries: Iterable[CalendarEntry], *, name: str) -> str:
    """What calendars come and read again and again."""
    kept = _calendar("PUBLISH")
    kept.add("name", Text(name))
    kept.add("x-wr-calname", Text(name))
    kept.add("x-wr-timezone", "Europe/Paris")
    kept.add("refresh-interval", REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
    kept.add("x-published-ttl", icalendar.vDuration(REFRESHED_EVERY))
    return _serialised(kept, entries)


def _calendar(method: str) -> icalendar.Calendar:
    kept = icalendar.Calendar()
    kept.add("prodid", PRODUCT)
    kept.add("version", "2.0")
    kept.add("calscale", "GREGORIAN")
    kept.add("method", method)
    return kept


def _serialised(kept: icalendar.Calendar, entries: Iterable[CalendarEntry]) -> str:
    kept.add_component(icalendar.Timezone.from_ical(PARIS_HOURS))
    for entry in entries:
        kept.add_component(_component(entry))
    return kept.to_ical().decode()


def _component(entry: CalendarEntry) -> icalendar.Event:
    host = urlsplit(settings.PORTAL_URL).hostname
    made = icalendar.Event()
    made.add("uid", f"{entry.uid}@{host}")
    made.add("dtstamp", entry.changed_at)
    made.add("last-modified", entry.changed_at)
    made.add("sequence", entry.sequence)
    made.add("dtstart", entry.start)
    if entry.end is not None:
        made.add("dtend", entry.end)
    made.add("summary", _text(entry.title))
    made.add("status", entry.status)
    made.add("transp", "OPAQUE" if entry.is_busy else "TRANSPARENT")
    _add_details(made, entry)
    return made


def _add_details(made: icalendar.Event, entry: CalendarEntry) -> None:
    organizer: Any = icalendar.vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")
    organizer.params["CN"] = settings.FEDERATION_NAME
    made.add("organizer", organizer)
    if entry.path:
        made.add("url", f"{settings.PORTAL_URL}{entry.path}")
    if entry.place:
        made.add("location", _text(entry.place))
    if entry.description:
        made.add("description", _text(entry.description))


def _text(text: str) -> Text:
    """Ends of line are one character, and no other control is allowed."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return Text(_CONTROLS.sub("", lines))
