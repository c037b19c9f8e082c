"""Documents made from the records of 2023: what they say, and that a screen reader can say it too."""

import io
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.text import slugify
from outloud import check
from pypdf import PdfReader

from apmsl.lib import pdf
from members.models import Team
from network.models import LocalGroup
from reports import indicators
from reports.builders import documents, reading
from reports.builders.reading.activity import sender
from reports.enums import Chapter, Document, Unit
from reports.models import ExternalFigure, ReportText
from tests.reports import published

pytestmark = pytest.mark.xdist_group("documents of 2023")

DAY = date(2023, 12, 31)
READ_ON_EVERY_PAGE = "PAG-001"


def text_of(content: bytes) -> str:
    """Without spaces: what stands between two words of a PDF is anybody's guess."""
    pages = PdfReader(io.BytesIO(content)).pages
    return bare("".join(page.extract_text() for page in pages))


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def page(document, about=None) -> documents.Page:
    return documents.page(document, documents.parameters(2023, DAY, about))


def spoken_errors(content: bytes, folder: Path) -> list[object]:
    """What would stop a screen reader, and what it would read on every page for nothing."""
    file = folder / "document.pdf"
    file.write_bytes(content)
    return [
        finding
        for finding in check(file).findings
        if finding.severity == "error" or finding.rule == READ_ON_EVERY_PAGE
    ]


@pytest.fixture(scope="module")
def activity(federation_2023) -> bytes:
    ReportText.objects.create(
        year=2023,
        chapter=Chapter.FOREWORD,
        body="Une **année** dense.\n\n<script>alert(1)</script> ![x](https://exemple.test/x.png)",
        signature="Anne Le Goff",
    )
    call_command("demo_figures")
    return pdf.render(page(Document.ACTIVITY).html)


@pytest.fixture(scope="module")
def activity_text(activity) -> str:
    return text_of(activity)


# -- the figures that were published, see docs/chiffres-2023.md --------------------------------------
def test_every_published_figure_is_held_once_or_explained():
    rows = published.published()

    assert len({row.code for row in rows}) == len(rows) == 250
    assert Counter(row.held for row in rows) == published.counts_of_the_page()
    told = {row.by for row in rows if row.held == "explained"}
    noted = {slugify(row.note) for row in rows if row.note}
    assert told | noted == published.headings_of_the_page()


def test_the_indicators_give_what_was_published(federation_2023):
    values = indicators.compute(2023)

    found = {row: published.counted(row, values) for row in published.published("computed")}

    assert [(row.code, value) for row, value in found.items() if not row.says(value)] == []


def test_the_lists_give_what_was_published(activity):
    found = published.lines(reading.material(2023, DAY))

    assert published.missing_lines(published.published("list"), found) == {}


def test_a_figure_from_outside_is_the_one_published_with_its_date_and_its_source(activity):
    known = {figure.key: figure for figure in ExternalFigure.objects.filter(year=2023)}

    for row in published.published("outside"):
        figure = known[row.by]
        value = row.value[:4] if figure.unit == Unit.YEAR else row.value
        assert str(figure.value) == value, row.code
        assert figure.source, row.code
        assert figure.as_of == DAY, row.code


def test_the_report_of_2023_prints_every_figure_that_is_held(activity_text):
    found = published.lines(reading.material(2023, DAY))
    printed = {}
    for row in published.published("computed", "outside"):
        printed[row.code] = row.printed or published.landmark(row)
        assert not row.printed or bare(row.shown) in bare(row.printed), row.code
    for row in published.published("list"):
        lines = [line for value, line in found[row.by] if row.says(value)]
        printed |= {f"{row.code} {n}": line for n, line in enumerate(lines)}

    absent = {code: text for code, text in printed.items() if bare(text) not in activity_text}
    assert absent == {}


def test_the_report_holds_the_texts_that_were_written_and_no_filler(activity_text):
    assert bare("Une année dense.") in activity_text
    assert bare("Anne Le Goff") in activity_text
    assert bare("Perspectives Parmi les actions prévues en 2024") in activity_text


def test_a_text_of_the_report_brings_neither_code_nor_pictures(activity):
    html = page(Document.ACTIVITY).html

    assert "alert(1)" in html
    assert "<script" not in html
    assert "exemple.test" not in html


def test_the_report_is_accessible(activity, tmp_path):
    assert spoken_errors(activity, tmp_path) == []


def test_the_report_names_the_board_and_counts_the_groups(activity_text):
    lists = reading.material(2023, DAY).lists

    assert len(lists.board) == 12
    assert len(lists.staff) == 13
    assert lists.board[0].role == "Co-présidence"
    assert bare(lists.board[0].name) in activity_text
    assert sum(row[2] for row in lists.groups) == 22


def test_the_sheet_of_the_region_holds_its_figures_and_is_accessible(federation_2023, tmp_path):
    content = pdf.render(page(Document.SCAN_REGION).html)
    text = text_of(content)

    for figure in ("81 MSP adhérentes", "2 382", "719 920", "96 %", "80 MSP sur 81 (99 %)"):
        assert bare(figure) in text
    assert spoken_errors(content, tmp_path) == []


