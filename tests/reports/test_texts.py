"""The texts of the draft: written by several, commented, taken back; what was read stays."""

from datetime import timedelta

import pymupdf
import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from reports import services
from reports.builders import differences, documents, snapshots
from reports.builders.differences import Paragraph
from reports.enums import Chapter, Document, TextStatus
from reports.forms import LONGEST_TEXT
from reports.models import ReportComment, ReportText
from reports.services import Clash, TextRefused, Writing
from tests.members.factories import TeamFactory
from tests.reports.factories import (
    ChapterOfYearFactory,
    ReportCommentFactory,
    ReportTextFactory,
    ReportVersionFactory,
)
from tests.roles import board, member, staff

pytestmark = pytest.mark.django_db

FIRST = "Une année dense.\n\nLe réseau grandit."


@pytest.fixture
def year():
    TeamFactory(member=True)
    return today().year


@pytest.fixture
def text(year):
    """Written once: its revision is 1."""
    return write(FIRST)


def write(body, *, seen=0, signature="", status=TextStatus.TO_READ, by=None):
    return services.save_text(
        year=today().year,
        chapter=Chapter.FOREWORD,
        writing=Writing(body=body, signature=signature, status=status, seen=seen),
        by=by or staff(),
        at=timezone.now(),
    )


def page(name, *args):
    return reverse(f"reports:{name}", args=[today().year, "foreword", *args])


def typed(**facts):
    return {"body": "", "signature": "", "status": "to_write", "seen": "0"} | facts


# -- writing ---------------------------------------------------------------------------------------
def test_who_wrote_last_and_when_is_known(year):
    author = staff()

    text = write(FIRST, by=author)

    assert (text.body, text.status, text.revision) == (FIRST, TextStatus.TO_READ, 1)
    assert (text.written_by, text.written_at.date()) == (author, timezone.now().date())


def test_what_is_saved_unchanged_is_no_revision(text):
    again = write(FIRST.replace("\n", "\r\n") + "  ", seen=1, by=staff())

    assert (again.revision, again.written_by) == (1, text.written_by)


def test_two_who_write_the_same_text_are_both_kept(text):
    write("La première.", seen=1)

    clash = write("La deuxième.", seen=1)

    assert isinstance(clash, Clash)
    assert (clash.fields, clash.before, clash.theirs.body) == (("body",), FIRST, "La première.")
    assert ReportText.objects.get().body == "La première."
    assert write("Les deux.", seen=clash.theirs.revision).body == "Les deux."


def test_two_who_change_different_fields_disturb_nobody(text):
    write(FIRST, seen=1, signature="Anne Le Goff")

    both = write("Autre chose.", seen=1)

    assert (both.body, both.signature, both.revision) == ("Autre chose.", "Anne Le Goff", 3)


def test_two_who_begin_a_text_at_once_are_told(year):
    write("La première.")

    assert isinstance(write("La deuxième."), Clash)


def test_a_revision_that_never_was_replaces_nothing(text):
    assert isinstance(write("Écrasé.", seen=99), Clash)
    assert ReportText.objects.get().body == FIRST


def test_a_text_that_is_emptied_is_to_be_written_again(text):
    write("", seen=1, status=TextStatus.TO_READ)

    emptied = ReportText.objects.get()
    assert (emptied.body, emptied.status) == ("", TextStatus.TO_WRITE)


def test_the_database_refuses_a_text_without_a_word_that_would_be_ready(year):
    with pytest.raises(IntegrityError, match="reporttext_without_a_word_is_to_write"):
        ReportTextFactory(body="", status=TextStatus.READY)


# -- what it was -----------------------------------------------------------------------------------
def test_an_earlier_version_is_taken_back_and_what_it_replaces_is_kept(text):
    write("Autre chose.", seen=1)
    write("Autre chose.", seen=2, status=TextStatus.READY)
    assert [event.body for event in services.earlier(ReportText.objects.get())] == [FIRST]

    back = services.take_back(text=text, revision=1, by=staff(), at=timezone.now())

    assert (back.body, back.status, back.revision) == (FIRST, TextStatus.TO_READ, 4)
    assert [event.body for event in services.earlier(back)] == ["Autre chose.", FIRST]


def test_a_version_that_is_not_kept_is_not_taken_back(text):
    with pytest.raises(TextRefused, match="plus gardée"):
        services.take_back(text=text, revision=7, by=staff(), at=timezone.now())


def test_the_text_of_last_year_starts_this_one_and_replaces_nothing(year):
    ReportTextFactory(
        year=year - 1, chapter=Chapter.FOREWORD, body="L’an dernier.", signature="A. L."
    )
    facts = {"year": year, "chapter": Chapter.FOREWORD, "by": staff(), "at": timezone.now()}

    taken = services.take_last_year(**facts)

    assert (taken.body, taken.signature) == ("L’an dernier.", "A. L.")
    assert taken.status == TextStatus.TO_WRITE
    with pytest.raises(TextRefused, match="déjà commencé"):
        services.take_last_year(**facts)
    with pytest.raises(TextRefused, match=f"pas de texte pour {year - 1}"):
        services.take_last_year(**facts | {"chapter": Chapter.OUTLOOK})


