"""An action on several registrations that was a slip is taken back.

Each goes back to what it was, as the history kept it, when nothing has happened to it since: same
place in the queue, same offer if its term has not come, same reason. A seat that went to somebody
else meanwhile is theirs: whoever had it stays as the action left them. Who was told is told again.
Lock order: see ``events.services.seats``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Max

from events import mails
from events.enums import EventStatus, RegistrationStatus
from events.models import HOLDING, Event, Registration
from events.services import conditions, fees, queue, seats
from events.services.refusals import NotYourColleague
from members.models import User

_KEPT = (
    *("status", "queued_at", "offer_until", "over_capacity", "reason"),
    *("registered_on", "registered_by_id", "team_id"),
)


@dataclass
class PutBack:
    """``moved_since``: something else has happened to them; ``seatless``: their seat is taken."""

    back: list[Registration] = field(default_factory=list)
    moved_since: list[Registration] = field(default_factory=list)
    seatless: list[Registration] = field(default_factory=list)


def last_versions(registrations: Iterable[Registration]) -> dict[int, int]:
    """What ``put_back`` is given: for each that has moved, the version that the last move kept."""
    rows = Registration.objects.filter(pk__in=[row.pk for row in registrations])
    return dict(_versioned(rows).exclude(version=None).values_list("pk", "version"))


@transaction.atomic
def put_back(*, versions: Mapping[int, int], by: User, on: date, at: datetime) -> PutBack:
    if not conditions.is_staff(by):
        raise NotYourColleague("Seule l’équipe de la fédération annule une action groupée.")
    told = PutBack()
    chosen = Registration.objects.filter(pk__in=versions)
    for event_id in sorted(set(chosen.order_by().values_list("event", flat=True))):
        event = Event.objects.lock(event_id)
        rows = event.registrations.filter(pk__in=versions).select_related("person", "party")
        _put_back(event, list(_versioned(rows)), versions, told, by=by, on=on, at=at)
    return told


def _versioned(rows: Any) -> Any:
    return rows.annotate(version=Max("events__pgh_id"))


def _put_back(
    event: Event,
    rows: list[Any],
    versions: Mapping[int, int],
    told: PutBack,
    *,
    by: User,
    on: date,
    at: datetime,
) -> None:
    stands = event.status != EventStatus.CANCELLED
    intact = [row for row in rows if stands and row.version == versions[row.pk]]
    told.moved_since += [row for row in rows if row not in intact]
    former = _former(intact, at)
    back = _with_a_seat(event, intact, former)
    told.seatless += [row for row in intact if row not in back]
    for row in back:
        for name in _KEPT:
            setattr(row, name, getattr(former[row.pk], name))
    with pghistory.context(undone=True):
        Registration.objects.bulk_update(back, [name.removesuffix("_id") for name in _KEPT])
    told.back += back
    # Whoever sat for free, before there was a price, sits for free again.
    owing = [row for row in back if row.charge_id or not row.is_seated]
    fees.follow(event, owing, by=by, on=on, at=at)
    if not event.is_over(on):
        mails.restored(event, [row for row in back if row.person_id], at=at)
    waiting = [row for row in back if row.is_waiting and not (row.party and row.party.together)]
    queue.serve(event, on=on, at=at, spared=waiting)


def _former(rows: Iterable[Any], at: datetime) -> dict[int, Any]:
    """As they were before the move; an offer whose term has come is a place on the list again."""
    kept: Any = Registration._meta.get_field("events").related_model
    versions = kept.objects.in_bulk([row.version for row in rows])
    former = {row.pk: versions[row.version] for row in rows}
    for version in former.values():
        if version.offer_until and version.offer_until <= at:
            version.status, version.offer_until = RegistrationStatus.WAITLISTED, None
    return former


def _with_a_seat(event: Event, rows: list[Any], former: Mapping[int, Any]) -> list[Any]:
    """Those whose former state has room: seats that others of them give up are free for them."""
    free = seats.room_in(event).free
    if free is None:
        return rows
    free += sum(_counts(row) and not _counts(former[row.pk]) for row in rows)
    back = []
    for row in sorted(rows, key=lambda row: (former[row.pk].queued_at, row.pk)):
        takes = _counts(former[row.pk]) and not _counts(row)
        if not takes or free > 0:
            back.append(row)
            free -= takes
    return back


def _counts(state: Any) -> bool:
    return state.status in HOLDING and not state.over_capacity
