"""The chapters of the draft: moved, hidden, added, one previewed; what was read stays as it was."""

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from outloud import check

from apmsl.jobs.models import Run
from apmsl.lib import pdf
from apmsl.lib.dates import today
from reports import indicators, services
from reports.builders import activity, reading, snapshots
from reports.builders import missing as gaps
from reports.builders.activity.material import Place
from reports.builders.figures import Text
from reports.enums import PRINTED, Chapter, Document, TextStatus
from reports.indicators.categories import ACCOMPANIMENTS
from reports.models import ChapterOfYear, ReportText
from reports.services import ChapterRefused
from reports.services import chapters as moves
from tests.members.factories import TeamFactory
from tests.reports import examples
from tests.reports.factories import (
    ChapterOfYearFactory,
    ReportTextFactory,
    ReportVersionFactory,
)
from tests.roles import board, staff

USUAL = [
    *("members", "foreword", "representation", "projects", "teams"),
    *("evolution", "network", "communication", "governance", "outlook"),
]


@pytest.fixture
def year(db):
    TeamFactory(member=True)
    return today().year


def keys(year):
    return [row.key for row in ChapterOfYear.objects.of_year(year)]


def written(body, *, seen="0", status="to_read"):
    return {"body": body, "signature": "", "status": status, "seen": seen}


def text_of(chapter):
    return ReportText.objects.get(year=chapter.year, chapter=chapter.key)


def test_a_chapter_has_one_title_wherever_it_is_named():
    report = examples.activity_report()

    printed = {part.key: part.title.replace("\u00a0", " ") for part in report.parts}

    assert printed == {key: Chapter(key).label for key in printed}
    assert set(PRINTED) == set(printed)


@pytest.mark.parametrize("kind", ACCOMPANIMENTS)
def test_the_figures_of_an_accompaniment_are_shown_in_the_chapter_that_prints_them(kind):
    chapters = examples.activity_report().chapters

    (printed,) = (one.key for one in chapters if kind in {action.key for action in one.actions})

    assert indicators.get(f"{kind}_teams").chapter == printed


def places(*names, hidden=(), added=()):
    usual = [Place(key=key, title=key, is_shown=key not in hidden) for key in names]
    return [*usual, *(Place(key=key, title=key, text=Text(body="<p>Mot</p>")) for key in added)]


# -- what is printed -------------------------------------------------------------------------------
def test_where_nothing_was_changed_the_order_is_the_usual_one():
    report = examples.activity_report()

    assert [part.key for part in report.parts] == USUAL == list(PRINTED)
    assert [p.chapter.number for p in report.parts if p.chapter] == [
        *("01", "02", "03", "04", "05", "06", "")
    ]


def test_chapters_are_printed_in_their_order_and_their_numbers_follow():
    order = ["outlook", "teams", "projects", "evolution"]

    report = examples.activity_report(places=places(*order, hidden={"projects"}, added=["ajout-1"]))

    assert [part.key for part in report.parts] == ["outlook", "teams", "evolution", "ajout-1"]
    assert [p.chapter.number for p in report.parts if p.chapter] == ["01", "02"]
    html = activity.html(report)
    titles = ['id="outlook"', 'id="teams"', 'id="evolution"', 'id="ajout-1"']
    assert sorted(titles, key=html.index) == titles
    assert 'id="projects"' not in html
    assert 'href="#projects"' not in html
    assert 'href="#ajout-1"' in html


def test_a_chapter_of_a_year_stands_where_the_staff_put_it(year):
    ReportTextFactory(chapter=Chapter.FOREWORD)
    added = ChapterOfYearFactory(title="Tribune & co")
    ReportTextFactory(chapter=added.key, body="Deux **mots**.", signature="Anne Petit")
    assert [place.key for place in reading.material(year, today()).places][-1] == PRINTED[-1]

    moves.show(year=year, key="foreword", shown=False)

    report = activity.compose(reading.material(year, today()))
    html = activity.html(report)
    assert "foreword" not in [part.key for part in report.parts]
    assert added.key in [part.key for part in report.parts]
    assert "Tribune &amp; co" in html
    assert "<strong>mots</strong>" in html
    assert "Anne Petit" in html


def test_what_was_laid_before_the_board_keeps_its_order(year):
    version = ReportVersionFactory(html="<p>lu</p>", texts={})

    added = ChapterOfYearFactory(title="Tribune")
    ReportTextFactory(chapter=added.key, body="Un mot.")

    version.refresh_from_db()
    assert version.html == "<p>lu</p>"
    assert snapshots.since(version).texts == ["Tribune"]
    # As a version of before they had a signature kept it.
    told = {added.key: {"body": "Un mot.", "title": "Tribune"}}
    version = ReportVersionFactory(texts=told, withdrawn_on=today())
    assert snapshots.since(version).texts == []


# -- moving ----------------------------------------------------------------------------------------
def test_a_chapter_goes_up_and_down_and_stops_at_the_ends(year):
    moves.move(year=year, key="outlook", by=-1)
    assert keys(year)[-2:] == ["outlook", "governance"]

    moves.move(year=year, key="outlook", by=1)
    moves.move(year=year, key="outlook", by=1)
    moves.move(year=year, key="members", by=-1)

    assert keys(year) == USUAL
    assert set(ChapterOfYear.objects.values_list("year", flat=True)) == {year}


