"""Registering oneself or colleagues, saying that one comes, and giving up a place.

Asked twice, each answers the same. Refusals carry the sentence that the page shows.
``by`` is None when the person acts by a link signed for them (see ``events.views.links``).
Lock order: see ``events.services.seats``.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from apmsl.lib.typography import plural
from events import mails
from events.enums import EventStatus, RegistrationStatus
from events.models import ENDED, Event, Party, Registration
from events.services import conditions, fees, queue, seats
from events.services.refusals import EventCancelled, NoLongerRegistered, TooManyTogether
from members.models import Person, User


def register(
    *, event: Event, person: Person, by: User | None, on: date, at: datetime
) -> Registration:
    """Give ``person`` a seat, or a place on the waiting list when none is left."""
    # One transaction, that of the function called: a savepoint would cost two statements.
    return register_colleagues(event=event, people=[person], by=by, on=on, at=at)[0]


@transaction.atomic
def register_colleagues(
    *,
    event: Event,
    people: Sequence[Person],
    by: User | None,
    on: date,
    at: datetime,
    together: bool = False,
) -> list[Registration]:
    """All of them or, when one is refused, none; those who find no seat wait, in the order given,
    and ``together`` nobody sits before there is a seat for each."""
    event = Event.objects.lock(event.pk)
    people = list(dict.fromkeys(people))
    conditions.check_rights(people, by, on)
    known = {r.person_id: r for r in event.registrations.filter(person__in=people)}
    live = {pk for pk, r in known.items() if r.status not in ENDED}
    newcomers = [person for person in people if person.pk not in live]
    if newcomers:
        conditions.check_open(event, by, on)
        conditions.check_audience(event, newcomers, by, on)
        entering = [known.get(p.pk) or Registration(event=event, person=p) for p in newcomers]
        _name_teams(entering, by, on)
        enter(event, entering, by=by, on=on, at=at, together=together)
        known |= {registration.person_id: registration for registration in entering}
    return [known[person.pk] for person in people]


def enter(
    event: Event,
    entering: list[Registration],
    *,
    by: User | None,
    on: date,
    at: datetime,
    together: bool = False,
) -> None:
    """A seat or a place in the queue for each; called under the event's lock."""
    conditions.check_team_seats(event, entering, by)
    room = seats.room_in(event)
    seats.in_queue(entering, room.queue_from(at))
    party = _party(event, entering, by, together=together)
    seated = room.seats(len(entering), together=together)
    for rank, registration in enumerate(entering):
        registration.registered_on, registration.registered_by = on, by
        registration.party, registration.reason = party, ""
        registration.status = seats.REGISTERED if rank < seated else seats.WAITLISTED
    _save(entering)
    others: list[Registration] = []
    if room.waiting and room.free != 0:
        fresh = {registration.pk for registration in entering}
        others = seats.fill(event, on=on, at=at, fresh=fresh)
    _tell(event, entering, others, by=by, on=on, at=at)


@transaction.atomic
def confirm_coming(
    *, registration: Registration, by: User | None, on: date, at: datetime
) -> Registration:
    """« Je viens »: said by whoever has a seat."""
    event = Event.objects.lock(registration.event_id)
    registration.refresh_from_db()
    conditions.check_may_move(registration, by, on)
    if registration.status == RegistrationStatus.CONFIRMED:
        return registration
    if event.status == EventStatus.CANCELLED:
        raise EventCancelled("Cet événement est annulé.")
    conditions.check_not_over(event, by, on)
    if registration.status != RegistrationStatus.REGISTERED:
        raise NoLongerRegistered("Cette inscription n’a pas de place à confirmer.")
    seats.change([registration], RegistrationStatus.CONFIRMED)
    return registration


@transaction.atomic
def cancel(
    *, registration: Registration, by: User | None, on: date, at: datetime, reason: str = ""
) -> list[Registration]:
    """Give up the seat or the place; return those whom the freed seat takes off the waiting list."""
    event = Event.objects.lock(registration.event_id)
    registration.refresh_from_db()
    conditions.check_may_move(registration, by, on)
    if registration.status in ENDED:
        return []
    conditions.check_not_over(event, by, on)
    seats.change([registration], RegistrationStatus.CANCELLED, reason=reason)
    fees.follow(event, [registration], by=by, on=on, at=at)
    mails.cancelled(event, [registration], by=by, at=at)
    return queue.serve(event, on=on, at=at)


def _name_teams(entering: Sequence[Registration], by: User | None, on: date) -> None:
    teams = conditions.teams_of([row.person_id for row in entering], by, on)
    for registration in entering:
        registration.team_id = teams.get(registration.person_id)


def _party(
    event: Event, entering: Sequence[Registration], by: User | None, *, together: bool
) -> Party | None:
    if len(entering) < 2:
        return None
    if together and event.capacity is not None and len(entering) > event.capacity:
        places = plural(event.capacity, "place")
        raise TooManyTogether(
            f"L’événement a {places} : {len(entering)} personnes n’y tiennent pas ensemble."
        )
    return Party.objects.create(event=event, together=together, created_by=by)


def _save(registrations: Iterable[Registration]) -> None:
    """A registration that was cancelled takes up its row again."""
    for registration in registrations:
        registration.save(force_insert=registration.pk is None)


def _tell(
    event: Event,
    entering: list[Registration],
    others: list[Registration],
    *,
    by: User | None,
    on: date,
    at: datetime,
) -> None:
    """``others`` got a seat while these came: some of these may be among them."""
    served = {registration.pk for registration in others}
    for registration in entering:
        if registration.pk in served:
            registration.status = seats.REGISTERED
    fees.follow(event, entering, by=by, on=on, at=at)
    confirmed = [r for r in entering if r.status == seats.REGISTERED]
    mails.confirmed(event, confirmed, by=by, at=at)
    mails.waitlisted(event, [r for r in entering if r.status == seats.WAITLISTED], by=by, at=at)
    new = {registration.pk for registration in entering}
    queue.tell(event, [r for r in others if r.pk not in new], on=on, at=at)
