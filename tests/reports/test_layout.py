"""The look of documents, on examples: what the records say is tested with the indicators."""

import io
import re
from dataclasses import replace
from functools import cache

import pikepdf
import pypdfium2
import pytest
from outloud import check
from pypdf import PdfReader

from apmsl.lib import pdf
from reports.builders import activity, scans, slides
from reports.builders.figures import Action, Box, Change, Chapter, Figure, Table, Text
from reports.enums import Chapter as ReportChapter
from tests.reports import examples

PAGES = {
    "activity": lambda: activity.html(examples.activity_report()),
    "activity-empty": lambda: activity.html(examples.empty_activity_report()),
    "activity-few": lambda: activity.html(examples.report_of_few_words()),
    "activity-told": lambda: activity.html(examples.report_of_many_words()),
    "slides": lambda: slides.html(examples.activity_report()),
    "slides-empty": lambda: slides.html(examples.empty_activity_report()),
    "scan": lambda: scans.team_html(examples.team_sheet()),
    "scan-empty": lambda: scans.team_html(examples.empty_team_sheet()),
    "scan-crowded": lambda: scans.team_html(examples.crowded_team_sheet()),
    "region": lambda: scans.region_html(examples.region_sheet()),
    "region-empty": lambda: scans.region_html(examples.empty_region_sheet()),
}
SHEETS = [name for name in PAGES if not name.startswith(("activity", "slides"))]
ANY = pytest.mark.parametrize("name", PAGES)


@cache
def rendered(name):
    return pdf.render(PAGES[name]())


@cache
def pages(name):
    reader = PdfReader(io.BytesIO(rendered(name)))
    found = [" ".join(page.extract_text().split()) for page in reader.pages]
    # A large number and its label are two blocks: no space is drawn between them.
    return [re.sub(r"(\d)(?=[a-z])", r"\1 ", page) for page in found]


def outline(name):
    with pikepdf.open(io.BytesIO(rendered(name))) as opened, opened.open_outline() as tree:
        return [item.title for item in tree.root]


@ANY
def test_a_document_can_be_read_aloud(name, tmp_path):
    path = tmp_path / "document.pdf"
    path.write_bytes(rendered(name))

    result = check(path)

    assert [finding for finding in result.findings if finding.severity == "error"] == []
    assert "PAG-001" not in {finding.rule for finding in result.findings}  # page numbers


@ANY
def test_only_our_fonts_are_embedded(name):
    fonts = set()
    for page in PdfReader(io.BytesIO(rendered(name))).pages:
        for font in page["/Resources"]["/Font"].values():
            fonts.add(font["/BaseFont"].split("+")[-1])
            assert "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"]

    assert fonts <= {"Atkinson", "Atkinson-Bold", "Atkinson-Italic", "Atkinson-Bold-Italic"}


@ANY
def test_a_document_is_well_formed_and_takes_the_fast_way(name, monkeypatch):
    from apmsl.lib.pdf import engine  # noqa: PLC0415

    monkeypatch.setattr(engine.tinyhtml5, "parse", lambda *_, **__: pytest.fail("slow parser"))

    assert engine._parse(PAGES[name]()).tag == "html"


@ANY
def test_identifiers_are_unique_and_no_style_stands_in_the_document(name):
    html = PAGES[name]()
    identifiers = re.findall(r'\bid="([^"]*)"', html)

    assert sorted(identifiers) == sorted(set(identifiers))
    assert 'style="' not in html


@ANY
def test_nothing_that_is_missing_shows(name):
    text = " ".join(pages(name))

    assert "None" not in text
    assert not re.search(r"\b[Nn]aN\b", text)


@pytest.mark.parametrize("name", SHEETS)
def test_a_scan_is_one_page(name):
    assert len(pages(name)) == 1


def test_a_scan_says_all_that_the_team_answered():
    text = pages("scan")[0]

    for piece in (
        "MSP de La Chapelle-sur-Erdre",
        "38 professionnels 36 en 2022",
        "Oui – Accueille des stagiaires 96 % des MSP de la région",
        "Non – Propose de l’éducation thérapeutique",
        "2 personnes à la coordination 1 en 2022 112 heures par mois 84 en 2022",
        "1 accompagnement",
        "© IGN – Etalab, Licence Ouverte 2.0",
    ):
        assert piece in text


def test_a_team_that_has_not_answered_is_said_so_without_figures():
    text = pages("scan-empty")[0]

    assert "n’a pas encore été envoyé" in text
    assert "Accueille" not in text
    assert "D’après les fiches du portail" in text


def test_a_team_that_has_not_answered_has_its_coordination_all_the_same():
    sheet = scans.team_html(replace(examples.empty_team_sheet(), coordination_facts=["Un binôme"]))

    assert "Un binôme" in sheet
    assert "La coordination" in sheet


