"""The figures of 2023 on the screen: all of them are there, and each opens its records."""

from datetime import date

import pytest
from django.urls import reverse

from reports import indicators
from reports.builders import screen
from tests.roles import board

pytestmark = pytest.mark.xdist_group("screen of 2023")

DAY = date(2023, 12, 31)


def shown_in(section: screen.Section) -> list[str]:
    cells = [cell for table in section.tables for line in table.lines for cell in line.cells]
    names = [tile.id for tile in section.tiles] + [cell.id for cell in cells if cell]
    return names + [breakdown.id for breakdown in section.breakdowns]


def test_every_known_figure_is_shown_once(federation_2023):
    shown = [
        name
        for chapter in screen.chapters()
        for name in shown_in(screen.section(chapter, 2023, DAY))
    ]

    known = [name for name, found in indicators.readings(2023, DAY).items() if found.value]
    assert len(shown) == len(set(shown))
    assert set(known) <= set(shown)


@pytest.mark.parametrize("chapter", screen.chapters())
def test_every_figure_of_a_page_leads_to_its_list(federation_2023, savepoint, client, chapter):
    client.force_login(board())

    page = client.get(reverse("reports:year", args=[2023]), {"chapitre": chapter})

    text, names = page.content.decode(), shown_in(page.context["section"])
    assert names
    for name in names:
        assert reverse("reports:indicator", args=[2023, name]) in text


def test_every_figure_opens(federation_2023, savepoint, client):
    client.force_login(board())

    for name, reading in indicators.readings(2023, DAY).items():
        page = client.get(reverse("reports:indicator", args=[2023, name]))
        assert page.status_code == 200, name
        assert reading.indicator.title.replace("'", "&#x27;") in page.content.decode(), name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("teams", "91"),
        ("professionals", "2\u202f382"),
        ("teams_multi_site_pct", "81\u00a0%"),
        ("survey_hours", "42 (7,5 à 124)"),
    ],
)
def test_a_figure_reads_as_in_french(federation_2023, name, text):
    assert screen.text(indicators.readings(2023, DAY, [name])[name]) == text


def test_a_figure_that_is_divided_shows_its_parts(federation_2023):
    reading = indicators.readings(2023, DAY, ["teams_by_department"])["teams_by_department"]

    bars = screen.breakdown(reading).bars
    assert [(bar.name, bar.text) for bar in bars][:2] == [
        ("Loire-Atlantique", "29"),
        ("Maine-et-Loire", "18"),
    ]
