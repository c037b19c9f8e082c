"""Registering oneself or colleagues, and giving up a place.

Asked twice, each answers the same. Refusals carry the sentence that the page shows.
Lock order: see ``events.services.seats``.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Value

from apmsl.lib.typography import day, listing
from events import mails
from events.access import addressed, may_register
from events.enums import EventStatus, RegistrationStatus
from events.models import Event, Registration
from events.services import seats
from members.access import STAFF, teams_led_by
from members.models import Affiliation, Person, Position, User


class Refused(Exception):
    """The message is shown as it is."""


class EventCancelled(Refused):
    pass


class RegistrationClosed(Refused):
    pass


class AlreadyOver(Refused):
    pass


class WrongAudience(Refused):
    pass


class NotYourColleague(Refused):
    pass


def register(*, event: Event, person: Person, by: User, on: date, at: datetime) -> Registration:
    """Give ``person`` a seat, or a place on the waiting list when none is left."""
    # One transaction, that of the function called: a savepoint would cost two statements.
    return register_colleagues(event=event, people=[person], by=by, on=on, at=at)[0]


@transaction.atomic
def register_colleagues(
    *, event: Event, people: Sequence[Person], by: User, on: date, at: datetime
) -> list[Registration]:
    """All of them or, when one is refused, none; those who find no seat wait, in the order given."""
    event = Event.objects.lock(event.pk)
    people = list(dict.fromkeys(people))
    _check_rights(people, by, on)
    known = {r.person_id: r for r in event.registrations.filter(person__in=people)}
    live = {pk for pk, r in known.items() if r.status != RegistrationStatus.CANCELLED}
    newcomers = [person for person in people if person.pk not in live]
    if newcomers:
        _check_open(event, by, on)
        _check_audience(event, newcomers, by, on)
        entering = [known.get(p.pk) or Registration(event=event, person=p) for p in newcomers]
        _enter(event, entering, by=by, on=on, at=at)
        known |= {registration.person_id: registration for registration in entering}
    return [known[person.pk] for person in people]


@transaction.atomic
def cancel(*, registration: Registration, by: User, on: date, at: datetime) -> list[Registration]:
    """Give up the seat or the place; return those whom the freed seat takes off the waiting list."""
    event = Event.objects.lock(registration.event_id)
    registration.refresh_from_db()
    _check_rights([registration.person] if registration.person else [], by, on)
    if registration.status == RegistrationStatus.CANCELLED:
        return []
    if event.is_over(on) and not STAFF.allows(by):
        raise AlreadyOver("Cet événement a déjà eu lieu.")
    seats.change([registration], RegistrationStatus.CANCELLED)
    mails.cancelled(event, [registration], by=by, at=at)
    seated = seats.fill(event, on=on)
    mails.promoted(event, seated, at=at)
    return seated


def _check_rights(people: Sequence[Person], by: User, on: date) -> None:
    if not may_register(by, people, on):
        raise NotYourColleague("Vous inscrivez les personnes de votre équipe seulement.")


def _check_open(event: Event, by: User, on: date) -> None:
    """The staff still registers after the deadline, and notes who came without registering."""
    if event.status == EventStatus.CANCELLED:
        raise EventCancelled("Cet événement est annulé.")
    if STAFF.allows(by):
        return
    if event.is_over(on):
        raise AlreadyOver("Cet événement a déjà eu lieu.")
    if not event.is_open(on):
        last_day = day(event.last_day_to_register)
        raise RegistrationClosed(f"Les inscriptions sont closes depuis le {last_day}.")


def _check_audience(event: Event, people: Sequence[Person], by: User, on: date) -> None:
    if STAFF.allows(by):
        return
    concerned = addressed(event, people, by, on)
    left_out = [person for person in people if person.pk not in concerned]
    if not left_out:
        return
    whom = "vous" if left_out == [by.person] else listing(left_out)
    raise WrongAudience(f"Cet événement ne s’adresse pas à {whom}.")


def _enter(event: Event, entering: list[Registration], *, by: User, on: date, at: datetime) -> None:
    room = seats.room_in(event)
    teams = _teams(entering, by, on)
    seats.in_queue(entering, room.queue_from(at))
    seated = room.seats(len(entering))
    for rank, registration in enumerate(entering):
        registration.team_id = teams.get(registration.person_id)
        registration.registered_on, registration.registered_by = on, by
        registration.status = seats.REGISTERED if rank < seated else seats.WAITLISTED
    _save(entering)
    others = seats.fill(event, on=on) if room.waiting and room.free != 0 else []
    _tell(event, entering, others, by=by, at=at)


def _save(registrations: Iterable[Registration]) -> None:
    """A registration that was cancelled takes up its row again."""
    for registration in registrations:
        registration.save(force_insert=registration.pk is None)


def _tell(
    event: Event,
    entering: list[Registration],
    others: list[Registration],
    *,
    by: User,
    at: datetime,
) -> None:
    """``others`` got a seat while these came: some of these may be among them."""
    seated = {registration.pk for registration in others}
    for registration in entering:
        if registration.pk in seated:
            registration.status = seats.REGISTERED
    confirmed = [r for r in entering if r.status == seats.REGISTERED]
    mails.confirmed(event, confirmed, by=by, at=at)
    mails.waitlisted(event, [r for r in entering if r.status == seats.WAITLISTED], by=by, at=at)
    new = {registration.pk for registration in entering}
    mails.promoted(event, [r for r in others if r.pk not in new], at=at)


def _teams(registrations: Sequence[Registration], by: User, on: date) -> dict[int | None, int]:
    """The team of each person today: where they practise, else where they hold a post; of several,
    one that the person who registers leads."""
    people = [registration.person_id for registration in registrations]
    practised = Affiliation.objects.on(on).filter(person__in=people)
    held = Position.objects.on(on).filter(person__in=people)
    found: dict[int | None, list[int]] = {}
    links = practised.annotate(rank=Value(0)).values_list("rank", "pk", "person_id", "team_id")
    links = links.union(
        held.annotate(rank=Value(1)).values_list("rank", "pk", "person_id", "team_id")
    )
    for _, _, person_id, team_id in links.order_by("rank", "pk"):
        found.setdefault(person_id, []).append(team_id)
    several = any(len(set(teams)) > 1 for teams in found.values())
    led = set(teams_led_by(by, on).values_list("pk", flat=True)) if several else set()
    return {
        person_id: next((team for team in teams if team in led), teams[0])
        for person_id, teams in found.items()
    }
