"""Who comes without having registered: placed at once, beyond the capacity when it is reached.

Lock order: the event, then its registrations. Nobody is written to, for they are here,
unless there is something to pay.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from events.enums import RegistrationStatus
from events.models import Event, HalfDay, Registration, Tap
from events.services import check_in, fees, seats
from members.models import Affiliation, Person, Profession, Team, User

PRESSED_TWICE = timedelta(minutes=1)
WITHOUT_REGISTERING = "Venu·e sans inscription"


@dataclass(frozen=True)
class Newcomer:
    """Somebody whom the federation does not know yet."""

    first_name: str
    last_name: str
    profession: Profession | None = None
    team: Team | None = None


@transaction.atomic
def welcome(
    *, event: Event, person: Person, half: HalfDay | None, by: User, on: date, at: datetime
) -> Registration:
    """Somebody known; with a seat already, it stays as it is."""
    event = Event.objects.lock(event.pk)
    team = Affiliation.objects.on(on).filter(person=person).order_by("pk").values("team_id").first()
    team_id = team["team_id"] if team else None
    return _seat(event, person, team_id, half, by=by, on=on, at=at)


@transaction.atomic
def welcome_newcomer(
    *, event: Event, newcomer: Newcomer, half: HalfDay | None, by: User, on: date, at: datetime
) -> Registration:
    event = Event.objects.lock(event.pk)
    team_id = newcomer.team.pk if newcomer.team else None
    person = _just_welcomed(event, newcomer, team_id, at) or Person.objects.create(
        first_name=newcomer.first_name,
        last_name=newcomer.last_name,
        profession=newcomer.profession,
    )
    return _seat(event, person, team_id, half, by=by, on=on, at=at)


def _just_welcomed(
    event: Event, newcomer: Newcomer, team_id: int | None, at: datetime
) -> Person | None:
    """A button pressed twice makes nobody twice; two homonyms of one team seldom come in a row."""
    rows = event.registrations.filter(
        team=team_id,
        person__first_name=newcomer.first_name,
        person__last_name=newcomer.last_name,
        queued_at__gt=at - PRESSED_TWICE,
        queued_at__lte=at,
    )
    row = rows.select_related("person").first()
    return row.person if row else None


def _seat(
    event: Event,
    person: Person,
    team_id: int | None,
    half: HalfDay | None,
    *,
    by: User,
    on: date,
    at: datetime,
) -> Registration:
    known = event.registrations.filter(person=person).first()
    if known is None or not known.is_seated:
        holds = known is not None and known.is_offered  # the seat is counted already
        full = not holds and seats.room_in(event).free == 0
        known = known or Registration(event=event, person=person, team_id=team_id, queued_at=at)
        known.registered_on, known.registered_by = on, by
        known.status, known.offer_until = RegistrationStatus.REGISTERED, None
        known.over_capacity, known.reason = full, WITHOUT_REGISTERING if full else ""
        known.save()
        fees.follow_walk_in(event, known, by=by, on=on, at=at)
    if half is not None:
        check_in.write(event, [Tap(person.pk, half, is_here=True, at=at)], by=by)
    return known
