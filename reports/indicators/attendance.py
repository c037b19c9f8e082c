"""Who registers to the events of the year, who comes, and for which teams.

What is counted follows the event's first day: the attendance of an event begun by the reference day
counts whole, even at sessions yet to come.
"""

from collections import Counter
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from events.enums import EventStatus
from events.models import Attendance, Event, EventSession, Registration
from members.models import Team
from reports.enums import Chapter
from reports.indicators.population import Population
from reports.indicators.records import Column, RecordList
from reports.indicators.scope import Condition, Scope, once
from reports.indicators.teams import TEAMS


def held_in_year(scope: Scope, event: str = "") -> Q:
    """Events held that began in the year; ``event`` is the way to them (« session__event__ »)."""
    return Q(**{f"{event}status": EventStatus.HELD}) & scope.in_year(f"{event}starts_on")


def _attendances(scope: Scope) -> QuerySet[Attendance]:
    return Attendance.objects.filter(held_in_year(scope, "session__event__"))


def _participants(scope: Scope) -> QuerySet[Attendance]:
    """One attendance for each person of an event: the first."""
    by_person = _attendances(scope).order_by().values("session__event", "person")
    return Attendance.objects.filter(pk__in=by_person.annotate(first=Min("pk")).values("first"))


def present(scope: Scope) -> QuerySet[Registration]:
    """Registrations, whatever became of them, of people who came: they tell the team."""
    came = Attendance.objects.filter(session__event=OuterRef("event"), person=OuterRef("person"))
    registrations = Registration.objects.filter(held_in_year(scope, "event__"))
    return registrations.filter(Exists(came), team__isnull=False)


EVENTS = Population(
    lambda scope: Event.objects.filter(scope.in_year("starts_on")),
    columns=(
        Column("Événement", "title"),
        Column("Du", "starts_on"),
        Column("Au", "ends_on"),
        Column("Modalité", "get_format_display"),
        Column("Département", "get_department_display"),
    ),
    order=("starts_on",),
    target="self",
    chapter=Chapter.TEAMS,
)

SESSIONS = Population(
    lambda scope: EventSession.objects.filter(
        held_in_year(scope, "event__"), scope.in_year("held_on")
    ),
    columns=(
        Column("Événement", "event.title"),
        Column("Séance", "number"),
        Column("Le", "held_on"),
    ),
    order=("held_on",),
    related=("event",),
    target="event",
    chapter=Chapter.TEAMS,
)

REGISTRATIONS = Population(
    lambda scope: Registration.objects.registered().filter(held_in_year(scope, "event__")),
    columns=(
        Column("Événement", "event.title"),
        Column("Du", "event.starts_on"),
        Column("Personne", "person"),
        Column("Équipe à l’inscription", "team"),
        Column("Inscription le", "registered_on"),
    ),
    order=("event__starts_on", "event_id", "person__sort_name"),
    related=("event", "person", "team"),
    target="event",
    chapter=Chapter.TEAMS,
)

ATTENDANCES = Population(
    _attendances,
    columns=(
        Column("Événement", "session.event.title"),
        Column("Séance", "session.number"),
        Column("Le", "session.held_on"),
        Column("Personne", "person"),
    ),
    order=("session__held_on", "session_id", "person__sort_name"),
    related=("session__event", "person"),
    target="session.event",
    chapter=Chapter.TEAMS,
)

PARTICIPANTS = Population(
    _participants,
    columns=(
        Column("Événement", "session.event.title"),
        Column("Du", "session.event.starts_on"),
        Column("Personne", "person"),
    ),
    order=("session__event__starts_on", "session__event_id", "person__sort_name"),
    related=("session__event", "person"),
    target="session.event",
    chapter=Chapter.TEAMS,
)


def _by_event(scope: Scope) -> QuerySet[Attendance, Any]:
    """Grouped by event: no join back to rows."""
    attendances = _attendances(scope).order_by()
    events = attendances.values_list("session__event__kind__category", "session__event")
    return events.annotate(Count("person", distinct=True))


@once
def participants(scope: Scope) -> Counter[str]:
    """For each category, people present, once an event."""
    found: Counter[str] = Counter()
    for category, _, people in scope.rows(_by_event):
        found[category] += people
    return found


def _represented(scope: Scope) -> QuerySet[Attendance, Any]:
    registration = "session__event__registrations__"
    came = _attendances(scope).filter(
        **{f"{registration}person": F("person"), f"{registration}team__isnull": False}
    )
    rows = came.order_by().values_list(
        "session__event__kind__category", f"{registration}team", f"{registration}team__department"
    )
    return rows.distinct()


@once
def reached(scope: Scope) -> dict[str, dict[int, str]]:
    """For each category, the teams of the people who came, with their départements."""
    found: dict[str, dict[int, str]] = {}
    for category, team, department in scope.rows(_represented):
        found.setdefault(category, {})[team] = department
    return found


def teams_present(scope: Scope, where: Condition) -> RecordList:
    """The teams of the people who came, members or not."""
    came = present(scope).filter(where(scope)).values("team")
    teams = Team.objects.filter(pk__in=came).order_by("department", "sort_name", "pk")
    return RecordList(teams, TEAMS.columns, TEAMS.target)