def test_the_sheet_of_a_team_holds_its_figures_and_is_accessible(federation_2023, tmp_path):
    team = Team.objects.get(code="T0002")
    sheet = reading.team_sheet(team, 2023, DAY, reading.region(2023, DAY))
    content = pdf.render(page(Document.SCAN, team).html)
    text = text_of(content)

    assert bare(team.name) in text
    assert len(PdfReader(io.BytesIO(content)).pages) == 1
    assert len(sheet.figures) == 4
    for change in sheet.figures:
        assert bare(f"{change.figure.text}{change.figure.label}") in text
    assert spoken_errors(content, tmp_path) == []


def test_the_slides_say_the_figures_of_the_report_and_are_accessible(
    federation_2023, activity_text, tmp_path
):
    content = pdf.render(page(Document.SLIDES).html)
    text = text_of(content)

    for figure in (
        "2 382 professionnels",
        "91 équipes de soins primaires",
        "110 actions proposées",
    ):
        assert bare(figure) in text
        assert bare(figure) in activity_text
    sizes = {
        (float(p.mediabox.width), float(p.mediabox.height))
        for p in PdfReader(io.BytesIO(content)).pages
    }
    assert [round(width / height, 2) for width, height in sizes] == [1.78]
    assert spoken_errors(content, tmp_path) == []


@pytest.mark.parametrize("document", [Document.NETWORK, Document.GROUP_CARD])
def test_the_documents_of_the_network_are_accessible(federation_2023, document, tmp_path):
    group = LocalGroup.objects.get(code="44-est") if document == Document.GROUP_CARD else None
    content = pdf.render(page(document, group).html)

    assert bare("44 est" if group else "Bilan du réseau") in text_of(content)
    assert spoken_errors(content, tmp_path) == []


def test_the_means_of_the_region_are_those_of_the_indicators(federation_2023):
    region = reading.region(2023, DAY)

    assert region.likes["region"]["categories"] == 9.0
    assert region.likes["region"]["patients"] == 8999.0
    assert region.likes["region"]["protocols"] == region.shares["protocols"]
    assert region.likes["region"]["teams"] == 80
    assert region.shares["hosts_trainees"] == 96


def test_many_sheets_take_as_many_queries_as_one(federation_2023, record_queries):
    teams = list(Team.objects.members_of(2023, DAY).by_name())
    region = reading.region(2023, DAY)

    with record_queries() as for_one:
        list(reading.team_sheets(teams[:1], 2023, DAY, region))
    with record_queries() as for_all:
        list(reading.team_sheets(teams, 2023, DAY, region))

    assert len(for_all) == len(for_one)


# -- the command -----------------------------------------------------------------------------------
def render(*arguments: str) -> str:
    said = io.StringIO()
    call_command("render", *arguments, stdout=said)
    return said.getvalue()


def test_the_command_writes_what_the_portal_serves(federation_2023, tmp_path):
    file = tmp_path / "scan.pdf"

    render("scan", "--year=2023", "--team=T0002", f"--output={file}")

    team = Team.objects.get(code="T0002")
    assert file.read_bytes() == pdf.render(page(Document.SCAN, team).html)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["activity", "--year=1999"], "Aucune adhésion n’est enregistrée pour 1999."),
        (["scan", "--year=2023"], "Donnez le code d’une équipe : « --team CODE »."),
        (["scan", "--year=2023", "--team=X"], "Aucune équipe n’a le code « X »."),
        (["group-card", "--year=2023"], "Donnez le code d’un groupe local : « --group CODE »."),
        (
            ["group-card", "--year=2023", "--group=x"],
            "Aucun groupe local n’a le code « x ».",
        ),
    ],
)
def test_the_command_says_in_french_what_is_wrong(federation_2023, arguments, message, tmp_path):
    file = tmp_path / "rien.pdf"

    with pytest.raises(CommandError, match=re.escape(message)):
        render(*arguments, f"--output={file}")
    assert not file.exists()


def test_the_command_says_where_it_cannot_write(federation_2023, tmp_path):
    with pytest.raises(CommandError, match="ne peut pas être écrit"):
        render("scan-region", "--year=2023", f"--output={tmp_path / 'absent' / 'a.pdf'}")


def test_the_last_page_says_where_else_the_federation_can_be_found(settings):
    settings.FEDERATION_CHANNELS = {
        "LinkedIn": "https://www.linkedin.com/company/exemple/",
        "YouTube": "https://www.youtube.com/@exemple",
        "Bluesky": "https://bsky.app/profile/exemple",
        "Un de trop": "https://exemple.test",
    }
    settings.FEDERATION_ADDRESS = "1 rue de l’Exemple / 44000 Nantes"

    found = [(one.label, one.value, one.icon) for one in sender().channels[2:]]

    assert found == [
        ("LinkedIn", "linkedin.com/company/exemple", "network"),
        ("YouTube", "youtube.com/@exemple", "video"),
        ("Bluesky", "bsky.app/profile/exemple", "network"),
        ("Venir", "1 rue de l’Exemple, 44000 Nantes", "pin"),
    ]
