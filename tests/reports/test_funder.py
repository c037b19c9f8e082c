"""The year as the funders ask about it: lines of the agreement, territories, teams nobody met."""

from datetime import date

import pytest
from django.urls import reverse

from apmsl.lib import geography
from reports.builders import funder
from tests.events.factories import (
    AttendanceFactory,
    EventFactory,
    EventSessionFactory,
    RegistrationFactory,
)
from tests.members.factories import ExchangeFactory, MembershipFactory, TeamFactory
from tests.reports.factories import ExternalFigureFactory
from tests.roles import board, coordinator, staff

pytestmark = pytest.mark.django_db
URL = "reports:funder"
YEAR = 2023
NANTES = "244400404"


@pytest.fixture(autouse=True)
def _in_december(settings):
    settings.PORTAL_DATE = date(YEAR, 12, 31)


def member(**facts):
    team = TeamFactory(**facts)
    MembershipFactory(team=team, year=YEAR)
    return team


def held(line="", *, day=date(YEAR, 3, 1), **facts):
    event = EventFactory(held=True, starts_on=day, cpom_line=line, **facts)
    return event, EventSessionFactory(event=event, held_on=day)


def came(session, team):
    person = RegistrationFactory(event=session.event, team=team).person
    AttendanceFactory(session=session, person=person)


@pytest.fixture
def federation():
    """Two teams touched of four: one of Nantes by two lines, one of Mayenne by what has no line."""
    near = member(name="Proche", cpts="Grand Nantes")
    far = member(name="Loin", department="53", insee_code="53130", city="Laval")
    noted = member(name="Notée", department="85", insee_code="85191", city="La Roche-sur-Yon")
    silent = member(name="Silencieuse", cpts="Grand Nantes")
    ExchangeFactory(team=noted, happened_on=date(YEAR, 5, 1))
    for line in ("Prévention", "Coordination", "Coordination"):
        _, session = held(line)
        came(session, near)
    _, session = held("")
    came(session, far)
    held("Prévention", day=date(YEAR - 1, 3, 1))
    EventFactory(cpom_line="Prévention", starts_on=date(YEAR, 4, 1))
    return {"near": near, "far": far, "noted": noted, "silent": silent}


def lines(table):
    return {name: [cell.value for cell in cells] for name, cells in table.lines}


def test_actions_are_counted_by_line_of_the_agreement(federation):
    found = funder.view(YEAR)

    # Held in the year alone; what has no line is told apart, last before the whole.
    assert lines(found.lines) == {
        "Coordination": [2, 2, 2, 1],
        "Prévention": [1, 1, 1, 1],
        "Sans ligne notée": [1, 1, 1, 1],
        "En tout": [4, 4, 4, 2],
    }


def test_territories_say_how_many_of_their_teams_were_touched(federation):
    departments, communities, cpts = map(lines, funder.view(YEAR).territories)

    assert departments["Loire-Atlantique"] == [2, 1, 50, 1]
    assert departments["Mayenne"] == [1, 1, 100, 0]
    # Nobody there: nothing to take a share of.
    assert departments["Sarthe"] == [0, 0, None, 0]
    assert communities[geography.epci_name(NANTES)] == [2, 1, 50, 1]
    assert len(communities) == 3
    assert cpts == {"Grand Nantes": [2, 1, 50, 1], "Sans CPTS notée": [2, 1, 50, 0]}


def test_a_team_with_no_contact_is_one_with_nothing_noted_in_the_year(federation):
    found = funder.view(YEAR)

    assert [team.name for team in found.silent] == ["Silencieuse"]
    assert [mark.name for mark in found.map.marks] == ["Silencieuse"]


def test_every_figure_opens_as_many_records_as_it_says(client, federation):
    client.force_login(board())
    found = funder.view(YEAR)

    opened = 0
    for table in (found.lines, *found.territories):
        for _, cells in table.lines:
            for cell in cells:
                if cell.url and "présences" not in cell.label.lower():
                    page = client.get(cell.url)
                    assert page.context["page"].paginator.count == cell.value, cell
                    opened += 1
    assert opened == 12 + 6 + 6 + 3
    for tile in found.tiles:
        if tile.url.startswith("/"):
            assert client.get(tile.url).context["page"].paginator.count == tile.value


