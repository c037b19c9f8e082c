"""A freed seat that is offered: accepted, declined, or lost when its term has passed.

Whoever declines or lets the term pass leaves the queue, is told so, and comes back only by
registering again, behind the others. The next one is offered the seat in the same transaction.
Lock order: see ``events.services.seats``.
"""

from datetime import date, datetime

from django.db import transaction

from events import mails
from events.enums import EventStatus, RegistrationStatus
from events.models import Event, Registration
from events.services import conditions, fees, queue, seats
from events.services.refusals import (
    EventCancelled,
    NothingOffered,
    OfferExpired,
)
from members.models import User

EXPIRED = "Offre expirée"
DECLINED = "Place refusée"


@transaction.atomic
def accept(*, registration: Registration, by: User | None, on: date, at: datetime) -> Registration:
    event = Event.objects.lock(registration.event_id)
    registration.refresh_from_db()
    conditions.check_may_move(registration, by, on)
    if registration.is_seated:
        return registration
    _check_offered(event, registration, by, on, at)
    seats.change([registration], RegistrationStatus.CONFIRMED)
    fees.follow(event, [registration], by=by, on=on, at=at)
    mails.confirmed(event, [registration], by=by, at=at)
    return registration


@transaction.atomic
def decline(
    *, registration: Registration, by: User | None, on: date, at: datetime
) -> list[Registration]:
    """Return those to whom the seat goes."""
    event = Event.objects.lock(registration.event_id)
    registration.refresh_from_db()
    conditions.check_may_move(registration, by, on)
    if registration.status == RegistrationStatus.CANCELLED:
        return []
    if registration.status != RegistrationStatus.OFFERED:
        raise NothingOffered("Aucune place ne vous est proposée en ce moment.")
    seats.change([registration], RegistrationStatus.CANCELLED, reason=DECLINED)
    mails.declined(event, [registration], by=by, at=at)
    return queue.serve(event, on=on, at=at)


def expire(*, on: date, at: datetime) -> int:
    """End the offers whose term has passed; how many."""
    late = Registration.objects.offered().filter(offer_until__lte=at)
    events = late.order_by("event").values_list("event", flat=True).distinct()
    return sum(_expire_of(event_id, on=on, at=at) for event_id in events)


@transaction.atomic
def _expire_of(event_id: int, *, on: date, at: datetime) -> int:
    event = Event.objects.lock(event_id)
    late = event.registrations.offered().filter(offer_until__lte=at).select_related("person")
    rows = list(late.order_by("queued_at", "pk"))
    seats.change(rows, RegistrationStatus.CANCELLED, reason=EXPIRED)
    if event.status == EventStatus.PLANNED and not event.is_over(on):
        mails.offer_expired(event, rows, at=at)
    queue.serve(event, on=on, at=at)
    return len(rows)


def _check_offered(
    event: Event, registration: Registration, by: User | None, on: date, at: datetime
) -> None:
    if event.status == EventStatus.CANCELLED:
        raise EventCancelled("Cet événement est annulé.")
    conditions.check_not_over(event, by, on)
    until = registration.offer_until
    if registration.reason == EXPIRED or (until is not None and until <= at):
        raise OfferExpired(
            "Le délai pour accepter est passé : la place va à la personne suivante. "
            "Vous pouvez vous inscrire à nouveau, à la suite de la liste d’attente."
        )
    if registration.status != RegistrationStatus.OFFERED:
        raise NothingOffered("Aucune place ne vous est proposée en ce moment.")