def test_an_added_chapter_is_offered_the_text_of_the_chapter_of_its_title(year, client):
    """By its key, it was offered that of whatever was added in the same place."""
    for key, title in (("ajout-1", "Les dix ans"), ("ajout-2", "Le climat")):
        ChapterOfYearFactory(year=year - 1, key=key, title=title)
        ReportTextFactory(year=year - 1, chapter=key, body=f"{title} : un texte.")
    ChapterOfYearFactory(year=year, key="ajout-1", title="Le climat")
    ChapterOfYearFactory(year=year, key="ajout-2", title="Une nouveauté")
    client.force_login(staff())
    known, new = (reverse("reports:text", args=[year, f"ajout-{n}"]) for n in (1, 2))

    assert "Reprendre le texte de l’an dernier" in client.get(known).text
    assert "Reprendre le texte de l’an dernier" not in client.get(new).text
    facts = {"year": year, "by": staff(), "at": timezone.now()}
    assert services.take_last_year(chapter="ajout-1", **facts).body == "Le climat : un texte."
    with pytest.raises(TextRefused, match=f"pas de texte pour {year - 1}"):
        services.take_last_year(chapter="ajout-2", **facts)


def test_what_was_laid_before_the_board_stays_when_its_text_changes(text):
    version = ReportVersionFactory(
        texts={
            "foreword": {"body": FIRST, "signature": ""},
            "outlook": {"body": "", "signature": ""},
        }
    )
    services.comment(
        year=version.year, chapter=Chapter.TEAMS, body="Rien ?", by=board(), at=timezone.now()
    )
    assert snapshots.since(version).texts == []

    write("Autre chose.", seen=1)

    version.refresh_from_db()
    assert version.texts["foreword"]["body"] == FIRST
    assert snapshots.since(version).texts == ["Rapport moral"]


def test_what_changed_is_told_paragraph_by_paragraph():
    assert differences.changed("Un.\n\nDeux.\n\nTrois.", "Un.\n\n2.\n\nTrois.\n\nQuatre.") == [
        Paragraph("removed", "Deux."),
        Paragraph("added", "2."),
        Paragraph("added", "Quatre."),
    ]


# -- comments --------------------------------------------------------------------------------------
def test_a_comment_is_said_seen_to_and_opened_anew(year, client):
    author = board()
    client.force_login(author)
    client.post(page("comment"), {"remark": "Et les ateliers ?"})
    said = ReportComment.objects.get()
    assert (said.author, said.body, said.resolved_at) == (author, "Et les ateliers ?", None)

    client.force_login(staff())
    assert "Et les ateliers ?" in client.get(page("text")).content.decode()
    assert (
        "1\u00a0remarque à régler"
        in client.get(reverse("reports:texts", args=[year])).content.decode()
    )
    answer = client.post(reverse("reports:resolve", args=[said.pk]))

    said.refresh_from_db()
    assert answer.url == f"{page('text')}#remarques"
    assert said.resolved_at is not None
    assert said.resolved_by is not None
    client.post(reverse("reports:resolve", args=[said.pk]), {"reopen": "1"})
    said.refresh_from_db()
    assert (said.resolved_at, said.resolved_by) == (None, None)


def test_comments_that_await_come_first(text):
    now = timezone.now()
    done = ReportCommentFactory(text=text, written_at=now - timedelta(days=3), resolved_at=now)
    second = ReportCommentFactory(text=text, written_at=now)
    first = ReportCommentFactory(text=text, written_at=now - timedelta(days=1))

    assert list(text.comments.in_order()) == [first, second, done]


def test_an_empty_comment_says_so_and_keeps_nothing(year, client):
    client.force_login(board())

    shown = client.post(page("comment"), {"remark": " "})

    assert "obligatoire" in shown.content.decode()
    assert not ReportComment.objects.exists()


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"body": ""}, "reportcomment_says_something"),
        ({"resolved_by": True}, "reportcomment_resolved_by_whom_and_when"),
    ],
)
def test_the_database_refuses_a_comment_that_says_nothing_or_half(year, facts, constraint):
    if "resolved_by" in facts:
        facts = {"resolved_by": staff()}
    with pytest.raises(IntegrityError, match=constraint):
        ReportCommentFactory(**facts)


