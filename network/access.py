"""The audiences of the network and of governance."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from apmsl.lib import audiences
from apmsl.lib.audiences import Kind
from members.access import STAFF
from members.models import Person, Team, User
from network.models import (
    BoardTerm,
    Commission,
    CommissionMember,
    GroupReferent,
    LocalGroup,
    LocalGroupTeam,
    StaffPost,
)


def _people(links: QuerySet[Any]) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=links.values("person"))


def _board_keys(person_id: int, on: date) -> QuerySet[Any, Any]:
    terms = BoardTerm.objects.on(on).filter(person=person_id)
    return terms.values(key=audiences.keyed("board"))


def _staff_keys(person_id: int, on: date) -> QuerySet[Any, Any]:
    posts = StaffPost.objects.on(on).filter(person=person_id)
    return posts.values(key=audiences.keyed("staff"))


def _director_keys(person_id: int, on: date) -> QuerySet[Any, Any]:
    posts = StaffPost.objects.on(on).filter(person=person_id, is_director=True)
    return posts.values(key=audiences.keyed("director"))


def _group_keys(person_id: int, on: date) -> QuerySet[Any, Any]:
    teams = Team.objects.of_person(person_id, on)
    mine = LocalGroupTeam.objects.registered_on(on).filter(team__in=teams)
    return mine.values(key=audiences.keyed("local_group", "group__code"))


def _people_of_group(code: str, on: date) -> QuerySet[Person]:
    in_group = LocalGroupTeam.objects.registered_on(on).filter(group__code=code)
    teams = Team.objects.filter(pk__in=in_group.values("team"))
    return Person.objects.in_teams(teams, on)


def _commission_keys(person_id: int, on: date) -> QuerySet[Any, Any]:
    members = CommissionMember.objects.filter(person=person_id)
    active = members.filter(commission__in=Commission.objects.on(on))
    return active.values(key=audiences.keyed("commission", "commission__code"))


def _codes(queryset: QuerySet[Any]) -> QuerySet[Any, Any]:
    return queryset.order_by("name").values_list("code", "name")


def groups_followed(user: User | AnonymousUser, on: date) -> QuerySet[LocalGroup]:
    """Whose memberships one follows: the staff, those of every group; a referent, of one's own."""
    groups = LocalGroup.objects.open_on(on)
    if STAFF.allows(user):
        return groups
    if not isinstance(user, User) or user.person_id is None:
        return groups.none()
    referred = GroupReferent.objects.on(on).filter(person=user.person_id)
    return groups.filter(pk__in=referred.values("group"))


AUDIENCES = (
    Kind(
        "board",
        "Conseil d’administration",
        _board_keys,
        people=lambda value, on: _people(BoardTerm.objects.on(on)),
    ),
    Kind(
        "staff",
        "Équipe salariée",
        _staff_keys,
        people=lambda value, on: _people(StaffPost.objects.on(on)),
    ),
    Kind(
        "director",
        "Direction",
        _director_keys,
        people=lambda value, on: _people(StaffPost.objects.on(on).filter(is_director=True)),
    ),
    Kind(
        "local_group",
        "Groupe local",
        _group_keys,
        people=_people_of_group,
        values=lambda: _codes(LocalGroup.objects.all()),
    ),
    Kind(
        "commission",
        "Commission",
        _commission_keys,
        people=lambda value, on: _people(CommissionMember.objects.filter(commission__code=value)),
        values=lambda: _codes(Commission.objects.all()),
    ),
)


def register_audiences() -> None:
    audiences.register(*AUDIENCES)
