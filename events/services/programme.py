"""Choosing workshops. The database refuses the same again (``ItemChoice``): here it is said kindly.

Lock order: see ``events.services.seats``.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Any

from django.db import transaction

from events.access import may_register
from events.enums import EventStatus
from events.models import HOLDING, Event, Item, ItemChoice, Registration
from events.services.refusals import AlreadyOver, EventCancelled, NotYourColleague, Refused
from members.access import STAFF
from members.models import User


@dataclass(frozen=True)
class Decision:
    """Of the staff, against what the programme says."""

    reason: str
    at: datetime


class ChoiceRefused(Refused):
    """``item``: the one beside which the page says it."""

    def __init__(self, message: str, item: Item | None = None) -> None:
        super().__init__(message)
        self.item = item


@transaction.atomic
def choose(
    *,
    registration: Registration,
    items: Collection[int],
    by: User | None,
    on: date,
    overruling: Decision | None = None,
) -> list[Item]:
    """These workshops and no other; asked twice, the same. ``by`` is None for somebody from outside
    who has proven their address. ``overruling``: the staff places somebody in a full workshop, or in
    two at once, and says why."""
    event = Event.objects.lock(registration.event_id)
    registration.refresh_from_db()
    _check_allowed(event, registration, by, on)
    wanted = list(event.items.to_choose().filter(pk__in=items).in_order().with_taken())
    if len(wanted) != len(set(items)):
        raise ChoiceRefused("L’un de ces ateliers n’est plus au programme : choisissez à nouveau.")
    kept = set(registration.choices.values_list("item", flat=True))
    new = [item for item in wanted if item.pk not in kept]
    against = _refused(wanted, new)
    if against and not (overruling and by and STAFF.allows(by)):
        raise against[0]
    registration.choices.exclude(item__in=wanted).delete()
    ItemChoice.objects.bulk_create(
        ItemChoice(registration=registration, item=item, **_decided(against, overruling, by))
        for item in new
    )
    return wanted


def _check_allowed(event: Event, registration: Registration, by: User | None, on: date) -> None:
    person = registration.person
    if by and person and not may_register(by, [person], on):
        raise NotYourColleague("Vous choisissez pour les personnes de votre équipe seulement.")
    if event.status == EventStatus.CANCELLED:
        raise EventCancelled("Cet événement est annulé.")
    if event.is_over(on) and not (by and STAFF.allows(by)):
        raise AlreadyOver("Cet événement a déjà eu lieu.")
    if registration.status not in HOLDING:
        raise ChoiceRefused("Les ateliers se choisissent une fois la place obtenue.")


def _refused(wanted: Sequence[Item], new: Sequence[Item]) -> list[ChoiceRefused]:
    """What stands against these choices."""
    found = [
        ChoiceRefused(
            f"« {first} » et « {second} » ont lieu en même temps : choisissez l’un des deux.",
            second,
        )
        for first, second in combinations(wanted, 2)
        if first.meets(second) and (first in new or second in new)
    ]
    return found + [
        ChoiceRefused(f"« {item} » est complet : choisissez un autre atelier.", item)
        for item in new
        if item.seats_left == 0
    ]


def _decided(
    against: Sequence[ChoiceRefused], overruling: Decision | None, by: User | None
) -> dict[str, Any]:
    if not against or overruling is None:
        return {}
    return {"reason": overruling.reason, "decided_at": overruling.at, "decided_by": by}