# Of the height between the margins: what is not asked for by a chapter that begins below the last one.
LEAST_FULL = 1 / 3
TOP, BOTTOM = 24 / 297, 1 - 20 / 297  # the margins, as shares of a page
WHITE = 250


def fullness(name):
    """How far down each page is printed, as a share of the room that it has; measured on its points."""
    with pypdfium2.PdfDocument(rendered(name)) as document:
        drawn = [page.render(scale=0.5, grayscale=True).to_pil() for page in document]
    return [_full(picture) for picture in drawn]


def _full(picture):
    top, bottom = round(picture.height * TOP), round(picture.height * BOTTOM)
    inked = picture.crop((0, top, picture.width, bottom)).point(lambda p: 255 * (p < WHITE))
    box = inked.getbbox()
    return box[3] / (bottom - top) if box else 0


@pytest.mark.parametrize("name", ["activity", "activity-few", "activity-told", "slides"])
def test_no_page_is_nearly_empty(name):
    bare = {rank: full for rank, full in enumerate(fullness(name), 1) if full < LEAST_FULL}

    assert bare == {}


def test_the_measure_of_a_page_sees_one_that_is_nearly_empty(monkeypatch):
    chapters = "<section class='chapter'><p>Une ligne.</p></section>" * 2
    html = PAGES["activity"]().split("<body>")[0] + f"<body>{chapters}</body></html>"
    monkeypatch.setitem(PAGES, "bare", lambda: html)

    assert max(fullness("bare")) < LEAST_FULL


def test_the_report_has_its_pages_in_order():
    found = [
        next(i for i, page in enumerate(pages("activity"), 1) if title in page)
        for title in (
            "Rapport d’activité 2023",
            "Lire ce rapport",
            "Sommaire",
            "En un coup d’œil Adhérents",
            "Premiers contacts 18",
            "Équipes constituées par département",
            "Les chiffres clés",
            "Rapport moral L’année",
        )
    ]

    assert found == [1, 2, 3, 4, 5, 6, 7, 8]


def test_the_contents_give_the_page_of_each_chapter():
    contents = pages("activity")[2]

    for number, title in (
        ("01", "Représentation et partenariats"),
        ("02", "Accompagner les équipes en projet"),
        ("05", "Le réseau des coordinateurs"),
        ("06", "Communication et ressources"),
    ):
        page = int(re.search(rf"{title}\W*(\d+)", contents)[1])
        assert title in pages("activity")[page - 1]
        assert number in pages("activity")[page - 1]


def test_the_contents_give_the_page_of_each_action():
    contents = pages("activity")[2]

    for title in ("Nos partenaires", "Comité régional", "Le prêt de matériel", "Les articles"):
        page = int(re.search(rf"{title}\W*(\d+)", contents)[1])
        assert title in pages("activity")[page - 1]


def test_the_outline_holds_the_chapters():
    assert outline("activity")[:5] == [
        "Lire ce rapport",
        "Sommaire",
        "En un coup d’œil",
        "Les équipes adhérentes",
        "Rapport moral",
    ]
    assert outline("activity")[-3:] == [
        "Perspectives",
        "Comment chaque chiffre est compté",
        "Où nous retrouver",
    ]


def test_a_figure_is_the_same_in_the_spread_and_in_its_chapter():
    text = pages("activity")
    spread, chapter = text[4], next(page for page in text[8:] if "groupes locaux" in page)

    assert "22 rencontres de groupes locaux 172 participations" in spread
    assert "22 rencontres 172 participations" in chapter


def test_every_text_that_was_written_is_printed():
    texts = {key: Text(body=f"<p>Écrit pour {key}.</p>") for key in ReportChapter.values}

    html = activity.html(examples.activity_report(texts=texts))

    assert [key for key in texts if f"Écrit pour {key}." not in html] == []


def test_a_chapter_of_a_few_figures_takes_no_page_of_its_own():
    few = {"representation_meetings": 70, "mandates": 19, "thematic_meeting_count": 2}
    report = examples.activity_report(values=few, texts={}, lists=examples.Lists())

    assert [chapter.is_short for chapter in report.shown_chapters] == [True, True]
    assert not any(chapter.is_short for chapter in examples.activity_report().shown_chapters)


