"""What the staff decides for several registrations at once, or for a whole event.

Capacity binds the staff too: to seat more people, the capacity of the event is raised first.
Lock order: see ``events.services.seats``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from apmsl.lib.dates import today
from events import mails
from events.enums import EventStatus, RegistrationStatus
from events.models import ENDED, SEATED, Event, Registration
from events.services import fees, queue, seats
from events.services.refusals import NotYourColleague
from members.access import STAFF
from members.models import Person, User


@dataclass
class Changes:
    """``left``: not changed, for want of a seat or because the event is cancelled; ``promoted``:
    others, whom a freed seat took off the waiting list."""

    changed: list[Registration] = field(default_factory=list)
    left: list[Registration] = field(default_factory=list)
    promoted: list[Registration] = field(default_factory=list)


@transaction.atomic
def change_status(
    *,
    registrations: Iterable[Registration],
    status: RegistrationStatus,
    by: User,
    on: date,
    at: datetime,
    reason: str = "",
) -> Changes:
    """Give a seat, put on the waiting list, cancel or excuse; those who have that status already
    keep it."""
    if not STAFF.allows(by):
        raise NotYourColleague("Seule l’équipe de la fédération change plusieurs inscriptions.")
    of_event: dict[int, list[int]] = {}
    for registration in registrations:
        of_event.setdefault(registration.event_id, []).append(registration.pk)
    changes = Changes()
    for event_id in sorted(of_event):
        event = Event.objects.lock(event_id)
        same = SEATED if status == RegistrationStatus.REGISTERED else (status,)
        chosen = event.registrations.filter(pk__in=of_event[event_id]).exclude(status__in=same)
        rows = list(chosen.select_related("person").order_by("queued_at", "pk"))
        _change(event, rows, status, changes, by=by, on=on, at=at, reason=reason)
    return changes


@transaction.atomic
def promote(*, event: Event, on: date, at: datetime) -> list[Registration]:
    """Seat those who wait, or offer them a seat, once the capacity has been raised or lifted."""
    event = Event.objects.lock(event.pk)
    return queue.serve(event, on=on, at=at)


def promote_after_merge(sender: Any, *, person: Person, on: date, at: datetime, **_: Any) -> None:
    """Two records of one person held two seats. After the commit, for the lock of an event comes
    before anything else."""

    def promote_each() -> None:
        planned = Event.objects.filter(registrations__person=person, status=EventStatus.PLANNED)
        for event in planned.filter(ends_on__gte=on).order_by("pk"):
            promote(event=event, on=on, at=at)

    transaction.on_commit(promote_each)


def cancel_for_erased(
    sender: Any, *, person: Person, by: User, on: date, at: datetime, **_: Any
) -> None:
    """Whoever is erased comes no more: their seats go to those who wait."""
    coming = Registration.objects.live().filter(person=person, event__status=EventStatus.PLANNED)
    change_status(
        registrations=coming.filter(event__ends_on__gte=on),
        status=RegistrationStatus.CANCELLED,
        by=by,
        on=on,
        at=at,
    )


@transaction.atomic
def cancel_event(
    *,
    event: Event,
    at: datetime,
    reason: str = "",
    by: User | None = None,
    on: date | None = None,
) -> Event:
    """Nobody is registered to it any more than before: whoever sat or waited is told. It keeps its
    number in its series, and why it was not held."""
    event = Event.objects.lock(event.pk)
    if event.status == EventStatus.CANCELLED:
        return event
    event.status, event.cancel_reason = EventStatus.CANCELLED, reason.strip()
    event.save(update_fields=["status", "cancel_reason"])
    fees.release_all(event, by=by, on=on or today())
    live = event.registrations.live().select_related("person", "charge").order_by("queued_at", "pk")
    mails.event_cancelled(event, list(live), at=at)
    return event


def _change(
    event: Event,
    rows: list[Registration],
    status: RegistrationStatus,
    changes: Changes,
    *,
    by: User,
    on: date,
    at: datetime,
    reason: str,
) -> None:
    chosen = _possible(event, rows, status)
    changes.changed += chosen
    changes.left += [row for row in rows if row not in chosen]
    came_back = [row for row in chosen if row.status in ENDED]
    seated = [row for row in chosen if row.status not in ENDED]
    if status == RegistrationStatus.WAITLISTED:
        came_back = chosen  # a new place, behind everybody
    seats.in_queue(came_back, seats.room_in(event).queue_from(at))
    seats.change(chosen, status, reason=reason)
    fees.follow(event, chosen, by=by, on=on, at=at)
    if status == RegistrationStatus.REGISTERED:
        mails.confirmed(event, came_back, by=by, at=at)
        mails.promoted(event, seated, at=at)
        return
    if status == RegistrationStatus.WAITLISTED:
        mails.waitlisted(event, chosen, by=by, at=at)
    elif not event.is_over(on):
        tell = mails.excused if status == RegistrationStatus.EXCUSED else mails.cancelled
        tell(event, chosen, by=by, at=at)
    changes.promoted += queue.serve(event, on=on, at=at, spared=chosen)


def _possible(
    event: Event, rows: Sequence[Registration], status: RegistrationStatus
) -> list[Registration]:
    """Whoever was offered a seat holds one already."""
    if status in ENDED:
        return list(rows)
    if event.status == EventStatus.CANCELLED:
        return []
    if status != RegistrationStatus.REGISTERED:
        return list(rows)
    holding = [row for row in rows if row.status == RegistrationStatus.OFFERED]
    others = [row for row in rows if row not in holding]
    return holding + others[: seats.room_in(event).free]
