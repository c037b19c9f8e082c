"""Who sits and who waits.

Lock order, everywhere: the event (several of them by rising pk), then its registrations, then the
ledger of mail. Nothing here is called without the event's lock: the counts are read under it.

Nobody waits while a seat is free, with two exceptions: whom the staff itself has put on the waiting
list waits for the next move of a seat; a party that sits together waits until there is a seat for
each of them. A seat is a person. The queue is served in its order, and those behind a party that
waits do not pass it, except when it has more people than the event has seats: it can never sit, and
holds nobody up.

A seat that is offered is held until its term: it counts as taken.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q

from events.enums import EventStatus, RegistrationStatus, SeatOffer
from events.models import HOLDING, Event, Registration

_TICK = timedelta(microseconds=1)
_SHORTEST = 2  # hours to answer, on the day itself
REGISTERED, WAITLISTED = RegistrationStatus.REGISTERED, RegistrationStatus.WAITLISTED
CANCELLED = RegistrationStatus.CANCELLED
CHANGED = ["status", "queued_at", "offer_until", "over_capacity", "reason"]


@dataclass
class Room:
    """What is taken of an event, and the end of its queue."""

    free: int | None  # None: no limit
    waiting: int
    last_queued_at: datetime | None

    def seats(self, wanted: int, *, together: bool = False) -> int:
        """How many of ``wanted`` newcomers sit at once; they do not pass those who wait."""
        if self.free is None:
            return wanted
        if self.waiting or (together and wanted > self.free):
            return 0
        return min(self.free, wanted)

    def queue_from(self, at: datetime) -> datetime:
        """A place behind everybody, even for who asked earlier and got the lock later."""
        if self.last_queued_at is None:
            return at
        return max(at, self.last_queued_at + _TICK)


def room_in(event: Event) -> Room:
    counted = event.registrations.aggregate(
        taken=Count("pk", filter=Q(status__in=HOLDING, over_capacity=False)),
        waiting=Count("pk", filter=Q(status=WAITLISTED)),
        last=Max("queued_at", filter=Q(status=WAITLISTED)),
    )
    free = None if event.capacity is None else max(event.capacity - counted["taken"], 0)
    return Room(free=free, waiting=counted["waiting"], last_queued_at=counted["last"])


def in_queue(registrations: Iterable[Registration], start: datetime) -> None:
    """Give each the next place, in the order given."""
    for rank, registration in enumerate(registrations):
        registration.queued_at = start + rank * _TICK


def fill(
    event: Event,
    *,
    on: date,
    at: datetime,
    spared: Sequence[Registration] = (),
    fresh: Collection[int] = (),
) -> list[Registration]:
    """Seat those who wait as far as there are seats, or offer them one, as the event says.

    ``spared``: those whom the staff has just made wait. ``fresh``: those who are asking this very
    moment, and seats without a name: nobody is asked whether they still want it.
    """
    if event.status != EventStatus.PLANNED or event.is_over(on):
        return []
    free = room_in(event).free
    if free == 0:
        return []
    waiting = event.registrations.waiting().exclude(pk__in=[r.pk for r in spared])
    served = _first(list(waiting.select_related("party")), free, event.capacity)
    at_once = event.seat_offer == SeatOffer.GIVEN
    given = [r for r in served if at_once or r.pk in fresh or r.person_id is None]
    change(given, REGISTERED)
    offered = [r for r in served if r not in given]
    change(offered, RegistrationStatus.OFFERED, until=term(event, on=on, at=at))
    return served


def short_of(event: Event) -> int:
    """How many seats the party at the head of the queue still lacks; 0 without such a party."""
    free = room_in(event).free
    if free is None:
        return 0
    for block in _blocks(event.registrations.waiting().select_related("party")):
        if len(block) <= (event.capacity or 0):
            return max(len(block) - free, 0) if len(block) > 1 else 0
    return 0


def term(event: Event, *, on: date, at: datetime) -> datetime:
    """Until when an offer may be accepted: never longer than there is until the event."""
    left = max(24 * (event.starts_on - on).days, _SHORTEST)
    return at + timedelta(hours=min(event.offer_hours, left))


def change(
    registrations: Sequence[Registration],
    status: RegistrationStatus,
    *,
    until: datetime | None = None,
    reason: str = "",
) -> None:
    """The same status for all, in one statement; what else was set on them is saved too.

    Whoever was placed beyond the capacity stays so, with the reason, as long as they hold a seat.
    """
    for registration in registrations:
        registration.status = status
        registration.offer_until = until if status == RegistrationStatus.OFFERED else None
        if status not in HOLDING:
            registration.over_capacity = False
        if not registration.over_capacity:
            registration.reason = reason
    if registrations:
        Registration.objects.bulk_update(registrations, CHANGED)


def _first(
    waiting: list[Registration], free: int | None, capacity: int | None
) -> list[Registration]:
    """Those of the queue whom ``free`` seats are for."""
    if free is None or capacity is None:
        return waiting
    served: list[Registration] = []
    for block in _blocks(waiting):
        if len(block) <= free - len(served):
            served += block
        elif len(block) <= capacity:
            break
    return served


def _blocks(waiting: Iterable[Registration]) -> list[list[Registration]]:
    """Each alone, but for those who sit together: all of them at the place of their first."""
    blocks: dict[tuple[str, int], list[Registration]] = {}
    for row in waiting:
        together = row.party is not None and row.party.together
        key = ("party", row.party_id or 0) if together else ("alone", row.pk)
        blocks.setdefault(key, []).append(row)
    return list(blocks.values())
