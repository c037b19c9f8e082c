"""The Scan'équipe as a wide picture: a drawing that stands by itself, and a page of 16 by 9."""

import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from outloud import check
from PIL import Image
from pypdf import PdfReader

from apmsl.jobs.models import Run
from apmsl.lib import pdf
from apmsl.lib.charts.text import width
from apmsl.lib.dates import today
from reports.builders import documents, wide
from reports.enums import Document
from tests.members.factories import ScanFactory, TeamFactory
from tests.reports import examples
from tests.roles import coordinator, member

SHEETS = {
    "full": examples.team_sheet,
    "empty": examples.empty_team_sheet,
    "crowded": examples.crowded_team_sheet,
}
ANY = pytest.mark.parametrize("name", SHEETS)
SVG = "{http://www.w3.org/2000/svg}"


@ANY
def test_the_picture_is_well_formed_and_asks_for_nothing(name):
    drawn = wide.picture(SHEETS[name]())

    root = ElementTree.fromstring(drawn)  # noqa: S314  our own

    assert root.get("viewBox") == "0 0 1600 900"
    assert "http://" not in drawn.replace("http://www.w3.org", "")
    assert "https://" not in drawn
    assert drawn.count("data:font/woff2;base64,") == 2
    assert "None" not in "".join(root.itertext())


@ANY
def test_nothing_is_written_beyond_the_picture(name):
    """Of the texts of the picture itself: a drawing inside it keeps to its own frame."""
    root = ElementTree.fromstring(wide.picture(SHEETS[name]()))  # noqa: S314

    for text in root.findall(f"{SVG}text"):
        size, x, y = (float(text.get(key)) for key in ("font-size", "x", "y"))
        wide_as = width(text.text, size, bold=text.get("font-weight") == "700")
        edge = 560 if x < 560 else 1600
        assert x + wide_as <= edge, text.text
        assert 0 < y < 900, text.text


@ANY
def test_the_page_is_one_of_16_by_9_that_is_read_aloud(name, tmp_path):
    content = pdf.render(wide.page_html(SHEETS[name]()))
    path = tmp_path / "wide.pdf"
    path.write_bytes(content)

    pages = PdfReader(io.BytesIO(content)).pages

    assert len(pages) == 1
    box = pages[0].mediabox
    assert round(float(box.width) / float(box.height), 3) == round(16 / 9, 3)
    assert [f for f in check(path).findings if f.severity == "error"] == []


def test_a_name_of_ninety_letters_is_written_whole_and_no_number_stands_on_a_label():
    sheet = examples.crowded_team_sheet()
    drawn = wide.wide(sheet)

    assert " ".join(line.text for line in drawn.name_lines) == sheet.name
    people = drawn.people
    for row in people.rows:
        room = width(row.item.text, people.size, bold=True)
        ends = [float(line.x) for line in row.labels]
        assert max(ends) <= float(people.number_x) - room, row.item


def test_the_logo_stands_under_the_year_with_the_federation():
    practices = [replace(one, answer=True) for one in examples.team_sheet().practices]
    sheet = replace(examples.team_sheet(), practices=practices, logo="data:image/jpeg;base64,")

    root = ElementTree.fromstring(wide.svg(sheet))  # noqa: S314

    lowest = max(float(line.y) for line in wide.wide(sheet).network)
    logo = root.find(f"{SVG}image")
    assert lowest + 6 < float(logo.get("y"))
    assert float(logo.get("y")) + float(logo.get("height")) < 900


def test_the_picture_is_to_be_had_as_a_png():
    drawn = wide.bitmap(wide.svg(examples.empty_team_sheet()))

    with Image.open(io.BytesIO(drawn)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1920, 1080))
        colours = picture.convert("RGB").getcolors(picture.width * picture.height)
    assert {(11, 93, 102), (255, 255, 255)} <= {colour for _, colour in colours}


@pytest.mark.django_db
def test_the_png_is_asked_for_on_the_page_and_named_after_the_team(client):
    team = TeamFactory(member=True, name="Les Dunes & Cie")
    ScanFactory(team=team)
    client.force_login(coordinator(team))
    url = reverse("reports:scan", args=[team.pk, today().year])

    client.post(url, {"document": "scan-image"})
    client.post(url, {"document": "activity"})  # of another page: that of the team is made

    kinds = [run.kind for run in Run.objects.order_by("pk")]
    assert kinds == [Document.SCAN_IMAGE, Document.SCAN]
    page = documents.page(Document.SCAN_IMAGE, Run.objects.earliest("pk").params)
    assert page.filename == f"scan-equipe-{today().year}-les-dunes-cie.png"


def test_the_description_says_what_is_drawn():
    said = wide.wide(examples.team_sheet()).description

    for piece in (
        "38 professionnels",
        "Infirmiers",
        "Accueille des stagiaires",
        "7 rencontres",
        "2 matériels empruntés",
    ):
        assert piece in said.replace("\u00a0", " ")
    assert "éducation thérapeutique" not in said  # the team answered no


def test_what_the_team_leaves_out_is_not_in_the_picture():
    sheet = replace(examples.team_sheet(), hidden={"composition", "network"})

    drawn = wide.picture(sheet)

    assert "Infirmiers" not in drawn
    assert "rencontres suivies" not in drawn
    assert "Accueille des stagiaires" in drawn


@pytest.mark.django_db
def test_the_picture_is_for_those_who_read_the_page(client):
    team = TeamFactory(member=True, name="Les Dunes & Cie")
    ScanFactory(team=team)
    url = reverse("reports:scan_picture", args=[team.pk, today().year])

    client.force_login(coordinator(team))
    answer = client.get(url)
    client.force_login(member())
    refused = client.get(url)

    assert answer["Content-Type"] == "image/svg+xml"
    assert re.search(r'filename="scan-equipe-\d+-les-dunes-cie.svg"', answer["Content-Disposition"])
    assert "script" not in answer["Content-Security-Policy"]
    assert "Dunes &amp; Cie" in answer.content.decode()
    assert refused.status_code == 404
