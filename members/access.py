"""Who may open what, and which audiences a person is in."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from apmsl.lib import audiences
from apmsl.lib.access import Rule
from apmsl.lib.audiences import Kind
from members.enums import LEADING_ROLES, SPEAKING_ROLES, Department, PositionRole
from members.models import (
    Affiliation,
    Charge,
    Membership,
    Person,
    Piece,
    Position,
    Profession,
    Team,
    TeamManager,
    User,
)


def _holds(*keys: str) -> Any:
    return lambda user: user.is_authenticated and not user.audiences.isdisjoint(keys)


MEMBER = Rule("member", _holds("members", "board", "staff"))
COORDINATOR = Rule("coordinator", _holds("coordinators"))
LEADER = Rule("leader", _holds("leaders"))
BOARD = Rule("board", _holds("board"))
STAFF = Rule("staff", _holds("staff"))
DIRECTOR = Rule("director", _holds("director"))


def needs_second_factor(user: Any) -> bool:
    return (STAFF | BOARD).allows(user)


def teams_led_by(user: User | AnonymousUser, on: date) -> QuerySet[Team]:
    """Member teams where the user coordinates, leads or manages, and for which they may act."""
    if not isinstance(user, User) or not (COORDINATOR | LEADER).allows(user):
        return Team.objects.none()
    posts = Position.objects.speaking().on(on).filter(person=user.person_id, team=OuterRef("pk"))
    return _member_teams(on).filter(Exists(posts))


def teams_renewing(user: User | AnonymousUser, on: date) -> QuerySet[Team]:
    """Open teams where they practise or hold a post: they see its file of the year and write in its
    form, also when the last membership lapsed, which is when it is to be renewed."""
    if not isinstance(user, User) or user.person_id is None:
        return Team.objects.none()
    return Team.objects.of_person(user.person_id, on).open_on(on)


def teams_spoken_for(user: User | AnonymousUser, on: date) -> QuerySet[Team]:
    """Coordination, leaders, managers, and those who keep the team's account speak for it, whatever
    its membership and its stage."""
    if not isinstance(user, User) or user.person_id is None:
        return Team.objects.none()
    posts = Position.objects.speaking().on(on).filter(person=user.person_id)
    kept = TeamManager.objects.on(on).filter(person=user.person_id)
    return Team.objects.filter(Q(pk__in=posts.values("team")) | Q(pk__in=kept.values("team")))


def speaks_for(user: User | AnonymousUser, membership: Membership, on: date) -> bool:
    return memberships_spoken_for(user, on).filter(pk=membership.pk).exists()


def may_send_for(user: User | AnonymousUser, team: Team, on: date) -> bool:
    return teams_spoken_for(user, on).filter(pk=team.pk).exists()


def teams_kept(user: User | AnonymousUser, on: date) -> QuerySet[Team]:
    """Open teams whose account they keep: those who speak for them, and the staff for all."""
    if STAFF.allows(user):
        return Team.objects.all()
    return Team.objects.open_on(on).filter(pk__in=teams_spoken_for(user, on).values("pk"))


def may_name_managers(user: User | AnonymousUser, team: Team, on: date) -> bool:
    """Its leaders and its coordination say who keeps the account of the team."""
    if STAFF.allows(user):
        return True
    if not isinstance(user, User) or user.person_id is None:
        return False
    return Position.objects.speaking().on(on).filter(person=user.person_id, team=team).exists()


def memberships_spoken_for(user: User | AnonymousUser, on: date) -> QuerySet[Membership]:
    """Those of the teams they speak for, and their own as an isolated professional."""
    if not isinstance(user, User) or user.person_id is None:
        return Membership.objects.none()
    teams = teams_spoken_for(user, on)
    own = Q(team__in=teams.values("pk")) | Q(person=user.person_id)
    return Membership.objects.filter(own)


def pieces_open_to(user: User | AnonymousUser, on: date) -> QuerySet[Piece]:
    """Those who speak for a team see its pieces, also before its membership is paid; an isolated
    professional, or whom a charge is for, their own; the staff and the board, all."""
    if (STAFF | BOARD).allows(user):
        return Piece.objects.all()
    own = Q(membership__in=memberships_spoken_for(user, on)) | Q(charge__in=charges_of(user, on))
    return Piece.objects.filter(own)


def charges_of(user: User | AnonymousUser, on: date) -> QuerySet[Charge]:
    """Those of the teams they speak for, and those that are for themselves."""
    if not isinstance(user, User) or user.person_id is None:
        return Charge.objects.none()
    teams = teams_spoken_for(user, on)
    return Charge.objects.filter(Q(team__in=teams.values("pk")) | Q(person=user.person_id))


# -- audiences -------------------------------------------------------------------------------------


def _member_teams(on: date) -> QuerySet[Team]:
    return Team.objects.member_on(on)


def _positions(person_id: int, on: date) -> QuerySet[Position]:
    return Position.objects.on(on).filter(person=person_id, team__in=_member_teams(on))


def _member_keys(person_id: int, on: date) -> QuerySet[Any, Any]:
    """In a member team by practice or by post, or a member on one's own."""
    person = Person.objects.filter(pk=person_id)
    teams = _member_teams(on)
    affiliated = Affiliation.objects.on(on).filter(person=OuterRef("pk"), team__in=teams)
    own = Membership.objects.opening_on(on).filter(person=OuterRef("pk"))
    posted = Position.objects.on(on).filter(person=OuterRef("pk"), team__in=teams)
    member = person.filter(Exists(affiliated) | Exists(posted) | Exists(own))
    return member.values(key=audiences.keyed("members"))


