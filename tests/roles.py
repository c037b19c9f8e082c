"""One account per role, each by the dated links that make it: nobody is given a right directly."""

from collections.abc import Callable
from types import MappingProxyType

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser

from members.models import Team, User
from tests.members.factories import (
    AffiliationFactory,
    PositionFactory,
    TeamFactory,
    UserFactory,
)
from tests.network.factories import BoardTermFactory, StaffPostFactory


def with_second_factor(user: User) -> User:
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": "not-a-real-secret"}
    )
    return user


def member(team: Team | None = None) -> User:
    user = UserFactory()
    AffiliationFactory(person=user.person, team=team or TeamFactory(member=True))
    return user


def coordinator(team: Team | None = None) -> User:
    user = UserFactory()
    PositionFactory(person=user.person, team=team or TeamFactory(member=True))
    return user


def leader(team: Team | None = None) -> User:
    user = UserFactory()
    PositionFactory(person=user.person, team=team or TeamFactory(member=True), leader=True)
    return user


def board() -> User:
    user = with_second_factor(UserFactory())
    BoardTermFactory(person=user.person)
    return user


def staff() -> User:
    user = with_second_factor(UserFactory())
    StaffPostFactory(person=user.person)
    return user


def director() -> User:
    user = with_second_factor(UserFactory())
    StaffPostFactory(person=user.person, is_director=True, job="Direction")
    return user


ROLES: MappingProxyType[str, Callable[[], User | AnonymousUser]] = MappingProxyType(
    {
        "anonymous": AnonymousUser,
        "unlinked": UserFactory,
        "member": member,
        "coordinator": coordinator,
        "leader": leader,
        "board": board,
        "staff": staff,
        "director": director,
    }
)
