"""Since when a figure is what it is, and what moved in the report beside its figures."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from apmsl.lib import typography
from reports import indicators
from reports.builders import snapshots
from reports.builders.steadiness import since_when
from reports.enums import Chapter
from reports.services import chapters
from tests.members.factories import MembershipFactory
from tests.reports.factories import ExternalFigureFactory, ReportVersionFactory
from tests.roles import board

pytestmark = pytest.mark.django_db

YEAR, MARCH, APRIL = 2022, date(2023, 3, 3), date(2023, 4, 4)


def teams():
    return indicators.readings(YEAR, date(YEAR, 12, 31), ["teams"])["teams"]


def kept(number, made_on, **figures):
    return ReportVersionFactory(
        year=YEAR, number=number, made_on=made_on, figures=figures, withdrawn_on=made_on
    )


# -- a figure --------------------------------------------------------------------------------------
def test_a_figure_is_unchanged_since_the_first_of_the_versions_that_agree_with_it():
    MembershipFactory(year=YEAR)
    kept(1, date(2023, 1, 1), teams=5)
    kept(2, MARCH, teams=1)
    kept(3, APRIL, teams=1)

    assert since_when(teams(), YEAR) == "Inchangé depuis la mise en lecture du 3\u00a0mars 2023."


def test_a_figure_that_moved_says_what_it_was_and_what_it_is():
    MembershipFactory(year=YEAR)
    kept(1, MARCH, teams=1)
    kept(2, APRIL, teams=37)

    assert since_when(teams(), YEAR) == (
        "37 à la mise en lecture du 4\u00a0avril 2023, 1 aujourd’hui."
    )


def test_a_report_that_was_never_laid_before_the_board_tells_nothing():
    MembershipFactory(year=YEAR)

    assert since_when(teams(), YEAR) == ""


def test_the_page_of_a_figure_says_when_a_record_behind_it_changed(client):
    team = MembershipFactory(year=YEAR).team
    kept(1, MARCH, teams=1)
    client.force_login(board())
    page = reverse("reports:indicator", args=[YEAR, "teams"])
    assert client.get(page).context["last_change"] is None

    team.name = "Autre nom"
    team.save()

    text = client.get(page).text
    assert f"fiche comptée\u00a0: le {typography.day(timezone.localdate())}" in text
    assert "Inchangé depuis la mise en lecture du" in text


# -- beside the figures ----------------------------------------------------------------------------
def laid():
    MembershipFactory(year=YEAR)
    return ReportVersionFactory(**vars(snapshots.take(YEAR)), year=YEAR)


def landmark(key, value):
    return ExternalFigureFactory(
        year=YEAR,
        key=key,
        value=value,
        label=f"Repère {key}",
        source="Insee",
        as_of=MARCH,
        chapter=Chapter.NETWORK,
    )


def test_landmarks_that_changed_came_or_went_are_told(client):
    changed, gone, _ = landmark("a", 1), landmark("b", 2), landmark("c", 3)
    version = laid()
    assert snapshots.since(version).is_empty

    changed.value = 4
    changed.save()
    gone.delete()
    landmark("d", 5)

    since = snapshots.since(version)
    assert [(one.title, one.then, one.now) for one in since.landmarks] == [
        ("Repère a", "1 (Insee)", "4 (Insee)"),
        ("Repère b", "2 (Insee)", "–"),
        ("Repère d", "–", "5 (Insee)"),
    ]
    client.force_login(board())
    assert "Repère d" in client.get(version.get_absolute_url()).text


def test_chapters_in_another_order_or_hidden_are_told(client):
    version = laid()

    chapters.move(year=YEAR, key=Chapter.OUTLOOK, by=-1)

    order = snapshots.since(version).chapters
    assert order[-2:] == ["Perspectives", "Vie associative"]
    client.force_login(board())
    assert "plus dans cet ordre" in client.get(version.get_absolute_url()).text
    chapters.usual_order(year=YEAR)
    assert snapshots.since(version).is_empty


def test_a_version_of_before_they_were_kept_tells_nothing_of_them():
    landmark("a", 1)
    MembershipFactory(year=YEAR)
    old = vars(snapshots.take(YEAR)) | {"landmarks": None, "chapters": None}
    version = ReportVersionFactory(**old, year=YEAR)

    chapters.show(year=YEAR, key=Chapter.OUTLOOK, shown=False)

    assert snapshots.since(version).is_empty
