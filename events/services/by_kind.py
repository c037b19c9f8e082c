"""What each kind of action came to in a year, those that the report counts apart among them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from events.enums import EventStatus
from events.models import ActionKind


@dataclass(frozen=True)
class KindLine:
    kind_id: int
    label: str
    held: int
    planned: int
    cancelled: int


def of_year(year: int) -> list[KindLine]:
    """Those that have an event, in the order in which they are proposed."""
    begun = Q(events__starts_on__year=year)
    counts = {
        status: Count("events", filter=begun & Q(events__status=status)) for status in EventStatus
    }
    rows: Any = (
        ActionKind.objects.annotate(
            held=counts[EventStatus.HELD],
            planned=counts[EventStatus.PLANNED],
            cancelled=counts[EventStatus.CANCELLED],
        )
        .filter(Q(held__gt=0) | Q(planned__gt=0) | Q(cancelled__gt=0))
        .order_by("position", "pk")
    )
    return [
        KindLine(kind.pk, kind.label, kind.held, kind.planned, kind.cancelled)
        for kind in rows.iterator()
    ]
