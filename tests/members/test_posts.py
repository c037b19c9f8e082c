"""Functions in a team: what each says, and what each lets its holder do."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.urls import reverse

from apmsl.lib import audiences
from apmsl.lib.dates import today
from members.access import may_send_for, teams_led_by
from members.enums import (
    SPEAKING_ROLES,
    Formalisation,
    Leadership,
    PositionRole,
    TimeUnit,
)
from members.models import Person, Position, Team
from members.models.working_time import monthly, told
from tests import roles
from tests.members.factories import PositionFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
QUIET = [role for role in PositionRole if role not in SPEAKING_ROLES]


@pytest.mark.parametrize("role", SPEAKING_ROLES)
def test_some_functions_speak_for_the_team(role):
    user, team = UserFactory(), TeamFactory(member=True)
    PositionFactory(person=user.person, team=team, role=role)

    assert may_send_for(user, team, today())
    assert list(teams_led_by(user, today())) == [team]
    key = "coordinators" if role == PositionRole.COORDINATOR else "leaders"
    assert key in user.audiences
    assert user.person in audiences.people(key, today())


@pytest.mark.parametrize("role", QUIET)
def test_the_others_are_of_the_team_and_no_more(role):
    user, team = UserFactory(), TeamFactory(member=True)
    PositionFactory(person=user.person, team=team, role=role)

    assert not may_send_for(user, team, today())
    assert not teams_led_by(user, today()).exists()
    assert not user.audiences & {"coordinators", "leaders"}
    assert "members" in user.audiences
    assert user.person not in audiences.people("leaders", today())
    assert user.person in Person.objects.in_team(team, today())


def test_a_leader_with_a_co_manager_is_not_alone():
    team = TeamFactory(member=True)
    PositionFactory(team=team, role=PositionRole.LEADER)
    assert Team.objects.led_alone(today()).exists()

    PositionFactory(team=team, role=PositionRole.CO_MANAGER)
    assert not Team.objects.led_alone(today()).exists()


@pytest.mark.parametrize(
    ("time", "unit", "hours", "words"),
    [
        ("8", TimeUnit.HOURS_A_WEEK, "34.7", "8 heures par semaine"),
        ("1", TimeUnit.DAYS_A_WEEK, "30.3", "1 jour par semaine"),
        ("2.5", TimeUnit.DAYS_A_MONTH, "17.5", "2,5 jours par mois"),
        ("42", TimeUnit.HOURS_A_MONTH, "42.0", "42 heures par mois"),
    ],
)
def test_time_is_kept_as_told_and_compared_by_the_month(time, unit, hours, words):
    post = PositionFactory.build(time_given=Decimal(time), time_unit=unit)

    post.clean()

    assert (str(monthly(Decimal(time), unit)), str(post.monthly_hours)) == (hours, hours)
    assert (
        post.time_told.replace("\xa0", " ")
        == words
        == told(Decimal(time), unit).replace("\xa0", " ")
    )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"time_given": 8}, "position_time_has_its_unit"),
        ({"time_unit": TimeUnit.DAYS_A_WEEK}, "position_time_has_its_unit"),
        ({"time_given": -1, "time_unit": TimeUnit.DAYS_A_WEEK}, "position_time_has_its_unit"),
        ({"leadership": Leadership.HISTORIC}, "position_leadership_of_leaders"),
        ({"formal_document": "posts/a.pdf"}, "position_document_says_what_it_is"),
    ],
)
def test_what_makes_no_sense_is_refused(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        PositionFactory(**fields)


def test_the_database_speaks_french():
    with pytest.raises(ValidationError, match="avec son unité"):
        PositionFactory.build(
            time_given=Decimal(8), team=TeamFactory(), person=UserFactory().person
        ).validate_constraints()


def test_a_description_is_read_again_every_year():
    kept = PositionFactory(job_description="posts/a.pdf", described_on=today())
    old = PositionFactory(job_description="posts/b.pdf", described_on=today() - timedelta(days=365))
    missing = PositionFactory()
    PositionFactory(role=PositionRole.LEADER)

    found = Position.objects.to_describe(today())

    assert set(found) == {old, missing}
    assert kept not in found


def test_the_documents_are_the_holders_the_teams_and_the_staffs(client):
    leader = roles.leader(team := TeamFactory(member=True))
    holder, quiet = roles.member(team), roles.member(team)
    post = PositionFactory(
        team=team,
        person=holder.person,
        role=PositionRole.QUALITY_REFERENT,
        formalisation=Formalisation.MISSION_LETTER,
        formal_document=ContentFile(b"%PDF-", "lettre.pdf"),
    )
    address = reverse("members:post_document", args=[post.pk, "document"])

    codes = {}
    for user in (leader, holder, roles.staff(), quiet, roles.leader()):
        client.force_login(user)
        response = client.get(address)
        codes[user] = response.status_code
        if response.streaming:
            assert b"".join(response) == b"%PDF-"
    assert list(codes.values()) == [200, 200, 200, 404, 404]
    client.force_login(leader)
    for kept in ("fiche-de-poste", "autre"):
        other = reverse("members:post_document", args=[post.pk, kept])
        assert client.get(other).status_code == 404


def test_the_team_page_tells_the_team_the_time_and_the_documents(client):
    leader = roles.leader(team := TeamFactory(member=True))
    PositionFactory(
        team=team,
        time_given=8,
        time_unit=TimeUnit.HOURS_A_WEEK,
        job_description=ContentFile(b"%PDF-", "fiche.pdf"),
    )
    page = reverse("members:team", args=[team.pk])
    client.force_login(leader)
    assert "heures par semaine" in client.get(page).content.decode()

    client.force_login(roles.member())
    assert "heures par semaine" not in client.get(page).content.decode()
