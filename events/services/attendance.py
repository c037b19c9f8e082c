"""Who came: one row per person and session. A fact, whatever the registration says."""

from collections.abc import Iterable
from datetime import date, time, timedelta

from django.db import transaction
from django.db.models import Max

from events.enums import Rhythm
from events.models import Attendance, Event, EventSession, Registration

NOON_FROM, NOON_TO = time(12, 30), time(14)
MOST_DAYS = 14  # in a row; what meets now and then is entered session by session


class NoSession(Exception):
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
    *, registrations: Iterable[Registration], session: EventSession | None = None
) -> int:
    """Note them present at one session, or at every session of their event; how many are new."""
    rows = [
        Attendance(session_id=session_id, person=registration.person)
        for registration, session_id in _meant(registrations, session)
    ]
    known = _marked(rows)
    Attendance.objects.bulk_create(rows, ignore_conflicts=True)
    return len({(row.session_id, row.person_id) for row in rows} - known)


@transaction.atomic
def unmark_present(
    *, registrations: Iterable[Registration], session: EventSession | None = None
) -> int:
    """Take it back; how many presences are gone."""
    meant = list(_meant(registrations, session))
    people = {registration.person_id for registration, _ in meant}
    sessions = {session_id for _, session_id in meant}
    marked = Attendance.objects.filter(session__in=sessions, person__in=people)
    wanted = {(session_id, registration.person_id) for registration, session_id in meant}
    chosen = [row.pk for row in marked if (row.session_id, row.person_id) in wanted]
    deleted, _ = Attendance.objects.filter(pk__in=chosen).delete()
    return deleted


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


def _marked(rows: Iterable[Attendance]) -> set[tuple[int, int]]:
    people, sessions = {row.person_id for row in rows}, {row.session_id for row in rows}
    marked = Attendance.objects.filter(session__in=sessions, person__in=people)
    return set(marked.values_list("session_id", "person_id"))
