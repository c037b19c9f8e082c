"""Meetings that were held, and who came."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from events.enums import Category, EventStatus
from events.models import Attendance, Event
from network.models import LocalGroup, LocalGroupTeam
from reports.builders.activity.material import Gathering
from reports.indicators import Scope
from reports.indicators.attendance import present


def held_events(scope: Scope) -> QuerySet[Event]:
    return Event.objects.held().starting_in(scope.year, scope.as_of)


def of_category(scope: Scope, category: Category) -> list[tuple[str, Any, int]]:
    """Title, day, people present."""
    rows = _counted_people(held_events(scope).filter(kind__category=category))
    return list(rows.values_list("title", "starts_on", "people"))


def _counted_people(events: QuerySet[Event]) -> QuerySet[Any]:
    """In the order of their days, with ``people``: those present, once an event."""
    came = (
        Attendance.objects.filter(session__event=OuterRef("pk"))
        .order_by()
        .values("session__event")
        .annotate(n=Count("person", distinct=True))
        .values("n")
    )
    return events.annotate(people=Coalesce(Subquery(came), 0)).order_by("starts_on", "pk")


def gatherings(scope: Scope, category: Category) -> list[Gathering]:
    """With the teams of those who came, as their registrations tell them."""
    events = held_events(scope).filter(kind__category=category)
    told = present(scope).filter(event__in=events).order_by().values_list("event")
    teams = {
        event: {"teams": teams, "departments": departments}
        for event, teams, departments in told.annotate(
            Count("team", distinct=True), Count("team__department", distinct=True)
        )
    }
    rows = _counted_people(events).values_list(
        "pk", "title", "starts_on", "series_number", "people"
    )
    return [
        Gathering(title=title, day=day, number=number, people=people, **teams.get(pk, {}))
        for pk, title, day, number, people in rows
    ]


def cancelled(scope: Scope, category: Category) -> list[Gathering]:
    """A series keeps the number of a meeting that was not held."""
    events = Event.objects.beyond_the_house().filter(
        scope.in_year("starts_on"), status=EventStatus.CANCELLED, kind__category=category
    )
    rows = events.order_by("starts_on", "pk").values_list("title", "starts_on", "series_number")
    return [Gathering(title=title, day=day, number=number) for title, day, number in rows]


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