def test_attendance_opens_the_events_with_how_many_came_and_names_nobody(client, federation):
    client.force_login(board())
    url = reverse("reports:listing", args=[YEAR, "actions"])

    answer = client.get(url, {"ligne": "Coordination", "export": "csv"})

    rows = answer.getvalue().decode().splitlines()
    assert rows[0].endswith(";Présences")
    assert [row.rpartition(";")[2] for row in rows[1:]] == ["1", "1"]


def test_the_page_shows_what_is_planned(client, federation):
    ExternalFigureFactory(year=YEAR, key="cpom_teams", value=8)
    client.force_login(board())

    page = client.get(reverse(URL, args=[YEAR]))

    (planned,) = page.context["view"].planned
    assert planned.so_far == "4 sur 8, 50\u00a0%"
    assert "Silencieuse" in page.content.decode()


def test_what_is_shown_is_taken_away(client, federation):
    client.force_login(board())
    url = reverse(URL, args=[YEAR])

    table = client.get(url, {"export": "epci.csv"}).getvalue().decode().splitlines()
    drawn = client.get(url, {"export": "sans-contact.svg"})

    assert table[0].removeprefix("\ufeff").split(";")[0] == "Intercommunalité"
    assert len(table) == 4
    assert drawn["Content-Disposition"] == 'attachment; filename="financeur-2023-sans-contact.svg"'
    # It stands alone: nothing in it leads to the portal.
    assert b"href" not in drawn.content


def test_the_map_is_taken_away_as_a_picture(client, federation):
    client.force_login(board())

    answer = client.get(reverse(URL, args=[YEAR]), {"export": "sans-contact.png"})

    assert answer["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("export", ["", "epci", "epci.png", "rien.svg", "epci.exe", ".csv"])
def test_what_cannot_be_taken_away_is_not_found(client, federation, export):
    client.force_login(board())

    assert client.get(reverse(URL, args=[YEAR]), {"export": export}).status_code == 404


@pytest.mark.parametrize(
    ("subject", "cut"),
    [
        ("rien", {}),
        ("equipes", {"departement": "75"}),
        ("equipes", {"epci": "x"}),
        ("actions", {"export": "exe"}),
    ],
)
def test_a_list_that_cannot_be_is_not_found(client, federation, subject, cut):
    client.force_login(board())

    assert client.get(reverse("reports:listing", args=[YEAR, subject]), cut).status_code == 404


def test_a_year_without_events_has_no_empty_table(client):
    member()
    client.force_login(board())

    page = client.get(reverse(URL, args=[YEAR])).content.decode().replace("\u00a0", " ")

    assert "Aucune action n’a encore été tenue en 2023." in page
    assert "Aucun volume n’est noté pour 2023." in page


def test_when_every_team_was_met_the_page_says_so(client):
    ExchangeFactory(team=member(), happened_on=date(YEAR, 5, 1))
    client.force_login(staff())

    page = client.get(reverse(URL, args=[YEAR]))

    assert page.context["view"].map is None
    assert "Toutes les équipes adhérentes ont été rencontrées en 2023." in page.content.decode()


def test_as_many_queries_for_many_teams_and_lines(client, federation, record_queries):
    client.force_login(board())
    with record_queries() as few:
        client.get(reverse(URL, args=[YEAR]))
    for n in range(5):
        _, session = held(f"Ligne {n}")
        came(session, member())

    with record_queries() as many:
        client.get(reverse(URL, args=[YEAR]))

    assert len(many) == len(few)


def test_it_is_for_board_and_staff(client, federation):
    client.force_login(coordinator())

    assert client.get(reverse(URL, args=[YEAR])).status_code == 404
    assert client.get(reverse("reports:listing", args=[YEAR, "equipes"])).status_code == 404
