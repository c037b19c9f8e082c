"""Who came: one row per person and session. A fact, whatever the registration says.

Lock order: the event, then the rest (``events.services.check_in``).
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max

from events.enums import Rhythm
from events.models import Attendance, Event, EventSession, Registration, Tap, half_days_of
from events.services import check_in
from events.services.refusals import Refused
from members.models import User

NOON_FROM, NOON_TO = time(12, 30), time(14)
MOST_DAYS = 14  # in a row; what meets now and then is entered session by session


class NoSession(Refused):
    """The message is shown as it is."""


@transaction.atomic
def create_sessions(*, event: Event) -> int:
    """One for each day of the event that has none, with a noon break when it lasts the day; how many
    are new."""
    event = Event.objects.lock(event.pk)
    days = (event.ends_on - event.starts_on).days + 1
    if days > MOST_DAYS:
        raise NoSession(
            "Cet événement s’étend sur plusieurs semaines : ajoutez ses séances une à une."
        )
    known = set(event.sessions.values_list("held_on", flat=True))
    last = event.sessions.aggregate(last=Max("number"))["last"] or 0
    missing = [day for day in _days(event, days) if day not in known]
    timed = _has_hours(event)
    break_from, break_to = (NOON_FROM, NOON_TO) if _lasts_the_day(event) else (None, None)
    EventSession.objects.bulk_create(
        EventSession(
            event=event,
            number=number,
            held_on=day,
            starts_at=event.starts_at if timed else None,
            ends_at=event.ends_at if timed else None,
            break_from=break_from,
            break_to=break_to,
        )
        for number, day in enumerate(missing, start=last + 1)
    )
    return len(missing)


def _days(event: Event, number: int) -> list[date]:
    return [event.starts_on + timedelta(days=rank) for rank in range(number)]


def _has_hours(event: Event) -> bool:
    return bool(event.starts_at and event.ends_at and event.starts_at < event.ends_at)


def _lasts_the_day(event: Event) -> bool:
    """By its hours, else by what its kind usually is."""
    if event.starts_at and event.ends_at:
        return event.starts_at < NOON_FROM and event.ends_at > NOON_TO
    return event.kind.rhythm == Rhythm.DAY


@transaction.atomic
def mark_present(
    *,
    registrations: Iterable[Registration],
    by: User | None,
    at: datetime,
    session: EventSession | None = None,
) -> int:
    """Note them present at one session, or at every session of their event; how many presences
    change. The same log as that of the welcome desk is written: the last word wins."""
    return _note(registrations, session, by, at, is_here=True)


@transaction.atomic
def unmark_present(
    *,
    registrations: Iterable[Registration],
    by: User | None,
    at: datetime,
    session: EventSession | None = None,
) -> int:
    """Take it back; how many presences are gone."""
    return _note(registrations, session, by, at, is_here=False)


def _note(
    registrations: Iterable[Registration],
    session: EventSession | None,
    by: User | None,
    at: datetime,
    *,
    is_here: bool,
) -> int:
    changed = 0
    of_event: dict[int, list[tuple[Registration, int]]] = {}
    for row, session_id in _meant(registrations, session):
        of_event.setdefault(row.event_id, []).append((row, session_id))
    for event_id, meant in sorted(of_event.items(), key=lambda pair: pair[0]):
        event = Event.objects.lock(event_id)
        wanted = {(row.person_id or 0, session_id) for row, session_id in meant}
        taps = [
            Tap(person, half, is_here, at)
            for half in half_days_of(event)
            for person, session_id in sorted(wanted)
            if session_id == half.session_id
        ]
        before = _noted(event)
        check_in.write(event, taps, by=by)
        after = _noted(event)
        changed += sum(before.get(cell) != after.get(cell) for cell in {*before, *after})
    return changed


def _noted(event: Event) -> dict[tuple[int, int], str]:
    rows = Attendance.objects.filter(session__event=event).order_by("pk")
    found = rows.values_list("session_id", "person_id", "half_days")
    return {(session, person): half_days for session, person, half_days in found}


def _meant(
    registrations: Iterable[Registration], session: EventSession | None
) -> list[tuple[Registration, int]]:
    rows = [row for row in registrations if row.person_id]  # a seat without a name comes to nothing
    found: dict[int, list[int]] = {}
    sessions = EventSession.objects.filter(event__in={row.event_id for row in rows})
    for event_id, session_id in sessions.order_by("number", "pk").values_list("event", "pk"):
        if session is None or session_id == session.pk:
            found.setdefault(event_id, []).append(session_id)
    if any(row.event_id not in found for row in rows):
        raise NoSession("Ajoutez d’abord une séance à cet événement.")
    return [(row, session_id) for row in rows for session_id in found[row.event_id]]
