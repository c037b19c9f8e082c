"""The pages of members: who sees what, and at what cost."""

import pytest
from django.urls import reverse

from apmsl.lib.dates import today
from apmsl.lib.text import MOST_WORDS
from members.enums import PositionRole, Visibility
from tests import roles
from tests.members.factories import (
    AffiliationFactory,
    MembershipFactory,
    PersonEmailFactory,
    PersonFactory,
    PositionFactory,
    ProfessionFactory,
    ScanFactory,
    ScanFormFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


def signed_in(client, user):
    client.force_login(user)
    return user


def found(response):
    """What a list shows, in its order."""
    if "lines" in response.context:
        return [line.name for line in response.context["lines"]]
    return [str(item) for item in response.context["page"].object_list]


# -- home ------------------------------------------------------------------------------------------
def test_the_home_of_a_coordinator_shows_her_team_and_her_post(client):
    user = signed_in(client, roles.coordinator(TeamFactory(name="MSP du Lac", member=True)))

    page = client.get(reverse("members:home")).content.decode()

    assert f"Bonjour {user.person.first_name}" in page
    assert "MSP du Lac" in page
    assert "Coordination" in page


def test_the_home_of_a_person_without_link_says_so_kindly(client):
    signed_in(client, roles.ROLES["unlinked"]())

    page = client.get(reverse("members:home")).content.decode()

    assert "L’espace adhérents n’est pas ouvert pour vous aujourd’hui" in page
    assert reverse("members:people") not in page


def test_visitors_are_welcomed_and_told_that_accounts_are_by_invitation(client):
    page = client.get(reverse("members:home")).content.decode()

    assert "sur invitation" in page
    assert reverse("account_login") in page


def reminders(client):
    return [reminder.text for reminder in client.get(reverse("members:home")).context["reminders"]]


def test_what_awaits_a_coordinator_is_listed(client):
    team = TeamFactory(name="MSP du Lac")
    MembershipFactory(team=team, year=today().year, called=True)
    ScanFormFactory()
    signed_in(client, roles.coordinator(team))

    assert reminders(client) == [
        f"L’adhésion {today().year} de MSP du Lac n’est pas encore réglée.",
        f"Le Scan’équipe {today().year} de MSP du Lac est à remplir.",
        "MSP du Lac n’a pas de leader déclaré.",
    ]


def test_a_begun_form_is_said_to_be_begun(client):
    team = TeamFactory(name="MSP du Lac", member=True)
    ScanFactory(team=team, draft=True)
    signed_in(client, roles.leader(team))

    assert reminders(client) == [
        f"Le Scan’équipe {today().year} de MSP du Lac est commencé mais pas envoyé.",
        "MSP du Lac n’a pas de coordination déclarée.",
    ]


def test_nothing_awaits_when_all_is_in_order(client):
    team = TeamFactory(member=True)
    ScanFactory(team=team)
    PositionFactory(team=team, leader=True)
    signed_in(client, roles.coordinator(team))

    assert reminders(client) == []


def test_home_sends_as_many_queries_for_three_teams_as_for_one(client, record_queries):
    user = signed_in(client, roles.coordinator())
    ScanFormFactory()
    client.get(reverse("members:home"))
    with record_queries() as for_one:
        client.get(reverse("members:home"))

    for _ in range(2):
        PositionFactory(person=user.person, team=TeamFactory(member=True))
    with record_queries() as for_three:
        client.get(reverse("members:home"))

    assert for_three == for_one


# -- teams -----------------------------------------------------------------------------------------
def test_teams_are_found_without_accents_by_name_commune_or_postcode(client):
    signed_in(client, roles.member())
    TeamFactory(name="Pôle santé d’Écouflant", city="Écouflant", postcode="49000")

    for search in ("ecouflant", "ÉCOUFLANT pole", "49000"):
        response = client.get(reverse("members:teams"), {"search": search})
        assert found(response) == ["Pôle santé d’Écouflant"], search


def test_teams_are_filtered_by_departement_and_stage(client):
    signed_in(client, roles.member(TeamFactory(name="Ici", member=True)))
    TeamFactory(name="Projet", in_project=True)
    TeamFactory(name="Sarthe", department="72")

    by_stage = client.get(reverse("members:teams"), {"stage": "in_project"})
    by_department = client.get(reverse("members:teams"), {"department": "72"})

    assert found(by_stage) == ["Projet"]
    assert found(by_department) == ["Sarthe"]


def test_a_closed_team_is_seen_by_the_staff_only(client):
    closed = TeamFactory(name="Ancienne", closed=True)

    signed_in(client, roles.member(TeamFactory(name="Ici", member=True)))
    assert found(client.get(reverse("members:teams"))) == ["Ici"]
    assert client.get(closed.get_absolute_url()).status_code == 404

    signed_in(client, roles.staff())
    assert "Ancienne" in found(client.get(reverse("members:teams")))
    assert client.get(closed.get_absolute_url()).status_code == 200


def test_htmx_gets_the_results_alone_and_they_are_those_of_the_page(client):
    signed_in(client, roles.member())

    page = client.get(reverse("members:teams")).content.decode()
    piece = client.get(reverse("members:teams"), headers={"HX-Request": "true"}).content.decode()

    assert piece.strip().startswith("<section")
    assert piece.strip() in page


@pytest.mark.parametrize("name", ["members:teams", "members:people"])
def test_a_directory_sends_as_many_queries_for_three_rows_as_for_one(client, record_queries, name):
    signed_in(client, roles.member())
    client.get(reverse(name))
    with record_queries() as for_one:
        client.get(reverse(name))

    for _ in range(2):
        link = AffiliationFactory(team=TeamFactory(member=True))
        PositionFactory(person=link.person, team=link.team)
    client.get(reverse(name))  # new professions: the filters are drawn anew
    with record_queries() as for_three:
        response = client.get(reverse(name))

    assert len(found(response)) == 3
    assert for_three == for_one


# -- one team --------------------------------------------------------------------------------------
def test_a_team_shows_its_people_of_today_posts_first(client):
    team = TeamFactory(member=True)
    nurse = ProfessionFactory(label="Infirmière")
    AffiliationFactory(team=team, person=PersonFactory(last_name="Abgrall", profession=nurse))
    AffiliationFactory(team=team, ended_on=today(), person=PersonFactory(last_name="Partie"))
    coordinator = PositionFactory(team=team, person__last_name="Zola").person
    signed_in(client, roles.staff())

    people = client.get(team.get_absolute_url()).context["people"]

    assert [colleague.person.last_name for colleague in people] == ["Zola", "Abgrall"]
    assert people[0].detail == f"{coordinator.profession} – Coordination"


def test_memberships_and_form_are_shown_inside_the_team_only(client):
    team = TeamFactory(member=True)
    ScanFactory(team=team)

    signed_in(client, roles.member())
    outside = client.get(team.get_absolute_url()).content.decode()
    signed_in(client, roles.member(team))
    inside = client.get(team.get_absolute_url()).content.decode()

    assert "adhesions" not in outside
    assert "Envoyé le" not in outside
    assert "adhesions" in inside
    assert "Envoyé le" in inside


def test_a_team_sends_as_many_queries_for_three_people_as_for_one(client, record_queries):
    team = TeamFactory(member=True)
    user = signed_in(client, roles.member(team))
    PersonEmailFactory(person=user.person)
    client.get(team.get_absolute_url())
    with record_queries() as for_one:
        client.get(team.get_absolute_url())

    for _ in range(2):
        AffiliationFactory(team=team)
    with record_queries() as for_three:
        client.get(team.get_absolute_url())

    assert for_three == for_one


# -- people ----------------------------------------------------------------------------------------
def test_people_are_found_without_accents_in_any_order(client):
    signed_in(client, roles.member())
    AffiliationFactory(person=PersonFactory(first_name="Anaëlle", last_name="Le Goff"))

    AffiliationFactory(person=PersonFactory(first_name="Maëlle", last_name="Legoffic"))

    for search in ("anaelle goff", "LE GOFF", "gof  anaëlle"):
        response = client.get(reverse("members:people"), {"search": search})
        assert found(response) == ["Anaëlle Le Goff"], search


def test_a_page_pasted_into_a_search_costs_a_few_conditions(client, record_queries):
    signed_in(client, roles.member())

    for address in ("members:people", "members:teams", "events:events", "toolbox:tools"):
        with record_queries() as queries:
            pasted = " ".join(f"mot{number}" for number in range(1500))
            assert client.get(reverse(address), {"search": pasted}).status_code == 200
        assert max(query.count("LIKE") for query in queries) <= 2 * MOST_WORDS, address


def test_people_are_filtered_by_role_profession_and_departement(client):
    signed_in(client, roles.member())
    there = TeamFactory(department="53")
    leader = PositionFactory(team=there, role=PositionRole.LEADER).person
    midwife = AffiliationFactory(person__profession__code="sage-femme").person

    by_role = client.get(reverse("members:people"), {"role": "leader"})
    by_profession = client.get(reverse("members:people"), {"profession": "sage-femme"})
    by_department = client.get(reverse("members:people"), {"department": "53"})

    assert found(by_role) == [str(leader)]
    assert found(by_profession) == [str(midwife)]
    assert found(by_department) == [str(leader)]


def test_who_has_left_is_out_of_the_directory_but_known_to_the_staff(client):
    left = AffiliationFactory(ended_on=today()).person

    user = signed_in(client, roles.member())
    assert found(client.get(reverse("members:people"))) == [str(user.person)]
    assert client.get(left.get_absolute_url()).status_code == 404

    signed_in(client, roles.staff())
    assert client.get(left.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [
        (Visibility.FEDERATION, {"staff", "director"}),
        (
            Visibility.MEMBERS,
            {"member", "coordinator", "leader", "board", "staff", "director"},
        ),
        (
            Visibility.PUBLIC,
            {"member", "coordinator", "leader", "board", "staff", "director"},
        ),
    ],
)
def test_an_address_is_shown_to_whom_its_owner_chose(client, visibility, seen_by):
    email = PersonEmailFactory(visibility=visibility)
    AffiliationFactory(person=email.person)
    seeing = set()

    for name in ("member", "coordinator", "leader", "board", "staff", "director"):
        signed_in(client, roles.ROLES[name]())
        if email.address in client.get(email.person.get_absolute_url()).content.decode():
            seeing.add(name)

    assert seeing == seen_by


def test_one_sees_one_s_own_address_whatever_its_visibility(client):
    user = signed_in(client, roles.member())
    email = PersonEmailFactory(person=user.person)

    assert email.address in client.get(user.person.get_absolute_url()).content.decode()


# -- profile ---------------------------------------------------------------------------------------
def test_one_chooses_who_sees_an_address(client):
    user = signed_in(client, roles.member())
    email = PersonEmailFactory(person=user.person)

    response = client.post(reverse("members:profile"), {f"email-{email.pk}": "public"})

    assert response.status_code == 302
    email.refresh_from_db()
    assert email.visibility == Visibility.PUBLIC


def test_another_s_address_cannot_be_opened(client):
    signed_in(client, roles.member())
    other = PersonEmailFactory()

    client.post(reverse("members:profile"), {f"email-{other.pk}": "public"})

    other.refresh_from_db()
    assert other.visibility == Visibility.FEDERATION


def test_an_unknown_visibility_is_refused(client):
    user = signed_in(client, roles.member())
    email = PersonEmailFactory(person=user.person)

    response = client.post(reverse("members:profile"), {f"email-{email.pk}": "everyone"})

    assert response.status_code == 200
    email.refresh_from_db()
    assert email.visibility == Visibility.FEDERATION
