"""Figures from outside that the report prints in its chapters, with their source and date."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from apmsl.demo import outside
from reports.builders.activity import compose, html
from reports.builders.figures import Landmark
from reports.builders.reading.activity import material
from reports.builders.reading.landmarks import landmarks
from reports.enums import Unit
from reports.indicators import Scope
from reports.models import ExternalFigure
from reports.models.outside import LANDMARK_CHAPTERS
from reports.services import carry_landmarks_over
from tests.members.factories import MembershipFactory
from tests.reports.factories import ExternalFigureFactory
from tests.roles import board, staff

pytestmark = pytest.mark.django_db

YEAR, LAST = 2022, date(2022, 12, 31)


def landmark(**given):
    told = {"year": YEAR, "chapter": "teams", "label": "Jours que dure un prêt"}
    told |= {"source": "Règlement du prêt", "as_of": date(2022, 3, 1), "value": 15}
    return ExternalFigureFactory(**told | given)


@pytest.mark.parametrize("missing", [{"label": ""}, {"source": ""}, {"as_of": None}])
def test_a_landmark_is_refused_without_what_it_counts_its_source_or_its_date(missing):
    with pytest.raises(IntegrityError), transaction.atomic():
        landmark(**missing)

    figure = ExternalFigure(year=YEAR, key="x", value=1, chapter="teams", label="x", source="x")
    with pytest.raises(ValidationError, match="sa source et sa date"):
        figure.full_clean()


def test_a_figure_that_is_no_landmark_needs_neither():
    assert not ExternalFigureFactory(year=YEAR).chapter


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        (Unit.NUMBER, 4_000, "4\u202f000"),
        (Unit.PERCENT, 10, "10\u00a0%"),
        (Unit.EURO, 1_500, "1\u202f500\u00a0€"),
        (Unit.YEAR, 2012, "2012"),
    ],
)
def test_a_landmark_reads_in_its_unit(unit, value, text):
    assert ExternalFigure(unit=unit, value=value).text == text


@pytest.mark.parametrize("chapter", LANDMARK_CHAPTERS)
def test_the_report_prints_the_landmarks_of_each_chapter(chapter):
    landmark(chapter=chapter)
    landmark(chapter=chapter, year=YEAR + 1, label="D’une autre année")

    printed = [
        action.landmarks
        for part in compose(material(YEAR, LAST)).shown_chapters
        for action in part.shown_actions
        if action.title.startswith("Repères : ")
    ]

    told = Landmark(label="Jours que dure un prêt", text="15", source="Règlement du prêt, 2022")
    assert printed == [[told]]
    assert "D’une autre année" not in html(compose(material(YEAR, LAST)))


def test_the_screen_shows_them_below_the_figures_of_their_chapter(client):
    MembershipFactory(year=YEAR)
    landmark(chapter="training", value=2012, unit=Unit.YEAR)
    client.force_login(board())
    url = reverse("reports:year", args=[YEAR])

    shown = client.get(url, {"chapitre": "training"}).text

    assert '<th scope="row">Jours que dure un prêt</th><td class="number">2012</td>' in shown
    assert "Règlement du prêt, 2022" in shown
    assert "Règlement du prêt" not in client.get(url, {"chapitre": "network"}).text


def test_the_screen_says_what_a_landmark_was_the_year_before(client):
    MembershipFactory(year=YEAR)
    landmark(key="loan_days")
    landmark(key="loan_days", year=YEAR - 1, value=4_000)
    landmark(key="loan_renewals", value=2)
    client.force_login(board())

    shown = client.get(reverse("reports:year", args=[YEAR]), {"chapitre": "teams"}).text

    assert f'<th scope="col" class="number">En {YEAR - 1}</th>' in shown
    assert '<td class="number">15</td><td class="number">4\u202f000</td>' in shown
    assert '<td class="number">2</td><td class="number">–</td>' in shown


def test_what_the_staff_typed_is_set_as_french_is():
    landmark(label="« Jeudi des régions » chaque mois", source="Charte : annexe")

    (told,) = landmarks(Scope.of(YEAR))["teams"]

    assert told.label == "«\u00a0Jeudi des régions\u00a0» chaque mois"
    assert told.source == "Charte\u00a0: annexe, 2022"


def test_landmarks_are_carried_over_once_with_their_date():
    kept = landmark(key="loan_days")
    landmark(key="loan_renewals")
    landmark(key="loan_renewals", year=YEAR + 1, value=2)
    ExternalFigureFactory(year=YEAR, key="site_visitors")

    counts = [carry_landmarks_over(ExternalFigure.objects.filter(year=YEAR)) for _ in range(2)]

    assert counts == [1, 0]
    after = ExternalFigure.objects.filter(year=YEAR + 1)
    assert set(after.values_list("key", "value")) == {("loan_days", 15), ("loan_renewals", 2)}
    assert after.get(key="loan_days").as_of == kept.as_of


def test_a_figure_is_of_a_year_that_is_no_slip_and_the_last_one_has_no_year_after(client):
    client.force_login(staff())
    typed = {"year": "20222", "key": "loan_days", "value": "15", "unit": "number"}

    page = client.post(reverse("admin:reports_externalfigure_add"), typed)

    assert "entre 2000 et 2100" in page.text
    landmark(year=2100)
    assert carry_landmarks_over(ExternalFigure.objects.all()) == 0


def test_the_staff_carries_them_over_from_the_list(client):
    figure = landmark()
    client.force_login(staff())
    url = reverse("admin:reports_externalfigure_changelist")

    for said in ("1\u00a0repère repris", "Aucun repère à reprendre"):
        response = client.post(
            url, {"action": "carry_over", "_selected_action": [figure.pk]}, follow=True
        )
        assert said in response.text
    assert ExternalFigure.objects.filter(year=YEAR + 1).count() == 1


def test_the_demonstration_gives_every_figure_its_source_once():
    ExternalFigureFactory(year=outside.YEAR, key="site_visitors", as_of=outside.LAST_DAY)
    ExternalFigureFactory(year=outside.YEAR, key="linkedin_posts", source="Déjà donnée")

    for _ in range(2):
        call_command("demo_figures")

    found = ExternalFigure.objects.filter(year=outside.YEAR)
    assert found.count() == len(outside.LANDMARKS) + len(outside.PLANNED) + 2
    assert not found.filter(source="").exists()
    assert found.get(key="linkedin_posts").source == "Déjà donnée"
