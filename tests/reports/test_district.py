"""« Mon département »: what is there, what waits there, and where each figure leads."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from apmsl.lib.dates import today
from reports.builders import district
from tests.events.factories import EventFactory
from tests.members.factories import (
    ExchangeFactory,
    FirstContactFactory,
    MembershipFactory,
    PositionFactory,
    TeamFactory,
)
from tests.roles import board, staff

pytestmark = pytest.mark.django_db
URL = "reports:district"
DAY = date(2023, 12, 20)


@pytest.fixture(autouse=True)
def _in_december(settings):
    settings.PORTAL_DATE = DAY


@pytest.fixture
def sarthe():
    """Two teams, of which one is constituted; one of another département beside."""
    for code, facts in (("72", {}), ("72", {"in_project": True}), ("44", {})):
        team = TeamFactory(department=code, **facts)
        MembershipFactory(team=team, year=DAY.year)
        PositionFactory(team=team, started_on=date(2022, 1, 1))
        FirstContactFactory(department=code, received_on=date(2023, 2, 1))
        ExchangeFactory(team=team, happened_on=date(2023, 3, 1))
        EventFactory(held=True, starts_on=date(2023, 3, 1), department=code)
        EventFactory(title=f"À venir {code}", starts_on=today() + timedelta(9), department=code)


def figures(code):
    return {one.label: one for one in district.of_department(code, DAY.year).figures}


def test_a_departement_counts_what_is_its_own(sarthe):
    assert {label: one.value for label, one in figures("72").items()} == {
        "équipes adhérentes": 2,
        "équipe constituée": 1,
        "équipe en projet": 1,
        "personne à la coordination": 1,
        "actions tenues ici": 2,
        "équipe touchée": 0,
        "premiers contacts": 2,
        "équipe sans contact": 0,
        "échanges notés": 2,
    }


def test_each_figure_opens_its_list(client, sarthe):
    client.force_login(staff())

    for figure in figures("72").values():
        page = client.get(figure.url)
        listed = page.context["page"] if "page" in page.context else page.context["cl"]
        assert listed.paginator.count == figure.value, figure


def test_the_page_shows_what_waits_and_what_comes_there(client, sarthe):
    TeamFactory(department="72", member=True)
    client.force_login(staff())

    page = client.get(reverse(URL), {"departement": "72"})

    found = page.context["district"]
    assert [event.title for event in found.coming] == ["À venir 72"] * 2
    waiting = {label: cell for label, cell in found.waiting}
    assert waiting["Aucun contact cette année"].count == 1
    answer = client.get(waiting["Aucun contact cette année"].url)
    assert answer.context["cl"].paginator.count == 1


def test_it_opens_on_the_departement_that_one_follows_most(client, sarthe):
    user = staff()
    FirstContactFactory(department="53", officer=user.person)
    FirstContactFactory(department="72")
    client.force_login(user)

    assert client.get(reverse(URL)).context["district"].department == "53"


def test_without_anything_in_charge_it_opens_on_the_first(client, sarthe):
    client.force_login(staff())

    assert client.get(reverse(URL)).context["district"].department == "44"


def test_a_departement_without_teams_says_so(client, sarthe):
    client.force_login(staff())

    page = client.get(reverse(URL), {"departement": "85"}).content.decode()

    assert "Aucune équipe adhérente ici" in page
    assert "Rien n’attend dans ce département." in page
    assert "Rien n’est prévu dans ce département pour l’instant." in page


def test_another_departement_is_not_found(client, sarthe):
    client.force_login(staff())

    assert client.get(reverse(URL), {"departement": "75"}).status_code == 404


def test_its_figures_are_taken_away(client, sarthe):
    client.force_login(staff())

    answer = client.get(reverse(URL), {"departement": "72", "export": "chiffres.csv"})

    rows = answer.getvalue().decode().splitlines()
    assert rows[0].removeprefix("\ufeff") == ";2023"
    assert rows[1] == "équipes adhérentes;2"


def test_before_any_record_the_page_says_so(client):
    client.force_login(staff())

    assert "Aucune année" in client.get(reverse(URL)).content.decode()


def test_it_is_the_staff_s(client, sarthe):
    client.force_login(board())

    assert client.get(reverse(URL)).status_code == 404
