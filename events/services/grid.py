"""The half-day grid: everybody registered is here but for the exceptions that are typed.

Two people who fill it in at once lose nothing: each sends what they changed, not what they saw.
Lock order: the event, then its registrations.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from events.enums import HalfDays, RegistrationStatus
from events.models import Attendance, CheckIn, Event, HalfDay, Registration, Tap
from events.services import check_in
from members.models import User


@dataclass(frozen=True)
class Filled:
    """``opened``: half-days shown with everybody ticked, since nothing was noted yet; ``whole``:
    those where whoever has no word yet is here. ``changed``: (person, half-day) → here or not.
    ``excused``: registration → why; ``came_back``: registrations whose excuse is taken back."""

    opened: Sequence[HalfDay] = ()
    whole: Sequence[HalfDay] = ()
    changed: Mapping[tuple[int, HalfDay], bool] = field(default_factory=dict)
    excused: Mapping[int, str] = field(default_factory=dict)
    came_back: Collection[int] = ()


@transaction.atomic
def save_grid(*, event: Event, filled: Filled, by: User, at: datetime) -> None:
    event = Event.objects.lock(event.pk)
    assumed = [
        Tap(person, half, is_here=True, at=min(at, _morning_of(half)))
        for person, half in _to_tick(event, filled)
    ]
    here = dict(filled.changed)
    if filled.came_back:
        excused = event.registrations.filter(pk__in=filled.came_back)
        check_in.take_back(event, excused)
    if filled.excused:
        halves = {half for _, half in here} | {*filled.opened, *filled.whole}
        for person in _excuse(event, filled.excused):
            here |= {(person, half): False for half in halves}
    taps = [Tap(person, half, is_here, at) for (person, half), is_here in here.items()]
    check_in.write(event, [*assumed, *taps], by=by)


def _morning_of(half: HalfDay) -> datetime:
    """Weaker than any word said on the day, even by who asked earlier and got the lock later."""
    return timezone.make_aware(datetime.combine(half.held_on, time.min))


def untouched(event: Event, halves: Sequence[HalfDay]) -> list[HalfDay]:
    """Those of which nothing was ever noted: a grid shows everybody there."""
    told, came = _words(halves)
    touched = {(session, part) for _, session, part in told | came}
    single = {half.session_id for half in halves if half.part == HalfDays.ALL}
    alone = {session for session, _ in touched}
    return [
        half
        for half in halves
        if (half.session_id, half.part) not in touched
        and (half.session_id, HalfDays.ALL) not in touched
        and not (half.session_id in single and half.session_id in alone)
    ]


def _words(
    halves: Sequence[HalfDay],
) -> tuple[set[tuple[int, int, str]], set[tuple[int, int, str]]]:
    """(person, session, part) of every tap, and of every presence."""
    sessions = {half.session_id for half in halves}
    told = CheckIn.objects.filter(session__in=sessions)
    came = Attendance.objects.filter(session__in=sessions)
    return (
        set(told.values_list("person_id", "session_id", "part")),
        set(came.values_list("person_id", "session_id", "half_days")),
    )


def _to_tick(event: Event, filled: Filled) -> list[tuple[int, HalfDay]]:
    opened = untouched(event, filled.opened) if filled.opened else []
    halves = [*opened, *(half for half in filled.whole if half not in opened)]
    if not halves:
        return []
    told = _words(halves)[0] if filled.whole else set()
    expected = event.registrations.registered().exclude(person=None)
    people = expected.order_by("pk").values_list("person_id", flat=True)
    return [
        (person, half)
        for person in people
        for half in halves
        if (person, half.session_id, half.part) not in told
    ]


def _excuse(event: Event, reasons: Mapping[int, str]) -> list[int]:
    """Excused, which is not absent; the event has begun, so that the seat goes to nobody."""
    rows = list(
        event.registrations.registered().filter(pk__in=reasons).exclude(person=None).order_by("pk")
    )
    for row in rows:
        row.status, row.reason = RegistrationStatus.EXCUSED, reasons[row.pk]
    Registration.objects.bulk_update(rows, ["status", "reason"])
    return [row.person_id for row in rows if row.person_id]