def _post_keys(person_id: int, on: date) -> QuerySet[Any, Any]:
    role = Case(
        When(role=PositionRole.COORDINATOR, then=Value("coordinators")),
        default=Value("leaders"),
        output_field=CharField(),
    )
    return _positions(person_id, on).filter(role__in=SPEAKING_ROLES).values(key=role)


def _profession_keys(person_id: int, on: date) -> QuerySet[Any, Any]:
    person = Person.objects.filter(pk=person_id, profession__isnull=False)
    return person.values(key=audiences.keyed("profession", "profession__code"))


def _department_keys(person_id: int, on: date) -> QuerySet[Any, Any]:
    teams = Team.objects.of_person(person_id, on)
    return teams.values(key=audiences.keyed("department", "department"))


def members_on(on: date) -> QuerySet[Person]:
    isolated = Membership.objects.opening_on(on).filter(team=None)
    in_teams = Person.objects.in_teams(_member_teams(on), on)
    return in_teams | Person.objects.filter(pk__in=isolated.values("person"))


def _holders(on: date, *roles: PositionRole) -> QuerySet[Person]:
    posts = Position.objects.on(on).filter(role__in=roles, team__in=_member_teams(on))
    return Person.objects.filter(pk__in=posts.values("person"))


def _everyone(value: str, on: date) -> QuerySet[Person]:
    return Person.objects.all()


def _people_of_department(value: str, on: date) -> QuerySet[Person]:
    return Person.objects.in_teams(Team.objects.filter(department=value), on)


AUDIENCES = (
    Kind(audiences.PUBLIC_KEY, "Tout public", people=_everyone),
    Kind("members", "Adhérents", _member_keys, people=lambda value, on: members_on(on)),
    Kind(
        "coordinators",
        "Coordinateurs et coordinatrices",
        _post_keys,
        people=lambda value, on: _holders(on, PositionRole.COORDINATOR),
    ),
    Kind(
        "leaders",
        "Leaders et gérants",
        people=lambda value, on: _holders(on, *LEADING_ROLES),
    ),
    Kind(
        "profession",
        "Profession",
        _profession_keys,
        people=lambda value, on: members_on(on).filter(profession__code=value),
        values=lambda: Profession.objects.order_by("label").values_list("code", "label"),
    ),
    Kind(
        "department",
        "Département",
        _department_keys,
        people=_people_of_department,
        values=lambda: Department.choices,
    ),
)


def register_audiences() -> None:
    audiences.register(*AUDIENCES)
