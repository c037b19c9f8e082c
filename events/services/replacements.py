"""A seat that passes from one person to a colleague, in one move: it is never free in between.

Lock order: see ``events.services.seats``.
"""

from datetime import date, datetime

from django.db import transaction

from apmsl.lib.typography import day
from events import mails
from events.access import may_replace
from events.enums import EventStatus
from events.models import Event, ItemChoice, Registration
from events.services import conditions, fees, seats
from events.services.refusals import (
    AlreadyRegistered,
    EventCancelled,
    NoLongerRegistered,
    NotYourColleague,
    TooLate,
)
from members.models import Person, User


@transaction.atomic
def replace(
    *, registration: Registration, person: Person, by: User, on: date, at: datetime
) -> Registration:
    """``person`` comes instead: the workshops chosen go with the seat, the answers do not.

    Done by whoever has the seat, whoever leads the team, or the staff; until the event's last day
    for it, which does not bind the staff. Asked twice, the answer is the same."""
    event = Event.objects.lock(registration.event_id)
    registration.refresh_from_db()
    conditions.check_may_move(registration, by, on)
    known = event.registrations.filter(person=person).first()
    if _is_done(registration, known):
        return known or registration
    _check(event, registration, known, person, by, on)
    conditions.check_audience(event, [person], by, on)
    taker = known or Registration(event=event, person=person)
    replaced = registration.person
    take_over(taker, registration, by=by, on=on, at=at, reason=f"Remplacement par {person}"[:200])
    mails.replaced(event, registration, successor=person, by=by, at=at)
    mails.takes_over(event, taker, instead_of=replaced, by=by, at=at)
    return taker


def take_over(
    taker: Registration,
    giver: Registration,
    *,
    by: User | None,
    on: date,
    at: datetime,
    reason: str,
) -> Registration:
    """The seat or the place of one registration becomes that of another; the first ends.

    The workshops change hands in between: a registration that has ended keeps none."""
    taker.status = seats.REGISTERED if giver.is_seated else giver.status
    taker.queued_at = at if giver.is_seated else giver.queued_at  # a life of its own
    taker.team_id, taker.party_id = giver.team_id, giver.party_id
    taker.over_capacity = giver.over_capacity
    taker.reason = giver.reason if giver.over_capacity else ""
    taker.offer_until, taker.registered_on, taker.registered_by = None, on, by
    taker.save(force_insert=taker.pk is None)
    fees.pass_on(giver, taker)
    ItemChoice.objects.filter(registration=giver).update(registration=taker)
    seats.change([giver], seats.CANCELLED, reason=reason)
    return taker


def _is_done(registration: Registration, known: Registration | None) -> bool:
    """Pressed twice: the first time has made the change."""
    gone = registration.status == seats.CANCELLED
    return known is not None and known.is_seated and (gone or known == registration)


def _check(
    event: Event,
    registration: Registration,
    known: Registration | None,
    person: Person,
    by: User,
    on: date,
) -> None:
    if event.status == EventStatus.CANCELLED:
        raise EventCancelled("Cet événement est annulé.")
    if not registration.is_seated:
        raise NoLongerRegistered("Cette inscription n’a pas de place à céder.")
    if on > event.last_day_to_replace and not conditions.is_staff(by):
        raise TooLate(f"On remplaçait jusqu’au {day(event.last_day_to_replace)}.")
    if known is not None and known.is_live and not known.is_waiting:
        raise AlreadyRegistered(f"{person} a déjà une place à cet événement.")
    if not may_replace(by, registration, person, on):
        raise NotYourColleague("La place passe à quelqu’un de la même équipe.")
