"""Breaks of definition: told by the staff, shown wherever the figure is compared or explained."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from apmsl.lib.dates import today
from reports import indicators
from reports.builders import activity, comparison, reading, sheets, snapshots
from reports.indicators import Break
from reports.models import DefinitionBreak
from tests.members.factories import MembershipFactory, TeamFactory
from tests.reports.factories import DefinitionBreakFactory, ReportVersionFactory, ResultFactory
from tests.roles import board, staff

pytestmark = pytest.mark.django_db
YEAR = 2022
REASON = "Les équipes en projet sont comptées aussi."
TOLD = f"Rupture de définition en\u00a0{YEAR}\u00a0: {REASON}"


@pytest.fixture
def told():
    team = TeamFactory()
    for year in (YEAR - 1, YEAR):
        MembershipFactory(team=team, year=year)
    return DefinitionBreakFactory(figure="teams", year=YEAR, reason=REASON)


# -- one place -------------------------------------------------------------------------------------
def test_what_the_staff_says_stands_among_what_the_declaration_says(monkeypatch, record_queries):
    DefinitionBreakFactory(figure="teams", year=2021, reason="b")
    DefinitionBreakFactory(figure="tools", year=2020, reason="d")
    DefinitionBreakFactory(figure="gone", year=2020)
    declared = replace(indicators.get("teams"), breaks=(Break(2022, "c"), Break(2019, "a")))
    monkeypatch.setitem(indicators.DECLARED, "teams", declared)
    asked = [indicators.get(name) for name in ("teams", "tools", "coordinators")]

    with record_queries() as queries:
        found = indicators.breaks(asked)

    assert [(one.year, one.reason) for one in found["teams"]] == [
        (2019, "a"),
        (2021, "b"),
        (2022, "c"),
    ]
    assert {name: len(of) for name, of in found.items()} == {"teams": 3, "tools": 1}
    assert len(queries) == 1


# -- where they are shown --------------------------------------------------------------------------
def test_the_comparison_marks_it(client, told):
    client.force_login(board())

    (found,) = comparison.compare(["teams"], [YEAR - 1, YEAR])
    page = client.get(
        reverse("reports:compare"), {"chiffre": "teams", "annee": [YEAR - 1, YEAR]}
    ).text

    assert found.drawing.breaks == [1]
    assert REASON in page


def test_the_page_of_the_figure_tells_it(client, told):
    client.force_login(board())

    page = client.get(reverse("reports:indicator", args=[YEAR, "teams"]))
    other = client.get(reverse("reports:indicator", args=[YEAR, "tools"]))

    assert TOLD in page.text
    assert REASON not in other.text


def test_the_page_that_proves_a_voted_figure_tells_it(client, told):
    ReportVersionFactory(
        year=YEAR,
        number=1,
        figures={"teams": 1},
        result=ResultFactory(),
        voted_on=date(YEAR + 1, 5, 2),
        sha256="0" * 64,
    )
    client.force_login(board())

    page = client.get(reverse("reports:check", args=[YEAR, "teams"]))

    assert TOLD in page.text


def test_the_book_of_figures_has_it_beside_the_definition(told):
    rows = [row for sheet in sheets.sheets_of(YEAR, date(YEAR, 12, 31)) for row in sheet.rows]

    def last(figure):
        return next(row[-1] for row in rows if row and row[0] == indicators.get(figure).title)

    assert last("teams") == TOLD
    assert last("tools") is None


def test_the_annex_of_a_report_tells_those_of_its_years(told):
    def meaning(year):
        report = activity.compose(reading.material(year, date(year, 12, 31)))
        terms = {one.figure: one.meaning for chapter in report.annex for one in chapter.terms}
        return terms["teams"]

    assert meaning(YEAR).endswith(TOLD)
    assert REASON not in meaning(YEAR - 1)


def test_a_version_says_that_a_break_was_told_since(told):
    version = ReportVersionFactory(**vars(snapshots.take(YEAR)), year=YEAR)
    assert snapshots.since(version).texts == []

    told.delete()
    DefinitionBreakFactory(figure="teams", year=YEAR + 1)

    assert snapshots.since(version).texts == ["Ruptures de définition"]


# -- where they are told ---------------------------------------------------------------------------
def test_the_staff_chooses_the_figure_by_its_title(client):
    client.force_login(staff())
    page = reverse("admin:reports_definitionbreak_add")
    given = {"figure": "teams", "year": YEAR, "reason": REASON}

    assert indicators.get("teams").title in client.get(page).text
    refused = client.post(page, given | {"figure": "absent"})
    saved = client.post(page, given)
    again = client.post(page, given)

    assert "figure" in refused.context["adminform"].form.errors
    assert saved.status_code == 302
    assert DefinitionBreak.objects.get().reason == REASON
    assert "La rupture de ce chiffre est déjà dite pour cette année." in again.text
    assert (
        indicators.get("teams").title
        in client.get(reverse("admin:reports_definitionbreak_changelist")).text
    )


@pytest.mark.parametrize("year", [1999, 2101, ""])
def test_a_year_out_of_sense_is_refused_beside_its_field(client, year):
    client.force_login(staff())

    page = client.post(
        reverse("admin:reports_definitionbreak_add"),
        {"figure": "teams", "year": year, "reason": REASON},
    )

    assert page.status_code == 200
    assert page.context["adminform"].form.errors
    assert not DefinitionBreak.objects.exists()


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"year": 1999}, "definitionbreak_year_plausible"),
        ({"reason": ""}, "definitionbreak_has_a_reason"),
        ({"figure": "teams"}, "definitionbreak_one_per_figure_and_year"),
    ],
)
def test_the_database_refuses(values, constraint):
    DefinitionBreakFactory(figure="teams", year=today().year)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        DefinitionBreakFactory(**values)
