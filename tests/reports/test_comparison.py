"""Figures along the years: the same as year by year, in few queries, drawn with their gaps."""

import csv
import io
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from apmsl.lib import charts
from apmsl.lib.dates import today
from reports import indicators
from reports.builders import comparison
from reports.indicators import Break, Scope
from tests.members.factories import MembershipFactory, TeamFactory
from tests.roles import board, coordinator

TEN_YEARS = {year: date(year, 12, 31) for year in range(2016, 2026)}
URL = "reports:compare"


@pytest.fixture
def members(db):
    """``members(2021, 2023)``: a team that is a member in these years."""

    def make(*years):
        team = TeamFactory()
        for year in years:
            MembershipFactory(team=team, year=year)
        return team

    return make


def asked(figures, years):
    return {"chiffre": figures, "annee": [str(year) for year in years]}


# -- many years, few queries -----------------------------------------------------------------------
@pytest.mark.xdist_group("comparison")
def test_years_asked_together_are_those_asked_one_by_one(federation):
    days = {federation.year + n: date(federation.year + n, 6, 30) for n in (-3, -1, 0, 1, 5)}

    together = {
        scope.year: {
            one.id: one.measure(scope) for one in indicators.REGISTRY.values() if one.exists(scope)
        }
        for scope in Scope.several(days)
    }

    for year, day in days.items():
        alone = {
            k: v for k, v in indicators.compute(year, day).items() if k not in ("year", "as_of")
        }
        assert together[year] == alone, year


@pytest.mark.xdist_group("comparison")
def test_ten_years_take_as_many_queries_as_two(federation, record_queries):
    comparable = [one for one in indicators.REGISTRY.values() if one.is_comparable]

    def queries(years):
        with record_queries() as sent:
            for scope in Scope.several(dict(list(TEN_YEARS.items())[-years:])):
                for one in comparable:
                    one.measure(scope)
        return len(sent)

    # All of them; a page shows twelve at most.
    assert len(comparable) > 200
    assert queries(2) == queries(10) <= 40


def test_a_page_of_ten_years_takes_forty_queries_at_most(client, members, record_queries):
    first = today().year - 9
    members(*range(first, first + 10))
    # Those that ask most: each of another population, several read in two ways.
    figures = (
        "teams teams_median_age patients_population_pct coordinators thematic_meeting_participants"
        " thematic_meeting_teams letters_members_recipients letters_members_open_pct pacte_enrolled"
        " pacte_seminars tool_views professionals"
    ).split()
    client.force_login(board())

    with record_queries() as queries:
        page = client.get(reverse(URL), asked(figures, range(first, first + 10)))

    assert len(page.context["found"]) == comparison.MOST_FIGURES == len(figures)
    assert {len(one.years) for one in page.context["found"]} == {10}
    assert len(queries) <= 40


# -- what is missing, what does not compare --------------------------------------------------------
def test_a_year_without_records_is_missing_not_zero(members):
    year = today().year
    members(year - 3, year)
    members(year - 3)

    (found,) = comparison.compare(["teams"], comparison.selectable_years())

    assert [(one.year, one.value, one.text) for one in found.years] == [
        (year - 3, 2, "2"),
        (year - 2, None, "–"),
        (year - 1, None, "–"),
        (year, 1, "1"),
    ]


def test_years_to_come_are_not_compared(members):
    members(today().year, today().year + 1)

    assert comparison.selectable_years() == [today().year]


def test_a_break_of_definition_stands_before_the_first_year_shown_that_it_changes(
    members, monkeypatch
):
    year = today().year
    members(*range(year - 4, year + 1))
    changed = (Break(year - 4, "au début"), Break(year - 1, "les équipes en projet comptent."))
    teams = replace(indicators.get("teams"), breaks=changed)
    monkeypatch.setitem(indicators.DECLARED, "teams", teams)

    (found,) = comparison.compare(["teams"], [year - 4, year - 3, year])

    # Nothing is before the first year, and the year of the change is not shown: the next one bears it.
    assert [one.broken for one in found.years] == ["", "", "les équipes en projet comptent."]
    assert found.drawing.breaks == [2]
    assert found.drawing.description.endswith(f"Rupture de définition avant {year}.")
    assert found.drawing.figures[2].note == "rupture\u00a0: les équipes en projet comptent."


def test_a_break_is_a_line_between_two_columns():
    items = [charts.Item(str(year), 3) for year in (2020, 2021, 2022, 2023)]

    drawn = charts.Columns(key="c", title="x", items=items, width=200, breaks=[2])

    assert drawn.break_lines == ["100"]


