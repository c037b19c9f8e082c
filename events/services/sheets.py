"""A sheet of registrations of one event, taken in by the rules of its seats: all of it, or nothing.

Each line says what one person's registration is to be; the moves are those of the pages, with their
mails. Seats that lines give up are free for others. Lock order: see ``events.services.seats``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from events import mails
from events.enums import EventStatus, RegistrationStatus
from events.models import ENDED, Event, Registration
from events.services import conditions, seats
from events.services.refusals import EventCancelled, NotYourColleague
from events.services.registrations import register_colleagues
from events.services.staff import change_status
from members.models import Person, User

TAKEN_IN = (  # in the order in which they are made
    RegistrationStatus.CANCELLED,
    RegistrationStatus.EXCUSED,
    RegistrationStatus.REGISTERED,
    RegistrationStatus.CONFIRMED,
    RegistrationStatus.WAITLISTED,
)


@dataclass(frozen=True)
class Line:
    person: Person
    status: RegistrationStatus


@transaction.atomic
def take_in(*, event: Event, lines: Sequence[Line], by: User, on: date, at: datetime) -> None:
    """Whoever has that status already keeps it; who finds no seat waits, in the order of the sheet."""
    event = Event.objects.lock(event.pk)
    if not conditions.is_staff(by):
        raise NotYourColleague("Seule l’équipe de la fédération importe des inscriptions.")
    if event.status == EventStatus.CANCELLED:
        raise EventCancelled("Cet événement est annulé.")
    for status in TAKEN_IN:
        people = [line.person for line in lines if line.status == status]
        if people:
            _take(event, people, status, by=by, on=on, at=at)


def _take(
    event: Event,
    people: list[Person],
    status: RegistrationStatus,
    *,
    by: User,
    on: date,
    at: datetime,
) -> None:
    known = {row.person_id: row for row in event.registrations.filter(person__in=people)}
    live = [known[p.pk] for p in people if p.pk in known and known[p.pk].status not in ENDED]
    others = [p for p in people if known.get(p.pk) not in live]
    if status == RegistrationStatus.WAITLISTED:
        _wait(event, others, known, by=by, on=on, at=at)
    elif status not in ENDED:
        if others:
            register_colleagues(event=event, people=others, by=by, on=on, at=at)
        seated = RegistrationStatus.REGISTERED
        _move([row for row in live if not row.is_seated], seated, by=by, on=on, at=at)
        if status == RegistrationStatus.CONFIRMED:
            rows = event.registrations.filter(person__in=people, status=seated)
            seats.change(list(rows.order_by("pk")), status)
        return
    moved = known.values() if status in ENDED else live
    _move([row for row in moved if row.status != status], status, by=by, on=on, at=at)


def _move(
    rows: list[Registration], status: RegistrationStatus, *, by: User, on: date, at: datetime
) -> None:
    """Nothing at all for nobody: a move that moves nobody would serve the queue."""
    if rows:
        change_status(registrations=rows, status=status, by=by, on=on, at=at)


def _wait(
    event: Event,
    people: list[Person],
    known: dict[int | None, Registration],
    *,
    by: User,
    on: date,
    at: datetime,
) -> None:
    """Put on the list by the sheet, be there free seats: as when the staff does it by hand."""
    teams = conditions.teams_of([person.pk for person in people], by, on)
    rows = [known.get(p.pk) or Registration(event=event, person=p) for p in people]
    seats.in_queue(rows, seats.room_in(event).queue_from(at))
    for row in rows:
        row.status, row.reason, row.over_capacity = RegistrationStatus.WAITLISTED, "", False
        row.registered_on, row.registered_by = on, by
        row.team_id = teams.get(row.person_id)
        row.save(force_insert=row.pk is None)
    mails.waitlisted(event, rows, by=by, at=at)
