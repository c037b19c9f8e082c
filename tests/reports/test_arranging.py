"""The actions of a chapter: moved, hidden, renamed; what was read stays as it was."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from apmsl.lib.dates import reference_day, today
from reports.builders import activity, arranging, reading, slides, snapshots
from reports.builders.activity import chapters as making
from reports.builders.activity.material import Place
from reports.builders.figures import Action, Chapter, Figure
from reports.models import ActionPlace
from reports.models.actions import SPOKEN_CHAPTERS
from reports.services import ActionRefused
from reports.services import arranging as moves
from tests.members.factories import TeamFactory
from tests.reports import examples
from tests.reports.factories import (
    ActionPlaceFactory,
    ExternalFigureFactory,
    ReportVersionFactory,
)
from tests.roles import board, staff

HERE = "communication"


@pytest.fixture
def year(db):
    """With two actions in a chapter: what is read on the site, and a landmark."""
    TeamFactory(member=True)
    year = today().year
    ExternalFigureFactory(year=year, key="site_page_views", value=900, source="Relevé")
    given = {"chapter": HERE, "label": "Affiches", "source": "Relevé", "as_of": today()}
    ExternalFigureFactory(year=year, key="posters", value=7, **given)
    return year


def keys(year):
    return [line.key for line in arranging.lines(year, HERE)]


def material(year):
    return reading.material(year, reference_day(year))


def titles(report, key=HERE):
    (chapter,) = [one for one in report.chapters if one.key == key]
    return [action.title for action in chapter.shown_actions]


def arranged(*places, key="teams"):
    return examples.activity_report(actions={key: places})


# -- what is printed -------------------------------------------------------------------------------
def test_each_action_has_a_key_of_its_own_in_its_chapter():
    made = making.usual(examples.material())

    assert [chapter.key for chapter in made] == [str(key) for key in SPOKEN_CHAPTERS]
    for chapter in made:
        found = [action.key for action in chapter.actions]
        assert all(found)
        assert len(found) == len(set(found))


def test_where_nothing_was_changed_the_report_is_the_usual_one():
    report = examples.activity_report()

    assert report.chapters == making.usual(examples.material())


def test_actions_are_printed_where_they_were_put_and_hidden_ones_nowhere():
    usual = titles(examples.activity_report(), "teams")
    loans, practice = "Le prêt de matériel", "« MSP en pratique »"
    assert usual[-1] == loans

    report = arranged(
        Place(key="loans"),
        Place(key="thematic_meeting", title="Nos jeudis"),
        Place(key="practice", is_shown=False),
    )

    found = titles(report, "teams")
    assert found[:2] == [loans, "Nos jeudis"]
    assert sorted(found[2:]) == sorted(set(usual) - {loans, practice, "Réunions thématiques"})
    html = activity.html(report)
    in_contents = html[html.index('class="contents"') : html.index('id="glance"')]
    assert in_contents.index(loans) < in_contents.index("Nos jeudis")
    assert 'href="#teams-loans"' in in_contents
    assert 'id="teams-loans"' in html
    assert "MSP en pratique" not in in_contents
    assert "#teams-practice" not in html
    shown = slides.html(report)
    assert "Nos jeudis" in shown
    assert "Réunions thématiques</h" not in shown
    assert "« MSP en\u00a0pratique »</h" not in shown.replace("\u202f", " ")


def test_the_annex_defines_nothing_that_only_a_hidden_action_says():
    def defined(report):
        return {term.figure for chapter in report.annex for term in chapter.terms}

    hidden = Place(key="loans", is_shown=False)
    usual = defined(activity.compose(examples.material()))
    gone = usual - defined(activity.compose(examples.material(actions={"teams": [hidden]})))

    assert "equipment" in gone
    assert "loan_requests" not in gone  # « En un coup d’œil » says it too


def test_what_has_no_place_yet_follows_what_it_usually_follows():
    order = activity.chapters.placing.in_order

    assert order("abcd", "dba") == ["d", "b", "c", "a"]
    assert order("abcd", "cb") == ["a", "c", "d", "b"]
    assert order("ab", "xba") == ["b", "a"]


def small(key):
    return Action(key=key, title=key, figures=[Figure("x", 1, "x")])


def tall(key):
    return Action(key=key, title=key, items=["Un"])


@pytest.mark.parametrize(
    ("is_arranged", "rows"),
    [(False, [["a", "c"], ["b"], ["d"]]), (True, [["a"], ["b"], ["c", "d"]])],
)
def test_small_actions_leave_the_order_that_was_asked_for(is_arranged, rows):
    actions = [small("a"), tall("b"), small("c"), small("d")]
    chapter = Chapter(key="x", title="X", actions=actions, is_arranged=is_arranged)

    assert [[action.key for action in row] for row in chapter.rows] == rows


@pytest.mark.parametrize(
    ("places", "is_arranged"),
    [
        ([Place(key="practice", title="Autre"), Place(key="loans", is_shown=False)], False),
        ([Place(key="loans"), Place(key="practice")], True),
    ],
)
def test_hiding_and_renaming_leave_the_layout_of_the_others(places, is_arranged):
    (chapter,) = [one for one in arranged(*places).chapters if one.key == "teams"]

    assert chapter.is_arranged is is_arranged


# -- moving ----------------------------------------------------------------------------------------
def test_an_action_goes_past_what_is_printed_and_stops_at_the_ends(year):
    assert keys(year) == ["audience", "landmarks"]

    moves.move(year=year, chapter=HERE, key="landmarks", by=-1)
    assert keys(year) == ["landmarks", "audience"]
    assert titles(activity.compose(material(year)))[1] == "Le site et LinkedIn"

    moves.move(year=year, chapter=HERE, key="landmarks", by=-1)
    moves.move(year=year, chapter=HERE, key="audience", by=1)
    assert keys(year) == ["landmarks", "audience"]
    moves.move(year=year, chapter=HERE, key="landmarks", by=1)
    assert keys(year) == ["audience", "landmarks"]


def test_the_staff_moves_hides_and_renames_with_buttons(year, client):
    client.force_login(staff())
    page = reverse("reports:actions", args=[year, HERE])
    assert page in client.get(reverse("reports:chapters", args=[year])).text

    def press(key, to):
        client.post(reverse("reports:place_action", args=[year, HERE, key]), {"to": to})

    press("landmarks", "up")
    press("audience", "hide")
    title = reverse("reports:action_title", args=[year, HERE, "landmarks"])
    assert "Vide, l’action garde son titre habituel" in client.get(title).text
    assert client.post(title, {"title": "En chiffres", "seen": ""}).url == page

    shown = client.get(page).text
    assert shown.index("En chiffres") < shown.index("Le site et LinkedIn")
    assert "Masquée" in shown
    assert titles(activity.compose(material(year))) == ["En chiffres"]

    press("audience", "show")
    assert titles(activity.compose(material(year))) == ["En chiffres", "Le site et LinkedIn"]
    client.post(title, {"title": "", "seen": "En chiffres"})
    assert "En chiffres" not in client.get(page).text
    client.post(reverse("reports:actions_as_usual", args=[year, HERE]))
    assert keys(year) == ["audience", "landmarks"]
    assert not ActionPlace.objects.exists()


def test_figures_of_a_hidden_action_stay_on_the_screen(year, client):
    moves.show(year=year, chapter=HERE, key="audience", shown=False)
    client.force_login(board())

    page = client.get(reverse("reports:year", args=[year]), {"chapitre": HERE})

    assert "900" in page.text


def test_two_who_rename_an_action_are_told(year, client):
    client.force_login(staff())
    title = reverse("reports:action_title", args=[year, HERE, "audience"])
    client.post(title, {"title": "Sur le site", "seen": ""})

    clash = client.post(title, {"title": "En ligne", "seen": ""})

    assert "« Sur le site »" in clash.context["form"].errors["title"][0]
    assert clash.context["form"]["title"].value() == "En ligne"
    client.post(title, {"title": "En ligne", "seen": clash.context["form"]["seen"].value()})
    assert ActionPlace.objects.get(key="audience").title == "En ligne"


def test_an_action_or_a_chapter_that_is_none_is_refused(year, client):
    client.force_login(staff())

    assert client.get(reverse("reports:actions", args=[year, "foreword"])).status_code == 404
    title = reverse("reports:action_title", args=[year, HERE, "nothing"])
    assert client.get(title).status_code == 404
    place = reverse("reports:place_action", args=[year, HERE, "nothing"])
    said = client.post(place, {"to": "up"}, follow=True)
    assert "n’est plus dans ce chapitre" in said.text
    with pytest.raises(ActionRefused, match="n’est plus"):
        moves.show(year=year, chapter=HERE, key="nothing", shown=False)
    assert not ActionPlace.objects.exists()


def test_the_board_arranges_nothing(year, client):
    client.force_login(board())

    assert client.get(reverse("reports:actions", args=[year, HERE])).status_code == 404
    place = reverse("reports:place_action", args=[year, HERE, "audience"])
    assert client.post(place, {"to": "up"}).status_code == 404
    assert not ActionPlace.objects.exists()


# -- versions, history, constraints ----------------------------------------------------------------
def test_what_was_laid_before_the_board_keeps_its_actions_and_says_that_they_moved(year):
    version = ReportVersionFactory(**vars(snapshots.take(year)), year=year)
    html = version.html

    moves.rename(year=year, chapter=HERE, key="audience", title="Ailleurs", seen="")

    version.refresh_from_db()
    assert version.html == html
    assert snapshots.since(version).texts == ["Actions déplacées, masquées ou renommées"]
    moves.as_usual(year=year, chapter=HERE)
    assert snapshots.since(version).is_empty


def test_the_database_refuses_two_places_and_a_chapter_of_words(db):
    ActionPlaceFactory(key="letters")

    with pytest.raises(IntegrityError, match="actionplace_one_a_year"):
        ActionPlaceFactory(key="letters")


def test_the_database_refuses_actions_in_a_chapter_of_words(db):
    with pytest.raises(IntegrityError, match="actionplace_in_a_chapter_of_actions"):
        ActionPlaceFactory(chapter="foreword")
