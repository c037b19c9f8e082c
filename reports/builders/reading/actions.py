"""Actions of the year beside those that have a line of their own: kinds counted apart, what is
offered for the first time, and what was cancelled, with its reason."""

from collections import Counter
from datetime import date

from django.db.models import Count, F, Max, Min, Q, QuerySet

from events.enums import EventStatus
from events.models import ActionKind, Attendance, Event
from reports.builders.activity.material import KindOfYear, PlannedKind
from reports.builders.reading.meetings import held_events
from reports.indicators import Scope
from reports.indicators.attendance import EVENTS, PARTICIPANTS
from reports.indicators.records import RecordList
from reports.indicators.scope import matching


def apart(scope: Scope) -> list[KindOfYear]:
    """Kinds that are not the category they are counted as, where they are counted as one at all."""
    held = held_events(scope).exclude(kind__code=F("kind__category"))
    kinds = held.order_by("kind__position", "kind").values_list(
        "kind", "kind__label", "kind__chapter"
    )
    came = _people(held)
    new = set(held.filter(is_new=True).values_list("kind", flat=True))
    return [
        KindOfYear(
            key=kind,
            label=label,
            chapter=chapter,
            meetings=meetings,
            people=came[kind],
            is_new=kind in new,
        )
        for kind, label, chapter, meetings in kinds.annotate(n=Count("pk"))
    ]


def records(scope: Scope, kind: ActionKind, *, people: bool) -> RecordList:
    """Behind a line of those: the meetings, or those who came, once an event."""
    if people:
        return PARTICIPANTS.list(scope, matching(session__event__kind=kind.pk))
    return EVENTS.list(scope, matching(kind=kind.pk, status=EventStatus.HELD))


def _people(held: QuerySet[Event]) -> Counter[int]:
    """By kind, people present, once an event."""
    present = Attendance.objects.filter(session__event__in=held).order_by()
    events = present.values_list("session__event__kind", "session__event")
    found: Counter[int] = Counter()
    for kind, _, people in events.annotate(Count("person", distinct=True)):
        found[kind] += people
    return found


def new_categories(scope: Scope) -> frozenset[str]:
    """Categories all of whose events of the year are new: a stamp says it of the whole action."""
    held = held_events(scope).order_by()
    told = held.values_list("kind__category").annotate(
        n=Count("pk"), new=Count("pk", filter=Q(is_new=True))
    )
    return frozenset(category for category, count, new in told if category and count == new)


def cancelled(scope: Scope) -> list[tuple[str, date, str]]:
    """Title with its number, day, reason; where a reason was written. Members read it: what the board
    or the staff cancelled among themselves is their own business."""
    rows = (
        Event.objects.beyond_the_house()
        .filter(scope.in_year("starts_on"), status=EventStatus.CANCELLED)
        .exclude(cancel_reason="")
        .order_by("starts_on", "pk")
    )
    return [
        (_numbered(title, number), starts_on, reason)
        for title, number, starts_on, reason in rows.values_list(
            "title", "series_number", "starts_on", "cancel_reason"
        )
    ]


def planned(scope: Scope) -> list[PlannedKind]:
    """Of the agenda of the year after, whatever became of it since but a cancellation; without what the
    board and the staff plan among themselves."""
    agenda = (
        Event.objects.beyond_the_house()
        .filter(starts_on__year=scope.year + 1)
        .exclude(status=EventStatus.CANCELLED)
    )
    rows = (
        agenda.order_by()
        .values("kind__label")
        .annotate(
            count=Count("pk"), first=Min("starts_on"), last=Max("starts_on"), title=Min("title")
        )
        .order_by("first", "kind__label")
    )
    return [
        PlannedKind(
            label=row["title"] if row["count"] == 1 else row["kind__label"],
            count=row["count"],
            first=row["first"],
            last=row["last"],
        )
        for row in rows
    ]


def _numbered(title: str, number: int | None) -> str:
    return f"{title} (n°\u00a0{number})" if number else title
