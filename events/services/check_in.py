"""Noting who is here, half-day by half-day, from any number of telephones and grids at once.

Lock order: the event, then the rest. The last word by its own moment wins, however late it comes:
what a telephone out of reach tells afterwards does not undo what was noted since.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from events.enums import HalfDays, RegistrationStatus
from events.models import Attendance, CheckIn, Event, HalfDay, Registration, Tap, half_days_of
from events.models.presence import attended, noted_as
from events.services import seats
from members.models import User

BACK_ALL_THE_SAME = "Venu·e après s’être excusé·e"

_Cell = tuple[int, int, HalfDays]  # person, session, part


@transaction.atomic
def note(*, event: Event, taps: Iterable[Tap], by: User | None) -> int:
    """Told twice, each tap counts once; how many were the last word."""
    event = Event.objects.lock(event.pk)
    return write(event, taps, by=by)


def write(event: Event, taps: Iterable[Tap], *, by: User | None) -> int:
    """Under the event's lock."""
    last: dict[_Cell, Tap] = {}
    for tap in sorted(taps, key=lambda tap: tap.at):
        last[_cell(tap)] = tap
    known = _known(last.values())
    newer = [tap for cell, tap in last.items() if cell not in known or tap.at > known[cell]]
    if newer:
        _keep(newer, by)
        _attend(event, newer)
        here = {tap.person_id for tap in newer if tap.is_here}
        take_back(event, event.registrations.filter(person__in=here))
    return len(newer)


def take_back(event: Event, registrations: QuerySet[Registration]) -> None:
    """Excuses of people who come all the same: beyond the capacity if their seat is taken since."""
    rows = list(registrations.filter(status=RegistrationStatus.EXCUSED).order_by("pk"))
    if not rows:
        return
    free = seats.room_in(event).free
    for rank, row in enumerate(rows):
        row.status, row.reason = RegistrationStatus.REGISTERED, ""
        row.over_capacity = free is not None and rank >= free
        if row.over_capacity:
            row.reason = BACK_ALL_THE_SAME
    Registration.objects.bulk_update(rows, ["status", "reason", "over_capacity"])


def _cell(tap: Tap) -> _Cell:
    return tap.person_id, tap.half.session_id, tap.half.part


def _known(taps: Iterable[Tap]) -> dict[_Cell, datetime]:
    taps = list(taps)
    rows = CheckIn.objects.filter(
        session__in={tap.half.session_id for tap in taps},
        person__in={tap.person_id for tap in taps},
    )
    return {
        (person, session, HalfDays(part)): at
        for person, session, part, at in rows.values_list(
            "person_id", "session_id", "part", "noted_at"
        )
    }


def _keep(taps: Sequence[Tap], by: User | None) -> None:
    CheckIn.objects.bulk_create(
        (
            CheckIn(
                session_id=tap.half.session_id,
                person_id=tap.person_id,
                part=tap.half.part,
                is_here=tap.is_here,
                noted_at=tap.at,
                noted_by=by,
            )
            for tap in taps
        ),
        update_conflicts=True,
        unique_fields=["session", "person", "part"],
        update_fields=["is_here", "noted_at", "noted_by"],
    )


def _attend(event: Event, taps: Sequence[Tap]) -> None:
    """The presence that follows: written for who came to a half-day, removed for who came to none."""
    halves: dict[int, list[HalfDay]] = {}
    for half in half_days_of(event):
        halves.setdefault(half.session_id, []).append(half)
    rows = Attendance.objects.filter(
        session__in={tap.half.session_id for tap in taps},
        person__in={tap.person_id for tap in taps},
    )
    was = {(row.session_id, row.person_id): row for row in rows}
    now: dict[tuple[int, int], set[HalfDay]] = {}
    moments: dict[tuple[int, int], datetime] = {}
    for tap in taps:
        place = (tap.half.session_id, tap.person_id)
        if place not in now:
            noted = was.get(place)
            now[place] = set(attended(halves[place[0]], noted.half_days) if noted else ())
        (now[place].add if tap.is_here else now[place].discard)(tap.half)
        moments[place] = max(tap.at, moments.get(place, tap.at))
    _write_rows(was, now, moments, halves)


def _write_rows(
    was: dict[tuple[int, int], Attendance],
    now: dict[tuple[int, int], set[HalfDay]],
    moments: dict[tuple[int, int], datetime],
    halves: dict[int, list[HalfDay]],
) -> None:
    here, gone = [], []
    for (session, person), came in now.items():
        in_order = [half for half in halves[session] if half in came]
        noted = noted_as(halves[session], in_order)
        row = was.get((session, person))
        if noted is None:
            gone += [row.pk] if row else []
        elif row is None or row.half_days != noted:
            at = moments[session, person]
            here.append(
                Attendance(session_id=session, person_id=person, half_days=noted, noted_at=at)
            )
    if gone:
        Attendance.objects.filter(pk__in=gone).delete()
    Attendance.objects.bulk_create(
        here,
        update_conflicts=True,
        unique_fields=["session", "person"],
        update_fields=["half_days", "noted_at"],
    )
