"""Who leads the federation, who works there, and where it sits."""

from itertools import groupby
from typing import Any

from django.db.models import Count, F, Q

from members.models import Affiliation
from network.enums import BoardRole, MandateRank
from network.models import (
    BoardTerm,
    Commission,
    CommissionMember,
    Institution,
    Mandate,
    PartnerAgreement,
    StaffPost,
)
from reports.builders.activity.material import Seat
from reports.builders.figures import Person
from reports.indicators import Scope

_RANKS = {role.value: rank for rank, role in enumerate(BoardRole)}


# -- people ----------------------------------------------------------------------------------------
def board(scope: Scope) -> list[Person]:
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


def staff(scope: Scope) -> list[Person]:
    posts = StaffPost.objects.on(scope.as_of).select_related("person")
    ordered = posts.order_by(F("is_director").desc(), "person__sort_name", "pk")
    return [Person(name=str(post.person), role=post.job) for post in ordered]


# -- representation --------------------------------------------------------------------------------
def seats(scope: Scope) -> list[Seat]:
    """Where somebody sits on the day, or went in the year: the meetings add up to all of them."""
    people = _representatives(scope)
    held = Count("meetings", filter=scope.in_year("meetings__held_on"))
    found = Institution.objects.annotate(held=held).filter(Q(pk__in=people) | Q(held__gt=0))
    return [
        Seat(institution=name, people=people.get(pk, ""), meetings=held)
        for pk, name, held in found.order_by("name", "pk").values_list("pk", "name", "held")
    ]


def _representatives(scope: Scope) -> dict[int, str]:
    held = Mandate.objects.on(scope.as_of).select_related("person")
    # « full » comes before « substitute ».
    ordered = held.order_by("institution", "rank", "person__sort_name", "pk")
    return {
        institution: ", ".join(map(_representative, mandates))
        for institution, mandates in groupby(ordered, key=lambda mandate: mandate.institution_id)
    }


def _representative(mandate: Mandate) -> str:
    name = str(mandate.person)
    return f"{name} (suppléance)" if mandate.rank == MandateRank.SUBSTITUTE else name


def partners(scope: Scope) -> list[str]:
    agreements = PartnerAgreement.objects.on(scope.as_of).order_by("partner__name", "pk")
    return [
        f"{name}, convention depuis {signed_on.year}"
        for name, signed_on in agreements.values_list("partner__name", "signed_on")
    ]


# -- commissions -----------------------------------------------------------------------------------
def commissions(scope: Scope) -> list[tuple[str, str, int]]:
    """Those that exist on the day, and those that met in the year before they closed."""
    held = Count("meetings", filter=scope.in_year("meetings__held_on"))
    open_ones = Commission.objects.on(scope.as_of).values("pk")
    found = Commission.objects.annotate(held=held).filter(Q(pk__in=open_ones) | Q(held__gt=0))
    people = _leaders()
    return [
        (name, people.get(pk, ""), held)
        for pk, name, held in found.order_by("name", "pk").values_list("pk", "name", "held")
    ]


def _leaders() -> dict[int, str]:
    """The board's member first."""
    members = CommissionMember.objects.select_related("person")
    ordered = members.order_by("commission", "capacity", "person__sort_name", "pk")
    return {
        commission: ", ".join(str(member.person) for member in found)
        for commission, found in groupby(ordered, key=lambda member: member.commission_id)
    }