def test_the_usual_order_comes_back_and_what_was_added_follows(year):
    moves.move(year=year, key="outlook", by=-1)
    moves.usual_order(year=year)
    assert keys(year) == []

    added = moves.add(year=year, title="Tribune")
    moves.show(year=year, key="teams", shown=False)
    moves.move(year=year, key=added.key, by=-1)
    moves.usual_order(year=year)

    assert keys(year) == [*USUAL, added.key]
    assert not ChapterOfYear.objects.filter(is_shown=False).exists()


def test_what_is_gone_moves_no_more_and_no_more_than_twenty_are_added(year):
    with pytest.raises(ChapterRefused, match="vient d’être retiré"):
        moves.move(year=year, key="ajout-9", by=1)
    for number in range(moves.MOST_ADDED):
        moves.add(year=year, title=f"Tribune {number}")
    with pytest.raises(ChapterRefused, match="déjà ajoutés"):
        moves.add(year=year, title="Une de trop")


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"key": "nothing"}, "chapterofyear_usual_or_titled"),
        ({"key": "teams"}, "chapterofyear_usual_or_titled"),
        ({"title": ""}, "chapterofyear_usual_or_titled"),
    ],
)
def test_the_database_refuses_a_chapter_that_is_none(year, facts, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        ChapterOfYearFactory(**facts)


def test_the_database_refuses_two_places_for_one_chapter(year):
    ChapterOfYearFactory(key="ajout-1")
    with pytest.raises(IntegrityError, match="chapterofyear_one_place_a_year"):
        ChapterOfYearFactory(key="ajout-1")


# -- the pages -------------------------------------------------------------------------------------
def test_the_staff_puts_chapters_in_order_from_the_page(year, client):
    client.force_login(staff())
    page = reverse("reports:chapters", args=[year])
    place = reverse("reports:place", args=[year, "outlook"])

    client.post(place, {"to": "up"})
    client.post(place, {"to": "hide"})
    client.post(place, {"to": "elsewhere"})

    shown = client.get(page).content.decode()
    assert keys(year)[-2:] == ["outlook", "governance"]
    assert "Masqué" in shown
    client.post(reverse("reports:usual_order", args=[year]))
    assert "Masqué" not in client.get(page).content.decode()
    gone = client.post(reverse("reports:place", args=[year, "ajout-7"]), {"to": "up"}, follow=True)
    assert "vient d’être retiré" in gone.content.decode()


def test_a_chapter_is_added_written_renamed_and_removed(year, client):
    client.force_login(staff())
    page = reverse("reports:chapters", args=[year])
    assert "obligatoire" in client.post(page, {"title": ""}).text

    answer = client.post(page, {"title": "Tribune"})
    added = ChapterOfYear.objects.get(title="Tribune")
    assert answer.url == added.get_absolute_url()
    client.post(added.get_absolute_url(), written("Un mot.", status="ready"))
    assert text_of(added).body == "Un mot."
    rename = reverse("reports:rename_chapter", args=[year, added.key])
    client.post(rename, {"title": "Dossier", "seen": "Tribune"})
    added.refresh_from_db()
    assert added.title == "Dossier"
    assert "Prêt" in client.get(page).text

    client.post(reverse("reports:remove_chapter", args=[year, added.key]))
    assert not ChapterOfYear.objects.filter(pk=added.pk).exists()
    assert not ReportText.objects.exists()
    assert client.get(added.get_absolute_url()).status_code == 404
    assert client.post(reverse("reports:rename_chapter", args=[year, "teams"])).status_code == 404


def test_an_added_chapter_is_commented_by_the_board_and_told_with_the_others(year, client):
    added = moves.add(year=year, title="Tribune")
    client.force_login(board())

    client.post(reverse("reports:comment", args=[year, added.key]), {"remark": "Trop long."})
    page = client.get(added.get_absolute_url())

    assert "Trop long." in page.text
    assert reverse("reports:rename_chapter", args=[year, added.key]) not in page.text
    assert client.post(added.get_absolute_url(), written("x")).status_code == 404
    texts = client.get(reverse("reports:texts", args=[year])).text
    assert "Tribune" in texts
    assert "1\u00a0remarque à régler" in texts


def test_what_is_missing_counts_added_chapters_until_they_are_ready_or_hidden(year, client):
    added = moves.add(year=year, title="Tribune")
    user = board()

    def lacking():
        found = gaps.missing(year, user=user).chapters
        return [
            (gap.title, gap.note, gap.url)
            for part in found
            for heap in part.heaps
            if heap.lack == gaps.Lack.TEXT
            for gap in heap.gaps
        ]

    assert ("Tribune", "à écrire", added.get_absolute_url()) in lacking()
    text = ReportTextFactory(chapter=added.key, status=TextStatus.TO_READ)
    assert ("Tribune", "à relire", added.get_absolute_url()) in lacking()
    client.force_login(user)
    page = client.get(reverse("reports:missing", args=[year])).text
    assert f'id="{added.key}"' in page
    moves.show(year=year, key=added.key, shown=False)
    moves.show(year=year, key="outlook", shown=False)
    assert {"Tribune", "Perspectives"}.isdisjoint(title for title, *_ in lacking())
    moves.show(year=year, key=added.key, shown=True)
    text.status = TextStatus.READY
    text.save()
    assert "Tribune" not in {title for title, *_ in lacking()}


def test_the_board_moves_nothing(year, client):
    client.force_login(board())

    assert client.get(reverse("reports:chapters", args=[year])).status_code == 404
    place = reverse("reports:place", args=[year, "outlook"])
    assert client.post(place, {"to": "up"}).status_code == 404
    assert keys(year) == []


# -- the preview -----------------------------------------------------------------------------------
def test_a_preview_holds_one_chapter_alone(year, client):
    ReportTextFactory(chapter=Chapter.FOREWORD, body="Chers amis.")
    ReportTextFactory(chapter=Chapter.OUTLOOK, body="Plus tard.")
    client.force_login(board())

    answer = client.post(reverse("reports:preview", args=[year, "foreword"]))

    run = Run.objects.get()
    assert answer.url == run.get_absolute_url()
    assert (run.kind, run.params["chapter"]) == (Document.CHAPTER, "foreword")
    page = client.get(run.get_absolute_url())
    assert page.context["back"] == reverse("reports:text", args=[year, "foreword"])
    html = activity.html(activity.compose(reading.material(year, today()), only="foreword"))
    assert "Chers amis." in html
    assert "Plus tard." not in html
    assert 'class="cover"' not in html


def test_trainings_are_previewed_where_they_are_printed(year, client):
    ReportTextFactory(chapter=Chapter.TRAINING)
    client.force_login(staff())

    client.post(reverse("reports:preview", args=[year, "training"]))

    assert Run.objects.get().params["chapter"] == "network"


def test_a_chapter_with_nothing_to_print_says_so(year, client):
    client.force_login(staff())

    said = client.post(reverse("reports:preview", args=[year, "outlook"]), follow=True)

    assert "rien à imprimer" in said.content.decode()
    assert not Run.objects.exists()
    assert client.post(reverse("reports:preview", args=[year, "nothing"])).status_code == 404


@pytest.mark.parametrize("only", ["members", "foreword", "teams"])
def test_a_preview_can_be_read_aloud(only, tmp_path):
    file = tmp_path / "apercu.pdf"
    file.write_bytes(pdf.render(activity.html(activity.compose(examples.material(), only=only))))

    assert [f for f in check(file).findings if f.severity == "error"] == []


# -- two at once, and too much ---------------------------------------------------------------------
def test_what_another_wrote_in_an_added_chapter_meanwhile_is_shown_beside_what_was_typed(
    year, client
):
    added = moves.add(year=year, title="Tribune")
    page = added.get_absolute_url()
    client.force_login(staff())
    client.post(page, written("La sienne."))

    clash = client.post(page, written("La mienne."))

    assert clash.status_code == 200
    assert "La sienne." in clash.text
    assert clash.context["form"]["body"].value() == "La mienne."
    assert text_of(added).body == "La sienne."
    again = clash.context["form"]["seen"].value()
    assert client.post(page, written("Les deux.", seen=again)).url == page
    assert text_of(added).body == "Les deux."


def test_two_who_rename_a_chapter_are_told(year, client):
    added = moves.add(year=year, title="Tribune")
    client.force_login(staff())
    rename = reverse("reports:rename_chapter", args=[year, added.key])
    client.post(rename, {"title": "Dossier", "seen": "Tribune"})

    clash = client.post(rename, {"title": "Hommage", "seen": "Tribune"})

    form = clash.context["title_form"]
    assert "changé en « Dossier »" in form.errors["title"][0]
    assert form["title"].value() == "Hommage"
    client.post(rename, {"title": "Hommage", "seen": form["seen"].value()})
    added.refresh_from_db()
    assert added.title == "Hommage"
    assert "obligatoire" in client.post(rename, {"title": ""}).text


def test_a_chapter_retired_meanwhile_is_refused_and_leaves_no_text(year):
    added = moves.add(year=year, title="Tribune")
    moves.remove(chapter=added)
    given = {"year": year, "chapter": added.key, "by": staff(), "at": timezone.now()}
    writing = services.Writing(body="x", signature="", status="to_read", seen=0)

    with pytest.raises(ChapterRefused, match="vient d’être retiré"):
        moves.rename(chapter=added, title="Tribune", seen="")
    with pytest.raises(services.TextRefused, match="vient d’être retiré"):
        services.save_text(writing=writing, **given)
    with pytest.raises(services.TextRefused, match="vient d’être retiré"):
        services.comment(body="x", **given)
    assert not ReportText.objects.exists()


def test_the_database_refuses_a_text_of_no_chapter(year):
    with pytest.raises(IntegrityError, match="reporttext_chapter_known_or_added"):
        ReportTextFactory(chapter="nothing")
