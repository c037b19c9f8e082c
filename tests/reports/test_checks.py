"""Where a printed figure leads: the page that proves it, and who may open it."""

import re
from datetime import date

import pytest
from django.urls import reverse

from apmsl.jobs.models import Result
from apmsl.lib.dates import today
from reports import services
from reports.builders import activity, documents
from reports.enums import Document
from reports.models import ReportVersion
from tests.members.factories import MembershipFactory
from tests.reports import examples
from tests.reports.factories import ReportVersionFactory, ResultFactory
from tests.roles import board, coordinator

pytestmark = pytest.mark.django_db

YEAR = 2022
CHECK = reverse("reports:check", args=[YEAR, "teams"])
CHECKS = reverse("reports:checks", args=[YEAR])
FIGURES = {"teams": 37, "teams_by_department": {"44": 30, "85": 7}, "gone": 4}


def voted(number=1, **values):
    given = {"figures": FIGURES, "voted_on": date(2023, 5, 2), "sha256": f"{number:064d}"}
    result = ResultFactory()
    return ReportVersionFactory(year=YEAR, number=number, result=result, **(given | values))


# -- who -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", [CHECK, CHECKS])
def test_before_the_vote_the_board_is_led_to_what_is_counted_and_nobody_else(client, page):
    MembershipFactory(year=YEAR)
    ReportVersionFactory(year=YEAR, figures=FIGURES, is_open=True)

    assert client.get(page).url == f"{reverse('account_login')}?next={page}"
    client.force_login(coordinator())
    assert client.get(page).status_code == 404
    client.force_login(board())
    assert client.get(page, follow=True).redirect_chain[-1][0] in {
        reverse("reports:indicator", args=[YEAR, "teams"]),
        reverse("reports:year", args=[YEAR]),
    }


@pytest.mark.parametrize("page", [CHECK, CHECKS])
def test_a_voted_figure_is_for_the_members_and_for_everybody_where_the_board_wants_it(client, page):
    version = voted()
    assert client.get(page).status_code == 302
    client.force_login(coordinator())
    assert client.get(page).status_code == 200

    services.open_checks(version=version, is_open=True)

    client.logout()
    assert client.get(page).status_code == 200


def test_the_last_version_says_for_all_who_may(client):
    voted(is_open=True)
    voted(2, corrects=ReportVersion.objects.get(), reason="Coquille")

    assert client.get(CHECK).status_code == 302


def test_the_board_opens_the_pages_and_closes_them(client):
    version = voted()
    client.force_login(board())
    page = reverse("reports:open_checks", args=[YEAR, 1])

    assert client.post(page, {"open": "1"}).url == version.get_absolute_url()
    assert ReportVersion.objects.get().is_open
    assert "sans compte" in client.get(version.get_absolute_url()).text
    client.post(page)
    assert not ReportVersion.objects.get().is_open


def test_who_may_check_is_said_of_all_the_versions_and_of_an_erratum_voted_later(client):
    """Closed while the erratum is read, the figures were open again once it was voted."""
    first = voted(is_open=True)
    erratum = ReportVersionFactory(year=YEAR, number=2, corrects=first, reason="Coquille")
    title = documents.version_title(erratum)
    Result.objects.keep(
        kind=Document.VERSION,
        key=title.key,
        digest=erratum.digest,
        filename="rapport.pdf",
        content=b"%PDF-1.7",
    )
    services.open_checks(version=first, is_open=False)
    services.vote(version=erratum, on=today(), by=board(), today=today())

    assert client.get(CHECKS).status_code == 302
    services.open_checks(version=first, is_open=True)
    assert set(ReportVersion.objects.values_list("is_open", flat=True)) == {True}


def test_only_a_voted_report_is_opened(client):
    ReportVersionFactory(year=YEAR, number=1)
    client.force_login(board())

    assert client.post(reverse("reports:open_checks", args=[YEAR, 1])).status_code == 404


# -- what ------------------------------------------------------------------------------------------
def test_the_page_says_the_number_its_definition_its_version_and_its_checksum(client):
    first = voted(is_open=True)
    voted(2, corrects=first, reason="Oubli", figures=FIGURES | {"teams": 38}, is_open=True)

    page = client.get(CHECK)

    assert "Équipes adhérentes" in page.text
    said = [(one.version.number, one.text) for one in page.context["proof"].said]
    assert said == [(2, "38"), (1, "37")]
    assert f"{1:064d}" in page.text
    assert f"{2:064d}" in page.text
    assert reverse("reports:indicator", args=[YEAR, "teams"]) not in page.text


def test_a_breakdown_is_told_part_by_part(client):
    voted(is_open=True)

    page = client.get(reverse("reports:check", args=[YEAR, "teams_by_department"]))

    bars = [(bar.name, bar.text) for bar in page.context["proof"].parts.bars]
    assert bars == [("Loire-Atlantique", "30"), ("Vendée", "7")]


@pytest.mark.parametrize("name", ["patients", "gone", "absent"])
def test_what_the_report_did_not_count_or_is_no_figure_any_more_has_no_page(client, name):
    voted(is_open=True)

    assert client.get(reverse("reports:check", args=[YEAR, name])).status_code == 404


def test_what_the_report_did_not_print_is_not_shown(client):
    """Of a chapter that was hidden, or counted for the screen alone."""
    voted(is_open=True, printed=["teams"])

    ((_, figures),) = client.get(CHECKS).context["chapters"]

    assert [one.id for one, _ in figures] == ["teams"]
    assert client.get(CHECK).status_code == 200
    hidden = reverse("reports:check", args=[YEAR, "teams_by_department"])
    assert client.get(hidden).status_code == 404


def test_the_parts_of_a_figure_are_called_as_they_were(client):
    figures = {"tools_top5": ["charte", "autre"]}
    voted(is_open=True, figures=figures, names={"tools_top5": {"charte": "La charte"}})

    page = client.get(reverse("reports:check", args=[YEAR, "tools_top5"]))

    assert [bar.name for bar in page.context["proof"].parts.bars] == ["La charte", "autre"]


def test_all_the_figures_are_listed_by_chapter_with_the_checksum(client):
    voted(is_open=True)

    page = client.get(CHECKS)

    ((_, figures),) = page.context["chapters"]
    assert [(one.id, text) for one, text in figures] == [
        ("teams", "37"),
        ("teams_by_department", ""),
    ]
    assert f"{1:064d}" in page.text


# -- in the document -------------------------------------------------------------------------------
def test_every_figure_of_the_report_leads_to_its_page_and_has_its_definition_in_the_annex():
    report = examples.activity_report()
    html = activity.html(report)

    linked = set(re.findall(rf'href="{re.escape(report.check)}([^"/]*)/"', html))
    defined = {term.figure for chapter in report.annex for term in chapter.terms}
    known = {figure for figure in linked if figure in examples.material().values}
    assert "" not in linked
    assert len(known) > 100
    assert known <= defined


def test_a_preview_has_no_annex():
    material = examples.material()

    assert activity.compose(material, only="network").annex == ()


@pytest.mark.parametrize(
    "printed",
    [
        '<td><a href="https://portail.test/v/letters_members_open_pct/">',
        '<caption><a href="https://portail.test/v/tool_views/">',
        '<p class="drawing-title"><a href="https://portail.test/v/local_group_meeting_by_format/">',
        '<p class="lead"><a href="https://portail.test/v/teams_by_department/">',
    ],
)
def test_tables_and_drawings_lead_to_what_they_show(printed):
    checked = activity.html(examples.activity_report(check="https://portail.test/v/"))

    assert printed in checked
    assert "https://portail.test/v/" not in activity.html(examples.activity_report())