# -- the page --------------------------------------------------------------------------------------
def test_the_staff_writes_and_what_the_board_posts_is_not_found(year, client):
    client.force_login(board())
    assert client.post(page("text"), typed(body="Non.")).status_code == 404
    assert client.post(page("last_year")).status_code == 404
    assert "Enregistrer le texte" not in client.get(page("text")).content.decode()
    client.force_login(member())
    assert client.get(page("text")).status_code == 404

    client.force_login(staff())
    answer = client.post(page("text"), typed(body="Oui.", status="ready"))

    assert answer.url == page("text")
    text = ReportText.objects.get()
    assert (text.body, text.status) == ("Oui.", TextStatus.READY)


def test_the_longest_text_is_kept_whole_and_printed_to_its_end(year, client):
    paragraph = "Le réseau grandit, les équipes se rencontrent et se forment. " * 10
    begun = f"{paragraph}\n\n" * 200
    body = f"{begun[: LONGEST_TEXT - 20].rstrip():.<{LONGEST_TEXT - 8}} La fin."
    client.force_login(staff())

    client.post(page("text"), typed(body=body, status="ready"))
    chapter = documents.parameters(year, today()) | {"chapter": "foreword"}
    content = documents.page(Document.CHAPTER, chapter).drawn()

    assert (len(body), ReportText.objects.get().body) == (LONGEST_TEXT, body)
    with pymupdf.open(stream=content) as printed:
        assert printed.page_count > 20
        assert printed[-1].get_text().count("La fin.") == 1


def test_the_second_sees_what_changed_and_keeps_what_was_typed(text, client):
    write("Une année dense.\n\nLe réseau double.", seen=1, signature="Anne")
    client.force_login(staff())

    shown = client.post(
        page("text"), typed(body="Ma phrase à moi.", status="to_read", seen="1")
    ).content.decode()

    assert "<ins>Le réseau double.</ins>" in shown
    assert "<del>Le réseau grandit.</del>" in shown
    assert "Ma phrase à moi.</textarea>" in shown
    assert '<input type="hidden" name="seen" value="2"' in shown
    assert ReportText.objects.get().revision == 2
    assert 'value="Anne"' in shown  # that nobody else changed
    client.post(page("text"), typed(body="À deux.", signature="Anne", status="to_read", seen="2"))
    assert ReportText.objects.get().body == "À deux."


def test_what_is_wrong_is_told_beside_its_field_and_kept(year, client):
    client.force_login(staff())

    empty = client.post(page("text"), typed(status="ready", signature="A. L.")).content.decode()
    long = client.post(page("text"), typed(body="a" * 100_001)).content.decode()
    odd = client.post(page("text"), typed(body="x\x00y", seen="é" * 9, status="?"))

    assert "Un texte vide reste" in empty
    assert 'value="A. L."' in empty
    assert "100000" in long.replace("\u202f", "").replace("\u00a0", "")
    assert odd.status_code == 200
    assert not ReportText.objects.exists()


def test_an_earlier_version_and_last_year_s_text_are_taken_from_the_page(text, client):
    write("Autre chose.", seen=1)
    ReportTextFactory(chapter=Chapter.OUTLOOK, body="Perspectives.", year=text.year - 1)
    client.force_login(staff())
    assert "Le réseau grandit." in client.get(page("text")).content.decode()

    client.post(page("take_back", 1))
    outlook = reverse("reports:last_year", args=[text.year, "outlook"])
    client.post(outlook)
    refused = client.post(outlook, follow=True).content.decode()

    assert ReportText.objects.get(chapter=Chapter.FOREWORD).body == FIRST
    assert ReportText.objects.get(year=text.year, chapter="outlook").body == "Perspectives."
    assert "déjà commencé" in refused


def test_a_chapter_that_is_none_is_not_found(year, client):
    client.force_login(staff())

    assert client.get(reverse("reports:text", args=[year, "nothing"])).status_code == 404
    assert client.get(reverse("reports:text", args=[1999, "foreword"])).status_code == 404
    assert client.post(reverse("reports:resolve", args=[10**12])).status_code == 404


def test_the_page_says_that_what_was_laid_before_the_board_stays(text, client):
    ReportVersionFactory()
    client.force_login(staff())

    assert "La version gardée ne change pas" in client.get(page("text")).content.decode()


def test_the_page_takes_as_many_queries_for_three_comments_as_for_one(text, client, record_queries):
    client.force_login(board())

    def queries(number):
        ReportCommentFactory(text=text, resolved_at=timezone.now(), resolved_by=staff())
        write(f"Version {number}", seen=number)
        with record_queries() as sent:
            client.get(page("text"))
        return len(sent)

    queries(1)
    assert queries(2) == queries(3)


def test_words_of_a_chapter_that_was_just_removed_are_not_taken_back():
    added = ChapterOfYearFactory()
    text = ReportTextFactory(year=added.year, chapter=added.key)
    ReportText.objects.all().delete()
    added.delete()

    with pytest.raises(TextRefused, match="vient d’être retiré"):
        services.take_back(text=text, revision=1, by=staff(), at=timezone.now())
