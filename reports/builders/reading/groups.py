"""The card of a local group."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from events.models import Attendance, Event
from members.models import Position, Team
from network.models import LocalGroup, LocalGroupTeam
from reports.builders.figures import Change, Figure
from reports.builders.network import GroupCard, Meeting, Member
from reports.builders.reading.meetings import held_events
from reports.indicators import Scope


def group_card(group: LocalGroup, year: int, as_of: date) -> GroupCard:
    scope = Scope.of(year, as_of)
    teams, events = _teams(group, as_of), held_events(scope).filter(group_meeting__group=group)
    posts = _posts(teams, as_of)
    return GroupCard(
        year=year,
        as_of=as_of,
        federation=settings.FEDERATION_NAME,
        name=group.name,
        department=group.get_department_display(),
        figures=_figures(teams, posts, events),
        members=_members(teams, posts),
        meetings=_meetings(events),
    )


def _teams(group: LocalGroup, as_of: date) -> list[Team]:
    rows = LocalGroupTeam.objects.on(as_of).filter(group=group).select_related("team")
    return [row.team for row in rows.order_by("team__sort_name", "pk")]


def _posts(teams: list[Team], as_of: date) -> list[Position]:
    posts = Position.objects.coordinators().on(as_of).filter(team__in=teams)
    return list(posts.select_related("person").order_by("person__sort_name", "pk"))


def _members(teams: list[Team], posts: list[Position]) -> list[Member]:
    names: dict[int, list[str]] = {}
    for post in posts:
        names.setdefault(post.team_id, []).append(str(post.person))
    return [
        Member(name=team.name, city=team.city, coordinators=names.get(team.pk, []))
        for team in teams
    ]


def _meetings(events: QuerySet[Event]) -> list[Meeting]:
    presences = Attendance.objects.filter(session__event__in=events).order_by()
    people: dict[int, Any] = dict(
        presences.values_list("session__event").annotate(Count("person", distinct=True))
    )
    return [
        Meeting(
            title=event.title,
            day=event.starts_on,
            format=event.get_format_display(),
            people=people.get(event.pk, 0),
        )
        for event in events.order_by("starts_on", "pk")
    ]


def _figures(teams: list[Team], posts: list[Position], events: QuerySet[Event]) -> list[Change]:
    """A participation is a presence at a session, as everywhere in the reports."""
    coordinators = {post.person_id for post in posts}
    came = Attendance.objects.filter(session__event__in=events).count()
    return [
        Change(Figure("teams", len(teams), "équipe", "équipes")),
        Change(Figure("coordinators", len(coordinators), "coordinateur", "coordinateurs")),
        Change(Figure("meetings", events.count(), "rencontre", "rencontres")),
        Change(Figure("participations", came, "participation", "participations")),
    ]
