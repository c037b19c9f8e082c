"""A year's figures as a book: every chapter, every figure, every record, and nothing that runs."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from apmsl.jobs import tasks
from apmsl.jobs.models import Result, Run
from apmsl.lib.dates import today
from apmsl.lib.exports import Sheet, sheet_names, workbook
from members.models import Team
from reports import indicators
from reports.builders import sheets
from reports.enums import Chapter
from tests.members.factories import MembershipFactory, TeamFactory
from tests.reports.factories import ExternalFigureFactory
from tests.roles import board, coordinator, staff

DAY = date(2023, 12, 31)


def read(content):
    return load_workbook(io.BytesIO(content))


def ask(client, year):
    return client.post(reverse("reports:ask", args=[year, "workbook"]))


def downloaded(client, year):
    ask(client, year)
    run = Run.objects.latest("pk")
    tasks.build(run_id=run.pk)
    return read(client.get(reverse("jobs:download", args=[run.pk])).getvalue())


def lines(page):
    return [[cell for cell in row if cell is not None] for row in page.iter_rows(values_only=True)]


def line_of(page, title):
    return next(row for row in page.iter_rows(values_only=True) if row[0] == title)


# -- the names of sheets ---------------------------------------------------------------------------
def test_a_sheet_is_named_as_excel_takes_it():
    names = sheet_names(["a" * 40, "A" * 40, "Dép. 44/49 : [tous]?*\\", "'", "Bilan", "bilan"])

    assert names == [
        "a" * 31,
        f"{'A' * 25} (2)",
        "Dép. 44 49 tous",
        "Feuille",
        "Bilan",
        "bilan (2)",
    ]
    assert all(len(name) <= 31 for name in names)


def test_a_letter_that_no_sheet_can_hold_is_left_out():
    page = read(workbook([Sheet("Liste", [["saut\x0bde page", "=1+1", 3, True, None]])])).active

    assert [cell.value for cell in page[1]] == ["sautde page", "'=1+1", 3, "oui", None]
    assert [cell.data_type for cell in page[1]][:3] == ["s", "s", "n"]


# -- the book of a year ----------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_figure_stands_with_last_year_and_above_its_records(client):
    year = today().year
    team = TeamFactory(name="=Maison d’ici", member=True)
    MembershipFactory(team=team, year=year - 1)
    TeamFactory(name="Nouvelle", member=True)
    client.force_login(board())

    page = downloaded(client, year)["Les équipes adhérentes"]

    title, value, _, before, difference, voted, count, line, definition, source, _ = line_of(
        page, "Équipes adhérentes"
    )
    assert (value, before, difference, voted, count) == (2, 1, 1, None, 2)
    assert (definition, source) == (indicators.get("teams").definition, "Fiches du portail")
    assert [page.cell(line + row, 1).value for row in range(4)] == [
        title,
        "Équipe",
        "'=Maison d’ici",
        "Nouvelle",
    ]


@pytest.mark.django_db
def test_without_records_the_year_before_is_empty_not_zero(client):
    TeamFactory(member=True)
    client.force_login(board())

    page = downloaded(client, today().year)["Les équipes adhérentes"]

    assert line_of(page, "Équipes adhérentes")[1:5] == (1, None, None, None)


@pytest.mark.django_db
def test_a_figure_from_outside_says_so(client):
    TeamFactory(member=True)
    ExternalFigureFactory(key="site_visitors", value=12_000, source="Matomo")
    client.force_login(board())

    page = downloaded(client, today().year)["Communication et ressources"]

    row = line_of(page, "Visiteurs du site")
    assert (row[1], row[9]) == (12_000, "Chiffre extérieur")
    assert [today().year, 12_000, "Matomo"] in lines(page)


@pytest.mark.django_db
def test_a_landmark_stands_below_its_chapter_with_its_day_and_its_source(client):
    TeamFactory(member=True)
    year = today().year
    given = {"key": "fees", "chapter": "communication", "label": "=Part des frais"}
    given |= {"unit": "percent", "as_of": today(), "source": "Bilan"}
    ExternalFigureFactory(value=12, **given)
    ExternalFigureFactory(value=10, **given | {"year": year - 1})
    client.force_login(board())

    book = downloaded(client, year)

    *_, title, head, told = lines(book["Communication et ressources"])
    assert (title, head[3]) == (["Repères, venus d’ailleurs"], str(year - 1))
    assert [*told[:4], told[4].date(), told[5]] == [
        "'=Part des frais",
        12,
        "%",
        10,
        today(),
        "Bilan",
    ]
    assert ["Repères, venus d’ailleurs"] not in lines(book["Les équipes adhérentes"])


@pytest.mark.django_db
def test_the_book_is_for_board_and_staff(client):
    TeamFactory(member=True)
    year = today().year
    client.force_login(board())
    downloaded(client, year)
    run = Run.objects.get()
    client.force_login(coordinator())

    assert ask(client, year).status_code == 404
    for name in ("jobs:run", "jobs:download"):
        assert client.get(reverse(name, args=[run.pk])).status_code == 404
    client.force_login(staff())
    response = client.get(reverse("jobs:download", args=[run.pk]))
    assert response["Cache-Control"] == "private, no-store"
    assert f"chiffres-{year}.xlsx" in response["Content-Disposition"]
    response.close()


@pytest.mark.django_db
def test_asking_for_the_book_reads_none_of_its_figures(client, record_queries):
    TeamFactory(member=True)
    client.force_login(board())

    with record_queries() as queries:
        answer = ask(client, today().year)

    assert answer.url == Run.objects.get().get_absolute_url()
    # Who asks, the years, and the run with its request.
    assert len(queries) <= 20


@pytest.mark.django_db
def test_a_book_that_says_the_same_is_not_written_again(client):
    team = TeamFactory(member=True)
    client.force_login(board())
    downloaded(client, today().year)
    downloaded(client, today().year)
    assert Result.objects.count() == 1

    Team.objects.filter(pk=team.pk).update(name="Un autre nom")
    downloaded(client, today().year)
    assert Result.objects.count() == 2


@pytest.mark.xdist_group("sheets of 2023")
def test_the_book_of_2023_holds_every_figure_with_its_list(federation_2023):
    found = {sheet.title: list(sheet.rows) for sheet in sheets.sheets_of(2023, DAY)}

    assert list(found) == [chapter.label for chapter in Chapter if found.get(chapter.label)]
    for name, reading in indicators.readings(2023, DAY).items():
        rows = found[reading.indicator.chapter.label]
        shown = next(row for row in rows if row and row[0] == reading.indicator.title)
        if not isinstance(reading.value, dict | list):
            assert shown[1] == reading.value, name
        count, line = shown[6:8]
        assert count == reading.indicator.records(2023, DAY).count(), name
        assert line is None or rows[line - 1] == (reading.indicator.title,), name


@pytest.mark.xdist_group("sheets of 2023")
def test_the_parts_of_a_figure_stand_under_it(federation_2023):
    rows = list(sheets.sheets_of(2023, DAY)[0].rows)

    at = next(
        n for n, row in enumerate(rows) if row and row[0] == "Équipes constituées par département"
    )
    assert [row[:2] for row in rows[at + 1 : at + 3]] == [
        ("– Loire-Atlantique", 29),
        ("– Maine-et-Loire", 18),
    ]


@pytest.mark.xdist_group("sheets of 2023")
def test_a_book_asks_for_each_list_once_however_long(federation_2023, record_queries):
    with record_queries() as queries:
        sheets.sheets_of(2023, DAY)

    # A list each; the figures of two years, the names of what is divided, years, vote, cohorts.
    assert len(queries) <= len(indicators.REGISTRY) + 120