# -- the page --------------------------------------------------------------------------------------
def test_the_usual_figures_are_shown_until_one_chooses(client, members):
    members(today().year - 1, today().year)
    client.force_login(board())

    page = client.get(reverse(URL))

    assert [one.indicator.id for one in page.context["found"]] == list(comparison.USUAL)
    text = page.content.decode()
    for year in (today().year - 1, today().year):
        assert reverse("reports:indicator", args=[year, "teams"]) in text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"chiffre": ["teams"]}, "Choisissez au moins une année."),
        ({"annee": ["{year}"]}, "Choisissez au moins un chiffre."),
        ({"chiffre": ["rien"], "annee": ["{year}"]}, "Le chiffre « rien » n’existe pas."),
        ({"chiffre": ["teams"], "annee": ["1066"]}, "L’année « 1066 » n’a pas de chiffres."),
        ({"chiffre": ["teams"], "annee": ["hier"]}, "n’a pas de chiffres."),
        ({"chiffre": ["teams_by_department"], "annee": ["{year}"]}, "n’existe pas."),
    ],
)
def test_a_choice_that_cannot_be_is_said_beside_its_field(client, members, query, message):
    members(today().year)
    client.force_login(board())
    query = {key: [v.format(year=today().year) for v in values] for key, values in query.items()}

    page = client.get(reverse(URL), query)

    assert page.status_code == 200
    assert message in page.content.decode().replace("\u00a0", " ")
    assert page.context["found"] == []


def test_too_many_years_or_figures_are_refused_and_stay_ticked(client, members):
    year = today().year
    members(*range(year - 11, year + 1))
    many = [one.id for one in indicators.REGISTRY.values() if one.is_comparable][:13]
    client.force_login(board())

    page = client.get(reverse(URL), asked(many, range(year - 11, year + 1)))

    text = page.content.decode().replace("\u00a0", " ")
    assert "10 années au plus : vous en avez choisi 12." in text
    assert "12 chiffres au plus : vous en avez choisi 13." in text
    assert text.count(" checked") == 12 + 13


def test_what_an_address_says_twice_is_drawn_once(client, members):
    members(today().year)
    client.force_login(board())

    page = client.get(reverse(URL), asked(["teams"] * 3, [today().year] * 11))

    assert [len(one.years) for one in page.context["found"]] == [1]


def test_without_any_record_the_comparison_says_so(client, db):
    client.force_login(board())

    assert "Aucune année" in client.get(reverse(URL)).content.decode()


def test_a_figure_leads_to_its_years(client, members):
    members(today().year - 1, today().year)
    client.force_login(board())

    page = client.get(reverse("reports:indicator", args=[today().year, "teams"])).content.decode()

    query = f"chiffre=teams&amp;annee={today().year - 1}&amp;annee={today().year}"
    assert f"{reverse(URL)}?{query}" in page


# -- what one takes away ---------------------------------------------------------------------------
def test_a_drawing_is_taken_away_as_a_picture_that_stands_alone(client, members):
    members(today().year)
    client.force_login(board())

    answer = client.get(reverse(URL), {"export": "teams.svg"})

    root = ElementTree.fromstring(answer.content)  # noqa: S314  our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["Équipes adhérentes", "1", str(today().year)]
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_numbers_of_a_drawing_are_taken_away(client, members):
    year = today().year
    members(year - 2, year)
    client.force_login(board())
    query = asked(["teams"], [year - 1, year])

    text = client.get(reverse(URL), query | {"export": "teams.csv"}).getvalue().decode()
    book = client.get(reverse(URL), query | {"export": "teams.xlsx"}).content

    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[1:] == [[str(year - 1), "", ""], [str(year), "1", ""]]
    page = load_workbook(io.BytesIO(book)).active
    assert list(page.iter_rows(min_row=2, max_col=2, values_only=True)) == [
        (year - 1, None),
        (year, 1),
    ]


def test_all_that_is_compared_is_taken_away_as_one_table(client, members):
    year = today().year
    members(year - 1, year)
    client.force_login(board())
    query = asked(["teams", "tools"], [year, year - 1]) | {"export": "xlsx"}

    book = load_workbook(io.BytesIO(client.get(reverse(URL), query).content)).active

    rows = [row[:4] for row in book.iter_rows(values_only=True)]
    assert rows == [
        ("Chiffre", "Unité", str(year - 1), str(year)),
        ("Équipes adhérentes", None, 1, 1),
        ("Outils en ligne", None, 0, 0),
    ]


@pytest.mark.parametrize("name", ["teams_by_department", "survey_hours", "pacte_cohort", "rien"])
def test_what_is_no_single_number_is_not_drawn(client, members, name):
    members(today().year)
    client.force_login(board())

    assert client.get(reverse(URL), {"export": f"{name}.svg"}).status_code == 404


def test_the_comparison_is_for_board_and_staff(client, members):
    members(today().year)
    client.force_login(coordinator())

    assert client.get(reverse(URL)).status_code == 404
