"""A team with forty professions and a name of ninety letters, or without a form, from its records to
every document and page that names it: all of it is there, whole."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from apmsl.lib.dates import reference_day, today
from members.enums import PositionRole, QuestionKind
from members.models import ScanAnswer, ScanHeadcount, Team
from reports.builders import documents
from reports.enums import Document
from tests.members.factories import (
    AffiliationFactory,
    PositionFactory,
    ProfessionFactory,
    QuestionFactory,
    ScanFactory,
    TeamFactory,
)
from tests.network.factories import LocalGroupFactory, LocalGroupTeamFactory
from tests.roles import board, coordinator

pytestmark = pytest.mark.django_db

NAME = "Maison de santé pluriprofessionnelle universitaire des Pays de Château-Gontier-sur-Mayenne"
CITY = "Saint-Georges-du-Bois-de-la-Vallée-sur-Sarthe"
PROFESSIONS = 40
# Where they begin, from the top of the page (static/css/pdf/scan.css).
TILES, BAND = 65, 256


@pytest.fixture
def crowded() -> Team:
    assert len(NAME) == 90
    team = TeamFactory(member=True, name=NAME, city=CITY)
    scan = ScanFactory(team=team)
    ScanAnswer.objects.create(scan=scan, question=QuestionFactory(), number=123_456)
    asked = QuestionFactory(key="headcount", kind=QuestionKind.PROFESSION_COUNT, label="Effectifs")
    for rank in range(PROFESSIONS):
        profession = ProfessionFactory(
            code=f"metier-{rank}", label=f"Masseur-kinésithérapeute du sport {rank + 1:02}"
        )
        ScanHeadcount.objects.create(
            scan=scan, question=asked, profession=profession, headcount=PROFESSIONS - rank
        )
    for role in PositionRole:
        PositionFactory(team=team, role=role)
    AffiliationFactory(team=team)
    LocalGroupTeamFactory(team=team, group=LocalGroupFactory(code="g", name="Groupe " + NAME[:80]))
    return team


def drawn(document: Document, about=None) -> bytes:
    year = today().year
    given = documents.parameters(year, reference_day(year), about)
    return documents.page(document, given).drawn()


def words(content: bytes) -> str:
    """Without spaces: a line may end anywhere."""
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("document", [Document.SCAN, Document.SCAN_WIDE])
def test_the_page_of_a_crowded_team_is_one_and_holds_its_name_and_its_people(crowded, document):
    content = drawn(document, crowded)
    printed = words(content)

    assert len(PdfReader(io.BytesIO(content)).pages) == 1
    assert "".join(NAME.split()) in printed
    assert f"{PROFESSIONS}professions" in printed
    assert str(sum(range(1, PROFESSIONS + 1))) in printed


def lowest(content: bytes, text: str) -> float:
    """How far below the top of the page it is written, in millimetres."""
    [page] = PdfReader(io.BytesIO(content)).pages
    found: list[float] = []

    def visit(written, matrix, text_matrix, *_font) -> None:
        if text in written:
            found.append(text_matrix[5] * matrix[3] + matrix[5])

    page.extract_text(visitor_text=visit)
    return (float(page.mediabox.height) - min(found)) * 25.4 / 72


def test_what_the_head_of_a_page_says_ends_above_its_figures(crowded):
    """However long the name, its town, the group's name."""
    group = crowded.group_teams.get().group

    assert 50 < lowest(drawn(Document.SCAN, crowded), "Un seul site") < TILES
    assert 30 < lowest(drawn(Document.GROUP_CARD, group), "Loire-Atlantique") < TILES


def test_the_first_professions_of_the_region_end_above_the_band_below(crowded):
    told = ScanHeadcount.objects.order_by("-headcount").first()
    for _ in range(4):  # under five teams the page says nothing of them
        scan = ScanFactory(team=TeamFactory(member=True))
        ScanHeadcount.objects.create(
            scan=scan, question=told.question, profession=told.profession, headcount=1
        )

    assert lowest(drawn(Document.SCAN_REGION), "sport 05") < BAND


@pytest.mark.parametrize(
    "document",
    [Document.ACTIVITY, Document.SLIDES, Document.NETWORK, Document.SCAN_REGION],
)
def test_the_documents_of_the_year_are_drawn(crowded, document):
    assert PdfReader(io.BytesIO(drawn(document))).pages


@pytest.mark.parametrize("form", [None, "draft"])
def test_the_page_of_a_team_that_sent_no_form_says_so_and_is_drawn(client, form):
    team = TeamFactory(member=True)
    if form:
        ScanFactory(team=team, draft=True)
    client.force_login(coordinator(team))

    page = client.get(reverse("reports:scan", args=[team.pk, today().year])).content.decode()

    assert "Le portrait de l’équipe reste à faire" in page
    content = drawn(Document.SCAN, team)
    assert len(PdfReader(io.BytesIO(content)).pages) == 1
    assert "None" not in words(content)


def test_a_year_with_one_team_that_sent_no_form_is_drawn_without_it(client):
    TeamFactory(member=True)
    client.force_login(board())

    for document in (Document.ACTIVITY, Document.SLIDES, Document.NETWORK, Document.SCAN_REGION):
        assert PdfReader(io.BytesIO(drawn(document))).pages
    assert client.get(reverse("reports:year", args=[today().year])).status_code == 200
