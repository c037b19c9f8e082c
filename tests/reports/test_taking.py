"""What a page of reports shows is taken away: every link that it offers gives its file."""

import re
from datetime import date
from html import unescape
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from tests.events.factories import EventFactory
from tests.members.factories import FirstContactFactory, MembershipFactory, TeamFactory
from tests.reports.factories import ExternalFigureFactory
from tests.roles import board

pytestmark = pytest.mark.django_db
YEAR = 2023
TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml; charset=utf-8",
    "csv": "text/csv; charset=utf-8; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@pytest.fixture
def reader(client, settings):
    """Of a year that has teams, events and volumes."""
    settings.PORTAL_DATE = date(YEAR, 12, 31)
    MembershipFactory(team=TeamFactory(), year=YEAR)
    FirstContactFactory(received_on=date(YEAR, 2, 1))
    EventFactory(held=True, starts_on=date(YEAR, 3, 1))
    ExternalFigureFactory(year=YEAR, key="cpom_first_contacts", value=4)
    client.force_login(board())
    return client


def offered(page):
    """The addresses of files: of the page that shows them, or of its lists."""
    found = re.findall(r'href="([^"]*export=[^"]*)" download', page.content.decode())
    return [unescape(url) for url in found]


@pytest.mark.parametrize(
    ("name", "args", "query", "files"),
    [
        ("year", [YEAR], "?chapitre=members", {"teams_by_department": "png svg xlsx csv"}),
        ("year", [YEAR], "?chapitre=teams", {"rencontres": "xlsx csv"}),
        ("dashboard", [], "", {"volumes": "png svg xlsx csv", "les-equipes": "xlsx csv"}),
        ("indicator", [YEAR, "teams_by_department"], "", {"teams_by_department": "png svg"}),
        ("compare", [], "", {"teams": "png svg xlsx csv"}),
    ],
)
def test_every_file_that_a_page_offers_can_be_had(reader, name, args, query, files):
    url = reverse(f"reports:{name}", args=args)

    links = offered(reader.get(url + query))

    for key, kinds in files.items():
        for kind in kinds.split():
            assert any(link.endswith(f"export={key}.{kind}") for link in links), (key, kind)
    for link in links:
        kind = link.rpartition(".")[2].rpartition("=")[2]
        if kind != "png":
            answer = reader.get(url + link)
            assert (answer.status_code, answer["Content-Type"]) == (200, TYPES[kind]), link
            assert answer["Content-Disposition"].startswith("attachment"), link


def test_a_picture_is_had_as_a_png(reader):
    answer = reader.get(reverse("reports:compare"), {"export": "teams.png"})

    assert answer["Content-Type"] == TYPES["png"]
    assert answer.content.startswith(b"\x89PNG")


def test_a_drawing_stands_alone_with_its_title_and_its_figures(reader):
    url = reverse("reports:indicator", args=[YEAR, "teams_by_department"])

    root = ElementTree.fromstring(reader.get(url, {"export": "teams_by_department.svg"}).content)  # noqa: S314  our own

    words = " ".join(text.text for text in root.iter("{http://www.w3.org/2000/svg}text"))
    assert words == "Équipes constituées par département Loire-Atlantique 1"


@pytest.mark.parametrize("export", ["", "rien.svg", "teams.exe", "teams"])
@pytest.mark.parametrize("name", ["dashboard", "compare"])
def test_a_file_that_no_page_offers_is_not_found(reader, name, export):
    assert reader.get(reverse(f"reports:{name}"), {"export": export}).status_code == 404
