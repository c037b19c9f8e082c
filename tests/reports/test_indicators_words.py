"""What is declared about the figures, and the details that a generated federation does not show."""

from datetime import date
from pathlib import Path

import pytest

from events.enums import Category
from reports import indicators
from reports.enums import Chapter
from reports.indicators import Column, Kind, Part, Reading
from reports.indicators.categories import ACCOMPANIMENTS, EVENTS
from reports.indicators.events import audience_code
from reports.indicators.records import as_text
from tests.members.factories import PersonFactory, TeamFactory
from tests.network.factories import NewsletterFactory
from tests.toolbox.factories import ToolFactory
from tests.training.factories import CohortFactory
from toolbox.models import ToolMonth

PAGE = Path(__file__).resolve().parents[2] / "docs" / "indicateurs.md"


def test_the_page_of_the_documentation_is_the_declared_one():
    assert PAGE.read_text(encoding="utf-8") == indicators.documentation(), (
        "python manage.py indicators --page > docs/indicateurs.md"
    )


def test_figures_are_said_in_good_french():
    wrong = []
    for indicator in indicators.REGISTRY.values():
        said = [indicator.title, indicator.one, indicator.many, indicator.definition]
        right = all(said) and indicator.title[0].isupper() and indicator.definition.endswith(".")
        if not right or any(bad in text for text in said for bad in ("'", "  ", " :", " »", "« ")):
            wrong.append(indicator.id)

    assert wrong == []
    assert {indicator.unit for indicator in indicators.REGISTRY.values()} == {"", "%"}


def test_every_category_and_every_kind_of_accompaniment_has_its_figures():
    assert list(EVENTS) == list(Category)
    assert len(indicators.REGISTRY) == 220
    assert all(f"{category}_count" in indicators.REGISTRY for category in EVENTS)
    assert all(f"{kind}_teams" in indicators.REGISTRY for kind in ACCOMPANIMENTS)


def test_chapters_come_in_the_order_of_the_report_and_hold_every_figure():
    chapters = indicators.by_chapter()

    assert list(chapters) == [chapter for chapter in Chapter if chapter in chapters]
    assert sum(len(figures) for figures in chapters.values()) == len(indicators.REGISTRY)
    assert all(figures for figures in chapters.values())


def test_an_unknown_figure_is_refused():
    with pytest.raises(KeyError):
        indicators.get("patients_by_name")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("teams", 81, "81 équipes adhérentes"),
        ("teams", 1, "1 équipe adhérente"),
        ("teams", 0, "0 équipe adhérente"),
        ("local_groups", 7, "7 groupes locaux"),
        ("patients", 719_920, "719 920 patients suivis"),
        ("categories_mean", 9.0, "9 professions par équipe en moyenne"),
        ("teams_single_site_pct", 19, "19 % des équipes sur un seul site"),
        ("letters_members_open_pct", 69.9, "69,9 % d’ouverture des lettres aux adhérents"),
        ("signatories_mean", None, "– signataires du projet de santé par équipe en moyenne"),
        ("pacte_cohort", "4", "4 promotion de PACTE"),
    ],
)
def test_a_figure_agrees_with_its_words(name, value, sentence):
    reading = Reading(indicators.get(name), value)

    said = f"{reading.text} {reading.label}"
    assert said.replace("\u00a0", " ").replace("\u202f", " ") == sentence


@pytest.mark.django_db
def test_a_breakdown_names_its_codes_and_keeps_the_unknown_ones():
    reading = Reading(indicators.get("teams_by_department"), {"44": 29, "99": 1})

    assert reading.parts() == [Part("44", "Loire-Atlantique", 29), Part("99", "99", 1)]


@pytest.mark.django_db
def test_a_ranking_names_its_codes_in_their_order():
    tool = ToolFactory(title="Protocole douleur")

    ranked = Reading(indicators.get("tools_top5"), [tool.code]).parts()

    assert ranked == [Part(tool.code, "Protocole douleur", 1)]
    assert indicators.get("tools_top5").kind is Kind.RANKING


def test_an_audience_is_written_as_the_records_write_it():
    assert audience_code(["coordinators", "leaders"]) == "coordinators_leaders"
    assert audience_code(["local_group:44-est", "local_group:53"]) == "local_group"
    assert audience_code(["public"]) == "public"


def test_cells_are_written_in_french():
    values = [None, "", True, False, date(2023, 6, 3), 2382, 9.5]

    assert [as_text(v) for v in values] == [
        "–",
        "–",
        "oui",
        "non",
        "03/06/2023",
        "2\u202f382",
        "9,5",
    ]


@pytest.mark.django_db
def test_a_column_follows_its_path_and_stops_where_nothing_is():
    person = PersonFactory(profession=None)

    assert Column("Profession", "profession.label").text(person) == "–"


@pytest.mark.django_db
def test_without_a_cohort_a_programme_has_no_figure():
    CohortFactory(programme="pacte", number=4, starts_on=date(2022, 10, 3), hours=180)

    figures = indicators.compute(2023)

    assert (figures["pacte_cohort"], figures["pacte_hours"]) == ("4", 180)
    assert "communication_cohort" not in figures
    assert "pacte_cohort" not in indicators.compute(2023, date(2022, 10, 2))


@pytest.mark.django_db
def test_of_two_cohorts_ending_together_the_first_recorded_counts():
    dates = {"starts_on": date(2022, 10, 3), "ends_on": date(2023, 12, 31)}
    CohortFactory(programme="pacte", number=5, **dates)
    CohortFactory(programme="pacte", number=4, **dates)

    assert indicators.get("pacte_cohort").value(2023) == "5"


@pytest.mark.django_db
def test_of_two_letters_of_a_day_the_first_recorded_gives_the_recipients():
    day = date(2023, 5, 5)
    NewsletterFactory(kind="members", sent_on=day, delivered=268, opened=0)
    NewsletterFactory(kind="members", sent_on=day, delivered=10, opened=10)

    assert indicators.get("letters_members_recipients").value(2023) == 268
    assert indicators.get("letters_members_open_pct").value(2023) == 50.0


@pytest.mark.django_db
def test_views_count_whole_months_up_to_that_of_the_day():
    tools = [ToolFactory(code=code) for code in ("b", "B", "a")]
    ToolMonth.objects.bulk_create(
        ToolMonth(tool=tool, month=date(2023, month, 1), views=5)
        for tool in tools
        for month in (5, 6, 7)
    )

    assert indicators.get("tool_views").value(2023, date(2023, 6, 2)) == 30
    # Ties go by code, capitals first, in whatever language the database sorts.
    assert indicators.get("tools_top5").value(2023, date(2023, 6, 2)) == ["B", "a", "b"]


@pytest.mark.django_db
def test_a_row_links_to_the_page_of_what_it_is_about():
    team = TeamFactory(name="Maison de santé du Bocage", constituted_on=date(2019, 3, 1))
    team.memberships.create(year=2023, status="paid", paid_on=date(2023, 2, 1))

    (row,) = indicators.get("teams").records(2023).rows()

    assert row.cells[0] == "Maison de santé du Bocage"
    assert row.url == team.get_absolute_url()
