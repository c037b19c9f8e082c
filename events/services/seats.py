"""Who sits and who waits.

Lock order, everywhere: the event (several of them by rising pk), then its registrations, then the
ledger of mail. Nothing here is called without the event's lock: the counts are read under it.

Nobody waits while a seat is free, except whom the staff itself has put on the waiting list: they
wait for the next move of a seat. A seat is a person; the queue is served in its order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q

from events.enums import EventStatus, RegistrationStatus
from events.models import Event, Registration

_TICK = timedelta(microseconds=1)
REGISTERED, WAITLISTED = RegistrationStatus.REGISTERED, RegistrationStatus.WAITLISTED


@dataclass
class Room:
    """What is taken of an event, and the end of its queue."""

    free: int | None  # None: no limit
    waiting: int
    last_queued_at: datetime | None

    def seats(self, wanted: int) -> int:
        """How many of ``wanted`` newcomers sit at once; they do not pass those who wait."""
        if self.free is None:
            return wanted
        return 0 if self.waiting else min(self.free, wanted)

    def queue_from(self, at: datetime) -> datetime:
        """A place behind everybody, even for who asked earlier and got the lock later."""
        if self.last_queued_at is None:
            return at
        return max(at, self.last_queued_at + _TICK)


def room_in(event: Event) -> Room:
    counted = event.registrations.aggregate(
        taken=Count("pk", filter=Q(status=REGISTERED)),
        waiting=Count("pk", filter=Q(status=WAITLISTED)),
        last=Max("queued_at", filter=Q(status=WAITLISTED)),
    )
    free = None if event.capacity is None else max(event.capacity - counted["taken"], 0)
    return Room(free=free, waiting=counted["waiting"], last_queued_at=counted["last"])


def in_queue(registrations: Iterable[Registration], start: datetime) -> None:
    """Give each the next place, in the order given."""
    for rank, registration in enumerate(registrations):
        registration.queued_at = start + rank * _TICK


def fill(event: Event, *, on: date, spared: Sequence[Registration] = ()) -> list[Registration]:
    """Seat those who wait as far as there are seats, first come first served."""
    if event.status != EventStatus.PLANNED or event.is_over(on):
        return []
    waiting = event.registrations.waiting().exclude(pk__in=[r.pk for r in spared])
    free = room_in(event).free
    seated = list(waiting if free is None else waiting[:free])
    change(seated, REGISTERED)
    return seated


def change(registrations: Sequence[Registration], status: RegistrationStatus) -> None:
    """The same status for all, in one statement; what else was set on them is saved too."""
    for registration in registrations:
        registration.status = status
    if registrations:
        Registration.objects.bulk_update(registrations, ["status", "queued_at"])
