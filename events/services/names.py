"""Seats kept for a team before one knows for whom: reserved, named, and whoever reserved reminded.

A seat without a name is a registration without a person: it counts, it waits and it moves up like
any other, but nobody is asked whether they still want it. Each is named or cancelled alone.
Lock order: see ``events.services.seats``.
"""

from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import transaction

from apmsl.lib.typography import plural
from events import mails
from events.access import may_replace
from events.enums import EventStatus
from events.models import ENDED, Event, Registration
from events.services import conditions, fees
from events.services.refusals import (
    AlreadyRegistered,
    AlreadyReserved,
    NoLongerRegistered,
    NotYourColleague,
    TooManyTogether,
)
from events.services.registrations import enter
from events.services.replacements import take_over
from members.access import teams_led_by
from members.models import Person, Team, User

MOST = 20  # at once; a whole team is seldom more
REMINDED = (7, 2)  # days before the event
NAMED = "Place attribuée à {}"


@transaction.atomic
def reserve(
    *,
    event: Event,
    team: Team,
    number: int,
    by: User,
    on: date,
    at: datetime,
    kept: int | None = None,
) -> list[Registration]:
    """Seats, or places on the waiting list, whose names will come later. ``kept``: how many there
    were already, as far as whoever asks knows; nothing else tells a double click from a new wish."""
    event = Event.objects.lock(event.pk)
    if not conditions.leads(by, team.pk, on):
        raise NotYourColleague("Vous réservez des places pour votre équipe seulement.")
    if not 1 <= number <= MOST:
        raise TooManyTogether(f"Réservez de 1 à {plural(MOST, 'place')} à la fois.")
    if kept is not None and kept != _kept_for(event, by, on):
        raise AlreadyReserved(
            "Vos places à compléter viennent de changer : vérifiez-les avant d’en réserver d’autres."
        )
    conditions.check_open(event, by, on)
    conditions.check_audience(event, [by.person] if by.person else [], by, on)
    seats = [Registration(event=event, team=team) for _ in range(number)]
    enter(event, seats, by=by, on=on, at=at)
    mails.reserved(event, seats, to=by, at=at)
    return seats


def _kept_for(event: Event, by: User, on: date) -> int:
    teams = teams_led_by(by, on).values("pk")
    return event.registrations.live().nameless().filter(team__in=teams).count()


@transaction.atomic
def name(
    *, registration: Registration, person: Person, by: User, on: date, at: datetime
) -> Registration:
    """Say for whom the seat is: the registration of that person, with the same seat or place."""
    event = Event.objects.lock(registration.event_id)
    registration.refresh_from_db()
    conditions.check_may_move(registration, by, on)
    if registration.person_id == person.pk:
        return registration
    if registration.status in ENDED or registration.person_id is not None:
        raise NoLongerRegistered("Cette place n’est plus à compléter.")
    conditions.check_not_over(event, by, on)
    if not may_replace(by, registration, person, on):
        raise NotYourColleague("La place est gardée pour quelqu’un de l’équipe.")
    conditions.check_audience(event, [person], by, on)
    named = _given_to(registration, person, by=by, on=on, at=at)
    if named.is_seated:
        mails.confirmed(event, [named], by=by, at=at)
    else:
        mails.waitlisted(event, [named], by=by, at=at)
    return named


def remind(*, on: date, at: datetime) -> int:
    """Write to whoever keeps seats without a name, seven and two days before; the ledger keeps each
    message once. How many were written to."""
    written = 0
    for days in REMINDED:
        soon = Event.objects.filter(
            status=EventStatus.PLANNED,
            starts_on__gt=on + timedelta(days=_next_below(days)),
            starts_on__lte=on + timedelta(days=days),
        )
        for event in soon.order_by("starts_on", "pk"):
            written += _remind_of(event, days, at=at)
    return written


def _next_below(days: int) -> int:
    return max((other for other in REMINDED if other < days), default=-1)


def _remind_of(event: Event, days: int, *, at: datetime) -> int:
    """Not of what was reserved since that day: whoever did so knows."""
    before = event.starts_on - timedelta(days=days)
    kept = event.registrations.nameless().live().filter(registered_on__lt=before)
    kept = kept.exclude(registered_by=None).select_related("registered_by", "team")
    rows = kept.order_by("registered_by", "queued_at", "pk")
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row.registered_by_id)]
    for group in groups:
        mails.names_wanted(event, group, days=days, at=at)
    return len(groups)


def _given_to(
    registration: Registration, person: Person, *, by: User, on: date, at: datetime
) -> Registration:
    """The person's own row is taken up again when they had cancelled; else the seat takes their
    name."""
    known = registration.event.registrations.filter(person=person).first()
    if known is None:
        registration.person, registration.registered_by = person, by
        registration.save(update_fields=["person", "registered_by"])
        fees.follow_name(registration)
        return registration
    if known.is_live:
        raise AlreadyRegistered(f"{person} a déjà une inscription à cet événement.")
    reason = NAMED.format(person)
    return take_over(known, registration, by=by, on=on, at=at, reason=reason)
