"""Rights follow from dated links of today and the membership of the year, never from a copy."""

from datetime import date, timedelta

import pytest

from apmsl.lib import audiences
from apmsl.lib.dates import today
from members.enums import PositionRole
from tests import roles
from tests.members.factories import (
    AffiliationFactory,
    MembershipFactory,
    PersonFactory,
    PositionFactory,
    TeamFactory,
)
from tests.network.factories import (
    BoardTermFactory,
    CommissionMemberFactory,
    LocalGroupTeamFactory,
    StaffPostFactory,
)
from tests.training.factories import EnrolmentFactory

pytestmark = pytest.mark.django_db


def keys(person, on=None):
    return audiences.keys_of(person.pk, on or today()) - {"public"}


def own(person):
    """What everyone has whatever their links: their profession."""
    return {f"profession:{person.profession.code}"}


def test_a_person_without_link_is_in_their_profession_only():
    person = PersonFactory()

    assert keys(person) == own(person)


def test_practising_in_a_member_team_makes_a_member():
    link = AffiliationFactory(team=TeamFactory(member=True))

    assert keys(link.person) == own(link.person) | {"members", "department:44"}


def test_a_team_that_has_not_paid_opens_nothing():
    membership = MembershipFactory(called=True)
    position = PositionFactory(team=membership.team)

    assert keys(position.person) == own(position.person) | {"department:44"}


def test_a_closed_team_opens_nothing():
    position = PositionFactory(team=TeamFactory(member=True, closed=True))

    assert "members" not in keys(position.person)


def test_an_ended_post_opens_nothing():
    position = PositionFactory(team=TeamFactory(member=True), ended=True)

    assert keys(position.person) == own(position.person)


def test_a_link_ends_on_its_last_day():
    position = PositionFactory(team=TeamFactory(member=True), ended_on=today())

    assert "coordinators" not in keys(position.person)


def test_a_post_to_come_opens_nothing_yet():
    position = PositionFactory(
        team=TeamFactory(member=True), started_on=today() + timedelta(days=1)
    )

    assert "coordinators" not in keys(position.person)


@pytest.mark.parametrize(
    ("role", "audience"),
    [
        (PositionRole.COORDINATOR, "coordinators"),
        (PositionRole.LEADER, "leaders"),
        (PositionRole.MANAGER, "leaders"),
    ],
)
def test_a_post_in_a_member_team_gives_its_audience(role, audience):
    position = PositionFactory(team=TeamFactory(member=True), role=role)

    assert keys(position.person) == own(position.person) | {"members", "department:44", audience}


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2026, 6, 30), True), (date(2026, 7, 1), False)]
)
def test_the_membership_of_the_year_before_opens_until_the_end_of_june(day, expected):
    team = TeamFactory()
    MembershipFactory(team=team, year=2025, paid_on=date(2025, 3, 1))
    link = AffiliationFactory(team=team)

    assert ("members" in keys(link.person, day)) is expected


def test_an_isolated_professional_with_a_paid_membership_is_a_member():
    membership = MembershipFactory(team=None, person=PersonFactory())

    assert "members" in keys(membership.person)


def test_board_staff_group_commission_and_cohort_give_theirs():
    team = TeamFactory(member=True)
    group_team = LocalGroupTeamFactory(team=team)
    person = PositionFactory(team=team).person
    BoardTermFactory(person=person)
    StaffPostFactory(person=person, is_director=True)
    commission = CommissionMemberFactory(person=person).commission
    cohort = EnrolmentFactory(person=person).cohort

    assert keys(person) == own(person) | {
        "members",
        "coordinators",
        "department:44",
        "board",
        "staff",
        "director",
        f"local_group:{group_team.group.code}",
        f"commission:{commission.code}",
        f"cohort:{cohort.code}",
    }


def test_the_people_of_an_audience_are_those_who_are_in_it():
    users = [make() for make in (roles.member, roles.coordinator, roles.leader, roles.board)]
    MembershipFactory(team=None, person=PersonFactory())

    for audience in ("members", "coordinators", "leaders", "board", "department:44"):
        people = set(audiences.people(audience, today()).values_list("pk", flat=True))
        expected = {user.person_id for user in users if audience in user.audiences}
        assert people & {user.person_id for user in users} == expected, audience


def test_a_deactivated_account_is_in_no_audience():
    user = roles.staff()
    user.is_active = False

    assert user.audiences == {"public"}


def test_audiences_cost_one_query(record_queries):
    user = roles.coordinator()

    with record_queries() as queries:
        assert user.is_staff is False
        assert "coordinators" in user.audiences

    assert len(queries) == 1


def test_the_board_sees_what_is_for_members_without_being_one():
    user = roles.board()

    assert "members" not in user.audiences
    assert user.seen_audiences == user.audiences | {"members"}
