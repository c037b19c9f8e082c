"""« Hors jauge »: the staff places somebody beyond the capacity, and says why.

The seat is not one of those that are counted: nobody's place on the waiting list moves for it.
Lock order: see ``events.services.seats``.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from events import mails
from events.enums import EventStatus
from events.models import HOLDING, Event, Registration
from events.services import conditions, fees, queue, seats
from events.services.refusals import EventCancelled, NoReason, NotYourColleague
from members.models import Person, User


@transaction.atomic
def place_beyond(
    *,
    event: Event,
    people: Sequence[Person],
    reason: str,
    by: User,
    on: date,
    at: datetime,
) -> list[Registration]:
    """Those who have a seat already keep it as it is; those who waited leave the list."""
    event = Event.objects.lock(event.pk)
    if not conditions.is_staff(by):
        raise NotYourColleague("Seule l’équipe de la fédération place hors jauge.")
    if not reason.strip():
        raise NoReason("Dites pourquoi cette personne est placée hors jauge.")
    if event.status == EventStatus.CANCELLED:
        raise EventCancelled("Cet événement est annulé.")
    people = list(dict.fromkeys(people))
    known = {row.person_id: row for row in event.registrations.filter(person__in=people)}
    rows = [known.get(p.pk) or Registration(event=event, person=p) for p in people]
    placed = [row for row in rows if row.pk is None or row.status not in HOLDING]
    waited = [row for row in placed if row.is_waiting and row.pk]
    came = [row for row in placed if row not in waited]
    teams = conditions.teams_of([row.person_id for row in came], by, on)
    seats.in_queue(came, seats.room_in(event).queue_from(at))
    for row in came:
        row.team_id = teams.get(row.person_id)
        row.registered_on, row.registered_by = on, by
    for row in placed:
        row.status, row.offer_until = seats.REGISTERED, None
        row.over_capacity, row.reason = True, reason.strip()[:200]
        row.save(force_insert=row.pk is None)
    fees.follow(event, placed, by=by, on=on, at=at)
    mails.confirmed(event, came, by=by, at=at)
    mails.promoted(event, waited, at=at)
    queue.serve(event, on=on, at=at)  # a party that has lost one of its people may fit now
    return rows
