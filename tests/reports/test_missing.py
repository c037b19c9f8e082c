"""What the draft lacks: each kind of gap is told once, and leads to where it is mended."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apmsl.lib.dates import today
from events.enums import Category, ReportChapter
from events.models import EventPhoto
from reports import indicators
from reports.builders.missing import Lack, missing
from reports.enums import Chapter, TextStatus
from reports.services import chapters
from tests.events.factories import ActionKindFactory, EventFactory, ObjectiveFactory
from tests.members.factories import (
    AccompanimentTeamFactory,
    ScanFactory,
    ScanFormFactory,
    TeamFactory,
)
from tests.reports.factories import (
    ActionOfYearFactory,
    ActionPlaceFactory,
    ChapterOfYearFactory,
    ExternalFigureFactory,
    ReportTextFactory,
)
from tests.roles import board, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory(member=True)


def gaps(lack, user=None):
    found = missing(today().year, user=user or staff())
    heaps = [heap for part in found.chapters for heap in part.heaps if heap.lack == lack]
    return [gap for heap in heaps for gap in heap.gaps]


def held(**facts):
    return EventFactory(held=True, starts_on=today(), **facts)


def with_photo(event):
    EventPhoto.objects.create(event=event, image="photo.jpg", caption="La salle")
    return event


# -- texts -----------------------------------------------------------------------------------------
def test_a_chapter_whose_text_is_not_ready_is_told_and_leads_to_it(team):
    ReportTextFactory(chapter=Chapter.FOREWORD)
    ReportTextFactory(chapter=Chapter.MEMBERS, status=TextStatus.TO_READ)
    ReportTextFactory(chapter=Chapter.OUTLOOK, body="", status=TextStatus.TO_WRITE)
    ReportTextFactory(chapter=Chapter.TEAMS, year=today().year - 1)

    told = {gap.chapter: gap for gap in gaps(Lack.TEXT)}

    assert set(told) == set(Chapter) - {Chapter.FOREWORD}
    assert told[Chapter.MEMBERS].note == "à relire"
    assert {told[c].note for c in (Chapter.OUTLOOK, Chapter.TEAMS)} == {"à écrire"}
    assert told[Chapter.TEAMS].url == reverse("reports:text", args=[today().year, "teams"])


def test_the_text_of_the_trainings_is_printed_with_the_network_and_hidden_with_it(team):
    ChapterOfYearFactory(key=Chapter.NETWORK, title="", is_shown=False)

    told = {gap.chapter for gap in gaps(Lack.TEXT)}

    assert told == set(Chapter) - {Chapter.NETWORK, Chapter.TRAINING}


# -- figures ---------------------------------------------------------------------------------------
def test_a_figure_at_zero_leads_to_its_list_and_others_are_not_told(team):
    told = {gap.url: gap for gap in gaps(Lack.FIGURE)}

    zero = told[reverse("reports:indicator", args=[today().year, "teams_in_project"])]
    assert (zero.note, zero.chapter) == ("zéro", Chapter.MEMBERS)
    assert reverse("reports:indicator", args=[today().year, "teams"]) not in told


def test_an_outside_figure_without_value_leads_the_staff_to_enter_it(team):
    ExternalFigureFactory(key="linkedin_posts", source="LinkedIn")

    by_staff = [gap.url for gap in gaps(Lack.FIGURE) if "_add" in gap.url or "/add/" in gap.url]
    by_board = [gap.url for gap in gaps(Lack.FIGURE, board())]

    assert any(url.endswith(f"year={today().year}&key=site_visitors") for url in by_staff)
    assert not any("key=linkedin_posts" in url for url in by_staff)
    assert reverse("reports:indicator", args=[today().year, "site_visitors"]) in by_board


def test_what_did_not_take_place_is_one_line_and_what_nobody_came_to_is_told(team):
    def told(category):
        ids = {gap.url.rstrip("/").rpartition("/")[2] for gap in gaps(Lack.FIGURE)}
        return {name for name in ids if name.startswith(f"{category}_")}

    assert told(Category.TEAM_VISIT) == {"team_visit_count"}

    held(category=Category.TEAM_VISIT)

    assert told(Category.TEAM_VISIT) == {"team_visit_participations"}


# -- actions ---------------------------------------------------------------------------------------
def told_of(user=None):
    """By title."""
    return {gap.title: gap for gap in gaps(Lack.ACTION, user)}


def test_an_action_is_told_once_until_it_has_its_objective_and_a_picture(team):
    ObjectiveFactory(event=held())  # of the survey: what those present answer
    held()
    EventFactory(starts_on=today() + timedelta(days=1))
    add = reverse("admin:reports_actionofyear_add")

    (neither,) = gaps(Lack.ACTION)
    story = ActionOfYearFactory(key="thematic_meeting")
    (aimed,) = gaps(Lack.ACTION)
    with_photo(held())

    assert (neither.title, neither.chapter) == ("Réunions thématiques", Chapter.TEAMS)
    assert neither.note == "sans photo et sans objectif"
    assert neither.url == f"{add}?year={today().year}&key=thematic_meeting"
    assert aimed.note == "sans photo"
    assert aimed.url == reverse("admin:reports_actionofyear_change", args=[story.pk])
    assert gaps(Lack.ACTION) == []


def test_a_picture_of_the_action_is_enough_for_all_its_events(team):
    held()
    ActionOfYearFactory(
        key="thematic_meeting", objective="", photo="affiche.jpg", caption="L’affiche"
    )

    assert told_of()["Réunions thématiques"].note == "sans objectif"


def test_an_action_that_is_no_event_is_told_as_the_others(team):
    AccompanimentTeamFactory(team=team, accompaniment__kind="protocol_writing")

    assert told_of()["Écrire un protocole"].note == "sans photo et sans objectif"


def test_a_kind_among_others_lacks_the_objective_that_would_give_it_its_place(team):
    kind = ActionKindFactory(label="Club", chapter=ReportChapter.NEWS)
    with_photo(held(kind=kind))

    assert told_of()["Club"].note == "sans objectif"
    assert told_of()["Club"].url.endswith(f"key=type-{kind.pk}")

    ActionOfYearFactory(key=f"type-{kind.pk}")
    assert gaps(Lack.ACTION) == []


def test_an_action_of_a_chapter_that_is_hidden_may_wait(team):
    held()
    chapters.show(year=today().year, key=Chapter.TEAMS, shown=False)

    assert gaps(Lack.ACTION) == []


def test_an_action_that_is_hidden_may_wait(team):
    kind = ActionKindFactory(label="Club", chapter=ReportChapter.NEWS)
    held(kind=kind)
    ActionPlaceFactory(chapter="teams", key="apart", is_shown=False)
    assert gaps(Lack.ACTION) == []

    held()
    ActionPlaceFactory(chapter="teams", key="thematic_meeting", is_shown=False)

    assert gaps(Lack.ACTION) == []


def test_a_figure_that_only_a_hidden_action_says_may_wait(team):
    def zeros():
        return {gap.title for gap in gaps(Lack.FIGURE)}

    before = zeros()
    ActionPlaceFactory(chapter="communication", key="tools", is_shown=False)

    gone = {indicators.get(name).title for name in ("tools", "tools_new")}
    assert before - zeros() == gone


def test_what_can_only_be_counted_lacks_no_words(team):
    """Landmarks have no picture and no objective of theirs."""
    given = {"label": "Affiches", "source": "Relevé", "as_of": today()}
    ExternalFigureFactory(chapter="teams", **given)

    assert gaps(Lack.ACTION) == []


def test_the_board_is_led_to_the_chapter_that_tells_of_the_action(team):
    held()

    page = reverse("reports:year", args=[today().year])
    assert [gap.url for gap in gaps(Lack.ACTION, board())] == [f"{page}?chapitre=teams"]


# -- forms and sources -----------------------------------------------------------------------------
def test_teams_whose_form_was_not_sent_are_told_once_there_is_a_form(team):
    sent, drafted = TeamFactory(member=True), TeamFactory(member=True)
    assert gaps(Lack.SCAN) == []

    ScanFormFactory()
    ScanFactory(team=sent)
    ScanFactory(team=drafted, draft=True)
    TeamFactory(member=True, in_project=True)
    TeamFactory()

    assert {gap.url for gap in gaps(Lack.SCAN)} == {
        team.get_absolute_url(),
        drafted.get_absolute_url(),
    }


def test_an_outside_figure_without_source_is_told_where_it_is_printed(team):
    bare = ExternalFigureFactory(key="site_visitors", source="")
    ExternalFigureFactory(key="site_page_views", source="Matomo")
    ExternalFigureFactory(key="site_visitors", source="", year=today().year - 1)

    [gap] = gaps(Lack.SOURCE)

    assert gap.chapter == Chapter.COMMUNICATION
    assert gap.url == reverse("admin:reports_externalfigure_change", args=[bare.pk])


# -- the page --------------------------------------------------------------------------------------
def test_the_page_counts_as_many_as_it_lists_and_the_year_leads_to_it(client, team):
    held(kind=ActionKindFactory(label="Soirée <sans photo>"))
    client.force_login(board())
    url = reverse("reports:missing", args=[today().year])

    page = client.get(url)

    text, found = page.content.decode(), page.context["missing"]
    listed = [gap for part in found.chapters for heap in part.heaps for gap in heap.gaps]
    assert sum(count for _, count, _ in found.counts) == len(listed)
    assert "Soirée &lt;sans photo&gt;" in text
    assert "1\u00a0action du rapport sans photo ou sans objectif" in text
    assert reverse("admin:index") not in text
    assert url in client.get(reverse("reports:year", args=[today().year])).content.decode()
    assert client.get(reverse("reports:missing", args=[1999])).status_code == 404


def test_the_page_takes_as_many_queries_for_three_actions_as_for_one(client, team, record_queries):
    client.force_login(board())
    url = reverse("reports:missing", args=[today().year])
    held()
    client.get(url)

    with record_queries() as for_one:
        client.get(url)
    held()
    held()
    with record_queries() as for_three:
        client.get(url)

    assert len(for_three) == len(for_one)