def test_the_slides_follow_the_report_and_none_runs_over():
    report = examples.activity_report()
    drawn = list(slides.slides(report))

    opened = [slide.title for slide in drawn if slide.layout == slides.Layout.OPENING]
    assert opened == [chapter.title for chapter in report.shown_chapters if chapter.number]
    assert len(pages("slides")) == len(drawn) + 2  # the first and the last one
    told = {figure for slide in drawn for figure in (*slide.figures, *slide.lines)}
    told |= {figure for slide in drawn for part in slide.parts for figure in part.known}
    for chapter in report.shown_chapters:
        for action in chapter.shown_actions:
            if chapter.number and action.known:
                assert action.known[0] in told, action.title


def test_the_slides_keep_the_order_of_the_report_and_hide_what_it_hides():
    report = replace(examples.activity_report(), order=("teams", "projects"))

    opened = [one.title for one in slides.slides(report) if one.layout == slides.Layout.OPENING]

    assert opened == [part.title for part in report.parts]
    assert len(opened) == 2


def test_chapters_without_a_figure_or_a_text_are_left_out():
    titles = outline("activity-empty")

    assert "En un coup d’œil" in titles
    assert "Représentation et partenariats" not in titles
    assert "Rapport moral" not in titles
    assert "Où nous retrouver" not in titles


def test_a_chapter_with_only_a_text_is_kept():
    text = Text(body="<p>Une année de préparation.</p>", author="L’équipe")
    report = examples.activity_report(values={}, texts={"evolution": text}, lists=examples.Lists())

    assert [chapter.key for chapter in report.shown_chapters] == ["evolution"]


def test_words_agree_with_their_number():
    assert Figure("x", 1, "réunion", "réunions").label == "réunion"
    assert Figure("x", 0, "réunion", "réunions").label == "réunion"
    assert Figure("x", 22, "réunion", "réunions").label == "réunions"
    assert Figure("x", None, "réunion", "réunions").label == "réunions"


def test_a_footnote_is_marked_once_for_all_the_figures_that_bear_it():
    box = Box(
        title="x",
        large=[Figure("a", 1, "a", footnote="En cumul."), Figure("b", 1, "b")],
        lines=[Figure("c", 1, "c", footnote="En cumul."), Figure("d", 1, "d", footnote="Autre.")],
    )

    assert box.footnotes == ["En cumul.", "Autre."]
    assert [noted.mark for noted in (*box.noted_large, *box.noted_lines)] == [1, 0, 1, 2]


@pytest.mark.parametrize(
    ("now", "before", "text", "difference"),
    [
        (38, 36, "36 en\u00a02022", "+2"),
        (36, 38, "38 en\u00a02022", "−2"),
        (36, 36, "36 en\u00a02022", "="),
        (None, 36, "", ""),
        (36, None, "", ""),
    ],
)
def test_a_change_is_told_only_when_both_years_are_known(now, before, text, difference):
    change = Change(Figure("x", now, "x"), before, 2022)

    assert (change.text, change.difference) == (text, difference)


def action(title, count):
    return Action(title=title, figures=[Figure("x", 1, "x")] * count)


def test_small_actions_stand_in_pairs_and_large_ones_alone():
    chapter = Chapter(
        key="x",
        title="x",
        actions=[action("a", 2), action("B", 5), action("c", 3), action("d", 1), action("e", 0)],
    )

    assert [[a.title for a in row] for row in chapter.rows] == [["a", "c"], ["B"], ["d"]]


def test_an_action_whose_figures_are_all_zero_did_not_take_place():
    assert Action(title="x", figures=[Figure("x", 0, "x"), Figure("y", None, "y")]).is_empty
    assert not Action(title="x", figures=[Figure("x", 0, "x"), Figure("y", 1, "y")]).is_empty


def test_what_is_zero_is_not_printed_beside_what_is_not():
    done, nothing = Figure("x", 3, "x"), Figure("y", 0, "y")

    assert Action(title="x", figures=[done, nothing]).known == [done]
    assert Chapter(key="x", title="x", highlights=[done, nothing]).shown_highlights == [done]
    box = Box(title="x", lines=[done, nothing])
    assert [noted.figure for noted in box.noted_lines] == [done]


@pytest.mark.parametrize(
    ("rows", "numbers", "look"), [(2, True, "beside"), (2, False, ""), (9, False, "long")]
)
def test_figures_leave_the_width_to_a_table_of_words(rows, numbers, look):
    table = Table(caption="x", head=("x", "y"), rows=[("x", "y")] * rows, numbers=numbers)

    assert Action(title="x", figures=[Figure("x", 1, "x")], table=table).look == look


@pytest.mark.parametrize(("figures", "look"), [(4, "beside"), (5, "")])
def test_many_figures_stand_in_a_row_not_in_a_column(figures, look):
    table = Table(caption="x", head=("x", "y"), rows=[("x", "1")], numbers=True)
    counted = [Figure("x", 1, "x")] * figures

    assert Action(title="x", figures=counted, table=table).look == look
