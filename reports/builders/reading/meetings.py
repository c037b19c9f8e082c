"""Meetings that were held, and who came."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from events.enums import Category
from events.models import Attendance, Event
from network.models import LocalGroup, LocalGroupTeam
from reports.indicators import Scope


def held_events(scope: Scope) -> QuerySet[Event]:
    return Event.objects.held().starting_in(scope.year, scope.as_of)


def of_category(scope: Scope, category: Category) -> list[tuple[str, Any, int]]:
    """Title, day, people present."""
    present = (
        Attendance.objects.filter(session__event=OuterRef("pk"))
        .order_by()
        .values("session__event")
        .annotate(n=Count("person", distinct=True))
        .values("n")
    )
    events = held_events(scope).filter(kind__category=category)
    rows = events.annotate(people=Coalesce(Subquery(present), 0)).order_by("starts_on", "pk")
    return list(rows.values_list("title", "starts_on", "people"))


def groups(scope: Scope) -> list[tuple[str, int, int, int]]:
    """Name, teams, meetings, participations of each group that is open, or met before it closed."""
    teams = _counted(LocalGroupTeam.objects.on(scope.as_of), "group")
    events = held_events(scope).filter(group_meeting__isnull=False)
    held = _counted(events, "group_meeting__group")
    presences = Attendance.objects.filter(session__event__in=events)
    came = _counted(presences, "session__event__group_meeting__group")
    found = LocalGroup.objects.open_on(scope.as_of) | LocalGroup.objects.filter(pk__in=held)
    return [
        (group.name, teams.get(group.pk, 0), held.get(group.pk, 0), came.get(group.pk, 0))
        for group in found.order_by("name", "pk")
    ]


def _counted(rows: QuerySet[Any], by: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(by).annotate(Count("pk")))
