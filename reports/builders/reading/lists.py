"""The lists of the activity report: who, where, how many times."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from apmsl.lib.charts import Dot
from events.enums import Category
from events.models import Attendance, Event
from members.models import Affiliation, Team
from network.enums import BoardRole, MandateRank
from network.models import (
    BoardTerm,
    Commission,
    LocalGroup,
    LocalGroupTeam,
    Mandate,
    PartnerAgreement,
    StaffPost,
)
from reports.builders.activity.material import Lists
from reports.builders.figures import Person
from reports.indicators import Scope
from toolbox.models import Equipment, Tool

_RANKS = {role.value: rank for rank, role in enumerate(BoardRole)}


def lists(scope: Scope, *, tools: Sequence[str]) -> Lists:
    """``tools`` are the codes of the most viewed, in their order."""
    return Lists(
        dots=dots(scope),
        board=_board(scope),
        staff=_staff(scope),
        mandates=_mandates(scope),
        partners=_partners(scope),
        groups=group_rows(scope),
        regional_meetings=_meetings(scope, Category.REGIONAL_MEETING),
        thematic_meetings=_meetings(scope, Category.THEMATIC_MEETING),
        commissions=_commissions(scope),
        tools=_tools(scope, tools),
        equipment=list(Equipment.objects.order_by("name", "pk").values_list("name", "copies")),
    )


def member_teams(scope: Scope) -> QuerySet[Team]:
    teams = Team.objects.members_of(scope.year, scope.as_of)
    return teams.constituted_on_day(scope.as_of)


def dots(scope: Scope) -> list[Dot]:
    teams = member_teams(scope).order_by("code")
    places = teams.values_list("latitude", "longitude")
    return [Dot(north, east) for north, east in places if north is not None and east is not None]


# -- people ----------------------------------------------------------------------------------------
def _board(scope: Scope) -> list[Person]:
    terms = BoardTerm.objects.on(scope.as_of).select_related("person__profession")
    found = sorted(
        terms.order_by("person__sort_name", "pk"), key=lambda term: _RANKS.get(term.role, 99)
    )
    teams = _teams_of([term.person_id for term in found], scope)
    return [
        Person(
            name=str(term.person),
            role=term.get_role_display(),
            detail=_where(term.person, teams.get(term.person_id, [])),
        )
        for term in found
    ]


def _teams_of(people: list[int], scope: Scope) -> dict[int, list[str]]:
    teams: dict[int, list[str]] = {}
    found = Affiliation.objects.on(scope.as_of).filter(person__in=people)
    for person, name in found.order_by("team__sort_name", "pk").values_list(
        "person_id", "team__name"
    ):
        teams.setdefault(person, []).append(name)
    return teams


def _where(person: Any, teams: list[str]) -> str:
    profession = str(person.profession) if person.profession else ""
    return ", ".join(filter(None, [profession, *teams[:1]]))


def _staff(scope: Scope) -> list[Person]:
    posts = StaffPost.objects.on(scope.as_of).select_related("person")
    ordered = posts.order_by(F("is_director").desc(), "person__sort_name", "pk")
    return [Person(name=str(post.person), role=post.job) for post in ordered]


def _mandates(scope: Scope) -> list[tuple[str, str]]:
    held = Mandate.objects.on(scope.as_of).select_related("institution", "person")
    # « full » comes before « substitute ».
    ordered = held.order_by("institution__name", "rank", "person__sort_name", "pk")
    return [
        (institution, ", ".join(map(_representative, mandates)))
        for institution, mandates in groupby(ordered, key=lambda mandate: mandate.institution.name)
    ]


def _representative(mandate: Mandate) -> str:
    name = str(mandate.person)
    return f"{name} (suppléance)" if mandate.rank == MandateRank.SUBSTITUTE else name


def _partners(scope: Scope) -> list[str]:
    agreements = PartnerAgreement.objects.on(scope.as_of).order_by("partner__name", "pk")
    return [
        f"{name}, convention depuis {signed_on.year}"
        for name, signed_on in agreements.values_list("partner__name", "signed_on")
    ]


# -- meetings --------------------------------------------------------------------------------------
def held_events(scope: Scope) -> QuerySet[Event]:
    return Event.objects.held().starting_in(scope.year, scope.as_of)


def _meetings(scope: Scope, category: Category) -> list[tuple[str, Any, int]]:
    present = (
        Attendance.objects.filter(session__event=OuterRef("pk"))
        .order_by()
        .values("session__event")
        .annotate(n=Count("person", distinct=True))
        .values("n")
    )
    events = held_events(scope).filter(category=category)
    rows = events.annotate(people=Coalesce(Subquery(present), 0)).order_by("starts_on", "pk")
    return list(rows.values_list("title", "starts_on", "people"))


def group_rows(scope: Scope) -> list[tuple[str, int, int, int]]:
    """Name, teams, meetings, participations of each group that is open."""
    teams = _counted(LocalGroupTeam.objects.on(scope.as_of), "group")
    events = held_events(scope).filter(group_meeting__isnull=False)
    meetings = _counted(events, "group_meeting__group")
    presences = Attendance.objects.filter(session__event__in=events)
    came = _counted(presences, "session__event__group_meeting__group")
    groups = LocalGroup.objects.open_on(scope.as_of).order_by("name", "pk")
    return [
        (group.name, teams.get(group.pk, 0), meetings.get(group.pk, 0), came.get(group.pk, 0))
        for group in groups
    ]


def _counted(rows: QuerySet[Any], by: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(by).annotate(Count("pk")))


def _commissions(scope: Scope) -> list[tuple[str, int]]:
    held = Count("meetings", filter=scope.in_year("meetings__held_on"))
    commissions = Commission.objects.on(scope.as_of).annotate(held=held).order_by("name", "pk")
    return list(commissions.values_list("name", "held"))


# -- tools -----------------------------------------------------------------------------------------
def _tools(scope: Scope, codes: Sequence[str]) -> list[tuple[str, int]]:
    views = Sum("months__views", filter=scope.in_year("months__month"))
    found = Tool.objects.filter(code__in=codes).annotate(seen=Coalesce(views, 0))
    rows = {code: (title, seen) for code, title, seen in found.values_list("code", "title", "seen")}
    return [rows[code] for code in codes if code in rows]
