"""What fewer than five teams answered is printed nowhere, not even as a sum: it would be one team's."""

import pytest

from apmsl.lib.dates import reference_day, today
from members.models import ScanAnswer
from network.enums import CoordinatorProfile
from reports.builders import activity, reading, slides
from reports.builders.activity.material import Material
from reports.builders.network import network_html
from reports.builders.snapshots import take
from reports.indicators.few import MADE_OF, share
from reports.indicators.scans import PRACTICES
from tests.members.factories import TeamFactory
from tests.network.factories import LocalGroupTeamFactory, SurveyAnswerFactory
from tests.reports.test_portrait import TEAMS, member_team, sheet

pytestmark = pytest.mark.django_db
OF_FORMS = {name for names in MADE_OF.values() for name in names} | set(map(share, PRACTICES))


def answered(number: int, year: int | None = None):
    return [member_team(*row, year=year) for row in TEAMS[:number]]


def material() -> Material:
    return reading.material(today().year, reference_day(today().year))


def told_of_forms(report: activity.ActivityReport) -> set[str]:
    """Every figure made of forms that the report prints, wherever it does."""
    figures = [*report.portrait.figures, *(one for box in report.boxes for one in box.shown)]
    drawn = {one.proof for one in report.portrait.shown}
    defined = {term.figure for chapter in report.annex for term in chapter.terms}
    return ({one.id for one in figures if one.is_known} | drawn | defined) & OF_FORMS


# -- the region's page -----------------------------------------------------------------------------
def test_the_year_before_is_left_out_where_too_few_teams_answered_then():
    answered(5)
    (alone,) = answered(1, year=today().year - 1)
    assert alone

    found = sheet()

    changes = [*found.figures, *found.portrait, *(one.change for one in found.practices)]
    beside = {change.figure.id for change in changes if change.text}
    assert {"patients", "professionals"} <= {change.figure.id for change in found.figures}
    assert "teams_constituted" in beside
    assert beside & OF_FORMS == set()


def test_a_sum_of_one_question_needs_five_answers_to_it_however_many_forms_there_are():
    answered(5)
    assert "patients" in {change.figure.id for change in sheet().figures}
    ScanAnswer.objects.filter(question__key="patients", number=9000).delete()

    shown = {change.figure.id for change in sheet().figures}

    assert "professionals" in shown
    assert shown & {"patients", "patients_population_pct"} == set()
    assert "patients" not in told_of_forms(activity.compose(material()))


# -- the activity report ---------------------------------------------------------------------------
def test_under_five_forms_the_report_prints_nothing_of_them_and_says_so():
    answered(4)

    report = activity.compose(material())

    assert told_of_forms(report) == set()
    assert report.portrait.practices == []
    assert report.portrait.professions is None
    assert report.portrait.base.startswith("Moins de cinq équipes ont répondu au Scan’équipe")
    assert "teams_constituted" in {one.id for one in report.portrait.beside_map}
    assert not OF_FORMS & set(take(today().year).printed)


def test_where_nobody_sent_a_form_nothing_is_withheld():
    TeamFactory(member=True)

    assert not OF_FORMS & material().withheld
    assert material().value("professionals") == 0


def test_from_five_forms_on_the_report_prints_them():
    answered(5)

    report = activity.compose(material())

    assert {"professionals", "patients", "scan_protocols_pct"} <= told_of_forms(report)
    assert report.portrait.base.startswith("5\u00a0équipes ont répondu")
    assert {"professionals", "patients"} <= set(take(today().year).printed)


def test_the_slides_follow():
    answered(4)

    shown = [
        figure.id for one in slides.slides(activity.compose(material())) for figure in one.figures
    ]

    assert "teams_constituted" in shown
    assert not OF_FORMS & set(shown)


# -- the survey of the network ---------------------------------------------------------------------
def surveyed(number: int) -> None:
    for _ in range(number):
        team = LocalGroupTeamFactory().team
        SurveyAnswerFactory(
            team=team, profile=CoordinatorProfile.HEALTH_PROFESSIONAL, monthly_hours=37
        )


@pytest.mark.parametrize(("number", "is_printed"), [(4, False), (5, True)])
def test_the_survey_is_printed_from_five_answers_on(number, is_printed):
    surveyed(number)

    given = material()
    printed = network_html(given)

    assert ("heures par mois en moyenne" in printed) == is_printed
    assert ("Moins de cinq équipes ont répondu à l’enquête annuelle" in printed) != is_printed
    assert (given.value("survey_profile") is not None) == is_printed
    printed = activity.html(activity.compose(given))
    assert ("heures par mois en moyenne" in printed) == is_printed


def test_the_hours_of_the_survey_are_those_of_five_teams_at_least():
    surveyed(4)
    SurveyAnswerFactory(team=LocalGroupTeamFactory().team, monthly_hours=None)

    assert "heures par mois en moyenne" not in network_html(material())
    assert material().value("survey_profile")
