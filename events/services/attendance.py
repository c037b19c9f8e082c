"""Who came: one row per person and session. A fact, whatever the registration says."""

from collections.abc import Iterable

from django.db import transaction

from events.models import Attendance, EventSession, Registration


class NoSession(Exception):
    """The message is shown as it is."""


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
