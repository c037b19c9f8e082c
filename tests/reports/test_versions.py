"""Draft, in reading, voted: what the board reads is what it votes, and it stays."""

import hashlib
import io
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apmsl.jobs import tasks
from apmsl.jobs.models import Result, Run
from apmsl.lib import pdf, typography
from apmsl.lib.dates import today
from members.enums import DataRequestKind
from members.models import Person
from members.services.erasing import erase
from reports import services
from reports.builders import documents, snapshots
from reports.enums import PRINTED, Chapter, Document, VersionState
from reports.models import ReportText, ReportVersion
from reports.services import VersionRefused, chapters
from tests.members.factories import DataRequestFactory, PersonFactory, TeamFactory
from tests.reports.factories import ReportTextFactory, ReportVersionFactory
from tests.roles import board, member, staff

pytestmark = pytest.mark.django_db

BODY = "Une année dense et joyeuse."


@pytest.fixture
def records():
    """Two member teams and a text: enough of a year."""
    TeamFactory.create_batch(2, member=True)
    return ReportTextFactory(chapter=Chapter.FOREWORD, body=BODY)


def lay(by=None, **options) -> ReportVersion:
    return services.lay_before_board(
        year=today().year, by=by or staff(), on=today(), at=timezone.now(), **options
    )


def make_file(version: ReportVersion) -> None:
    tasks.build(run_id=Run.objects.get(kind=Document.VERSION, params__version=version.pk).pk)


def keep_file(version: ReportVersion) -> None:
    """As the worker does once it has drawn it, which takes seconds."""
    title = documents.version_title(version)
    Result.objects.keep(
        kind=Document.VERSION,
        key=title.key,
        digest=version.digest,
        filename="rapport.pdf",
        content=f"%PDF-1.7 {version}".encode(),
    )


def vote(version: ReportVersion, on=None) -> None:
    services.vote(version=version, on=on or today(), by=board(), today=today())
    version.refresh_from_db()


def voted() -> ReportVersion:
    version = lay()
    keep_file(version)
    vote(version)
    return version


def page(name: str, *args) -> str:
    return reverse(f"reports:{name}", args=args)


def test_who_notes_a_vote_that_is_noted_already_is_told_so(client, records):
    """The page of a voted version has no form: what was refused was said nowhere."""
    version = voted()
    client.force_login(board())

    shown = client.post(version.get_absolute_url(), {"voted_on": str(today())}, follow=True)

    assert "n’est plus en lecture" in shown.text


def test_pages_that_tell_of_a_version_do_not_read_its_megabytes(client, records, record_queries):
    version = voted()
    client.force_login(board())
    told = [page("versions", version.year), page("year", version.year), page("voted")]
    told += [page("checks", version.year), page("indicator", version.year, "teams")]
    # Whose run is followed each second, and an erratum beside what it corrects.
    told += [Run.objects.get(params__printer=True).get_absolute_url()]
    erratum = lay(reason="Une équipe était comptée deux fois.")
    TeamFactory(member=True)
    told += [erratum.get_absolute_url()]

    with record_queries() as asked:
        for address in told:
            assert client.get(address).status_code == 200
        client.post(page("open_checks", version.year, version.number), {"open": "1"})
        client.post(page("version_file", version.year, version.number))

    assert [query for query in asked if re.search(r'SELECT.*\."(html|slides)"', query)] == []


# -- other documents of a voted report ---------------------------------------------------------------
def drawn(document: Document, **given) -> documents.Page:
    params = documents.parameters(today().year, today()) | given
    return documents.page(document, params)


def test_the_slides_and_what_a_printing_house_gets_are_of_the_voted_report(records):
    report = voted()
    slides = drawn(Document.SLIDES)
    TeamFactory(member=True)
    ReportText.objects.filter(pk=records.pk).update(body="Autre chose.")

    printer = documents.version_page(report, printer=True)

    assert drawn(Document.SLIDES) == slides
    assert printer.html.replace(documents.printer_link(), "") == report.html


def test_a_voted_report_has_one_file_for_the_printer_wherever_it_is_asked_for(records, client):
    """Its checksum is on the page of the version: another file would not be the one."""
    version = voted()
    client.force_login(board())

    client.post(page("ask", version.year, Document.ACTIVITY), {"printer": "1"})

    asked = Run.objects.get(params__printer=True)
    assert (asked.kind, asked.params["version"]) == (Document.VERSION, version.pk)


def test_the_command_writes_the_file_that_was_kept_for_the_printer(records, tmp_path):
    version, file = voted(), tmp_path / "rapport.pdf"
    Result.objects.keep(
        kind=Document.VERSION,
        key=documents.version_title(version, printer=True).key,
        digest=version.digest,
        filename="rapport-imprimeur.pdf",
        content=b"%PDF-1.7 printed",
    )

    year = f"--year={version.year}"
    call_command("render", "activity", year, "--printer", f"--output={file}", stdout=io.StringIO())

    assert file.read_bytes() == b"%PDF-1.7 printed"


def test_what_follows_the_records_after_the_vote_is_called_a_draft(records):
    assert drawn(Document.ACTIVITY).filename == f"rapport-activite-{today().year}.pdf"
    voted()
    ReportText.objects.filter(pk=records.pk).update(body="Autre chose.")

    draft = drawn(Document.ACTIVITY)

    assert "Autre chose." in draft.html
    assert draft.filename == f"rapport-activite-{today().year}-brouillon.pdf"


def test_the_page_of_the_year_says_which_documents_were_voted(client, records):
    client.force_login(board())
    assert "votés" not in client.get(page("year", today().year)).text
    voted()

    assert "sont ceux qui ont été votés" in client.get(page("year", today().year)).text


def test_a_chapter_that_is_hidden_is_not_to_be_checked(records):
    """Nor is what the report counts without printing it."""
    first = voted()
    for chapter in PRINTED:
        chapters.show(year=today().year, key=chapter, shown=False)
    second = lay(reason="Coquille")

    assert "professionals" in first.checkable
    assert "training_cancelled" in first.figures
    assert "training_cancelled" not in first.checkable
    assert second.checkable < first.checkable


# -- in reading --------------------------------------------------------------------------------------
def test_what_is_laid_before_the_board_stays_when_the_records_change(records):
    version = lay()
    TeamFactory(member=True)
    ReportText.objects.filter(pk=records.pk).update(body="Autre chose.")

    version.refresh_from_db()
    assert version.state == VersionState.READING
    assert (version.figures["teams"], version.counts["teams"]) == (2, 2)
    assert version.texts["foreword"]["body"] == BODY
    make_file(version)
    with services.file_of(version).file.open() as file:
        text = "".join(sheet.extract_text() for sheet in PdfReader(file).pages)
    assert BODY in text
    assert "Autre chose" not in text


def test_what_changed_since_is_told_with_its_list(records, client):
    version = lay()
    TeamFactory(member=True)
    ReportText.objects.filter(pk=records.pk).update(body="Autre chose.")

    since = snapshots.since(version)

    teams = next(difference for difference in since.figures if difference.id == "teams")
    assert (teams.then, teams.now) == ("2", "3")
    assert since.texts == ["Rapport moral"]
    client.force_login(staff())
    shown = client.get(version.get_absolute_url()).content.decode()
    assert page("indicator", version.year, "teams") in shown
    assert "1\u00a0texte a changé" in shown


def test_nothing_changed_since_says_so(records, client):
    client.force_login(board())  # one more on the board: a figure
    version = lay()

    assert snapshots.since(version).is_empty
    assert "Rien" in client.get(version.get_absolute_url()).content.decode()


def test_a_name_that_changed_is_told_though_every_figure_and_text_is_the_same(records, client):
    member_of_the_board = board()
    version = lay()
    Person.objects.filter(pk=member_of_the_board.person_id).update(last_name="Autrement")

    since = snapshots.since(version)

    assert (since.is_told, since.is_empty) == (False, False)
    client.force_login(member_of_the_board)
    shown = client.get(version.get_absolute_url()).text
    assert "les pages ne seraient pourtant plus" in shown
    assert "Rien\u00a0:" not in shown


def test_a_list_that_changed_under_the_same_figure_is_told(records):
    version = lay()
    counts = version.counts | {"teams": 5}
    frozen = ReportVersionFactory(
        figures=version.figures,
        counts=counts,
        texts=version.texts,
        withdrawn_on=today(),
        number=9,
        as_of=version.as_of,
    )

    changed = {difference.id: difference for difference in snapshots.since(frozen).figures}
    assert set(changed) == {"teams"}
    assert (changed["teams"].then, changed["teams"].now) == ("5\u00a0fiches", "2\u00a0fiches")


def test_one_version_at_a_time_is_in_reading(records):
    lay()

    with pytest.raises(VersionRefused, match="déjà en lecture"):
        lay()
    with pytest.raises(IntegrityError, match="reportversion_one_in_reading"):
        ReportVersionFactory(number=2)


def test_a_withdrawn_version_leaves_room_for_the_next_and_is_kept(records):
    first = lay()
    services.withdraw(version=first, on=today())

    second = lay()

    first.refresh_from_db()
    assert (first.state, second.number) == (VersionState.WITHDRAWN, 2)
    with pytest.raises(VersionRefused, match="n’est plus en lecture"):
        services.withdraw(version=first, on=today())


# -- the vote ----------------------------------------------------------------------------------------
def test_a_vote_keeps_the_file_that_was_read_with_its_checksum(records, client):
    version = lay()
    keep_file(version)
    with services.file_of(version).file.open() as file:
        made = file.read()
    vote(version)

    client.force_login(member())
    response = client.get(page("voted_file", version.year))

    content = b"".join(response.streaming_content)
    assert content == made
    assert version.sha256 == hashlib.sha256(content).hexdigest()
    client.force_login(board())
    assert version.sha256 in client.get(version.get_absolute_url()).content.decode()


def test_a_vote_waits_for_the_file(records):
    version = lay()

    with pytest.raises(VersionRefused, match="se prépare encore"):
        vote(version)
    with pytest.raises(IntegrityError, match="reportversion_vote_has_its_file"):
        ReportVersion.objects.filter(pk=version.pk).update(voted_on=today())


@pytest.mark.parametrize(("days", "message"), [(1, "à venir"), (-1, "précéder la mise en lecture")])
def test_a_vote_is_neither_to_come_nor_before_the_reading(records, days, message):
    version = lay()
    keep_file(version)

    with pytest.raises(VersionRefused, match=message):
        vote(version, on=today() + timedelta(days))


def test_a_vote_is_noted_once(records):
    version = voted()

    with pytest.raises(VersionRefused, match="n’est plus en lecture"):
        vote(version)
    with pytest.raises(VersionRefused, match="n’est plus en lecture"):
        services.withdraw(version=version, on=today())


@pytest.mark.parametrize(
    "change",
    [{"figures": {"teams": 99}}, {"counts": {}}, {"texts": {}}, {"html": "<p/>"}, {"year": 1999}],
)
def test_the_database_keeps_what_was_read(records, change):
    version = lay()

    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        ReportVersion.objects.filter(pk=version.pk).update(**change)


def test_the_database_keeps_what_was_voted(records):
    version = voted()

    for change in ({"voted_on": today() - timedelta(1)}, {"sha256": "0" * 64}):
        with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
            ReportVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        version.delete()


# -- for the printer ---------------------------------------------------------------------------------
def printed_text(file) -> str:
    return "".join(sheet.extract_text() for sheet in PdfReader(file).pages)


def test_a_vote_asks_for_the_one_for_the_printer_made_of_what_was_frozen(records, client):
    version = voted()
    ReportText.objects.filter(pk=records.pk).update(body="Autre chose.")
    TeamFactory(member=True)

    tasks.build(run_id=Run.objects.get(params__printer=True).pk)

    printed = services.printer_file_of(version)
    assert printed.filename == f"rapport-activite-{version.year}-version-1-imprimeur.pdf"
    assert printed.is_kept
    with printed.file.open() as file:
        sheets = PdfReader(file).pages
        assert sheets[0].trimbox.width < sheets[0].bleedbox.width
        assert BODY in printed_text(file)
    client.force_login(board())
    shown = client.get(version.get_absolute_url()).content.decode()
    assert services.checksum(printed) in shown
    assert version.sha256 in shown


def test_asked_for_again_the_one_for_the_printer_is_the_file_that_was_kept(records, client):
    version = voted()
    tasks.build(run_id=Run.objects.get(params__printer=True).pk)
    printed = services.printer_file_of(version)

    client.force_login(board())
    client.post(page("version_file", version.year, version.number), {"printer": "1"})

    asked = Run.objects.filter(params__printer=True).latest("pk")
    assert asked.result == printed
    assert Result.objects.filter(key=printed.key).count() == 1


def test_printed_while_it_was_read_it_is_kept_by_the_vote(records):
    version = lay()
    keep_file(version)
    services.request_file(version=version, by=board(), at=timezone.now(), printer=True)
    tasks.build(run_id=Run.objects.get(params__printer=True).pk)
    assert not services.printer_file_of(version).is_kept

    vote(version)

    assert services.printer_file_of(version).is_kept
    assert services.printer_file_of(version) != version.result


def test_voted_while_it_is_laid_out_the_one_for_the_printer_is_kept(records, monkeypatch):
    version, render = lay(), pdf.render
    keep_file(version)
    asked = services.request_file(version=version, by=board(), at=timezone.now(), printer=True)

    def note_the_vote(html: str) -> bytes:
        vote(version)
        return render(html)

    monkeypatch.setattr(pdf, "render", note_the_vote)
    tasks.build(run_id=asked.pk)

    assert services.printer_file_of(version).is_kept


# -- erratum -----------------------------------------------------------------------------------------
def test_an_erratum_is_a_version_with_its_reason_and_a_vote_of_its_own(records, client):
    first = voted()
    with pytest.raises(VersionRefused, match="Dites pourquoi") as refused:
        lay()
    assert refused.value.field == "reason"

    second = lay(reason="Une équipe était comptée deux fois.")

    assert (second.number, second.corrects) == (2, first)
    client.force_login(member())
    before = b"".join(client.get(page("voted_file", first.year)).streaming_content)
    assert hashlib.sha256(before).hexdigest() == first.sha256
    ReportText.objects.update(body="Corrigé.")
    keep_file(second)
    vote(second)
    after = b"".join(client.get(page("voted_file", first.year)).streaming_content)
    assert hashlib.sha256(after).hexdigest() == second.sha256


def corrected(reason: str) -> tuple[ReportVersion, ReportVersion]:
    """What was voted, and the erratum, voted too."""
    first, second = voted(), lay(reason=reason)
    keep_file(second)
    vote(second)
    return first, second


def test_an_erratum_says_on_its_first_page_what_it_corrects_and_why(records):
    first, second = corrected("Une équipe était\ncomptée <deux> fois.")

    day = typography.day(today())
    said = f"Erratum du {day}\u00a0: corrige la version votée le {day}. Une équipe était comptée "
    assert f'<p class="erratum">{said}&lt;deux&gt; fois.</p>' in second.html
    assert "Erratum" not in first.html
    assert not snapshots.since(second).pages


def test_members_read_why_a_report_was_corrected_and_download_each_version(records, client):
    first, second = corrected("Une équipe manquait.")
    client.force_login(member())

    shown = client.get(page("voted")).text

    assert "Une équipe manquait." in shown
    for address in (page("checks", first.year), page("check", first.year, "teams")):
        assert "Une équipe manquait." in client.get(address).text
    file = page("voted_file", first.year)
    for address, version in [(file, second), (f"{file}?version=1", first)]:
        assert f'href="{address}"' in shown
        content = b"".join(client.get(address).streaming_content)
        assert hashlib.sha256(content).hexdigest() == version.sha256


def test_a_version_that_was_not_voted_is_not_downloaded(records, client):
    version = voted()
    lay(reason="Coquille")
    client.force_login(member())

    for asked in ("2", "9999", "-1", "é", "1" * 30):
        file = f"{page('voted_file', version.year)}?version={asked}"
        assert client.get(file).status_code == 404


def test_the_figure_of_the_voted_report_stands_beside_that_of_the_records(records, client):
    version = voted()
    TeamFactory(member=True)

    client.force_login(board())
    shown = client.get(page("indicator", version.year, "teams")).content.decode()

    assert "rapport voté</a> dit\u00a0: 2." in shown


def test_the_erasure_of_a_person_leaves_the_voted_report_as_it_is(records, client):
    person = PersonFactory(first_name="Éléonore", last_name="Quatrefages")
    ReportText.objects.filter(pk=records.pk).update(signature=str(person))
    version = voted()
    request = DataRequestFactory(person=person, kind=DataRequestKind.ERASURE)

    erase(request=request, by=staff(), on=today(), at=timezone.now())

    assert version.texts["foreword"]["signature"] == str(person)
    before = version.html
    version.refresh_from_db()
    assert version.html == before
    assert str(person) in version.html
    client.force_login(member())
    content = b"".join(client.get(page("voted_file", version.year)).streaming_content)
    assert hashlib.sha256(content).hexdigest() == version.sha256
    assert ReportText.objects.get(pk=records.pk).signature != str(person)


# -- pages and rights --------------------------------------------------------------------------------
def test_the_staff_lays_the_board_votes_the_member_downloads(records, client):
    year = today().year
    client.force_login(staff())
    assert "Mettre le rapport en lecture" in client.get(page("versions", year)).content.decode()
    client.post(page("versions", year))
    version = ReportVersion.objects.get()
    keep_file(version)

    client.force_login(board())
    response = client.post(version.get_absolute_url(), {"voted_on": today().isoformat()})
    assert response.status_code == 302
    assert "voté le" in client.get(page("year", year)).content.decode()

    client.force_login(member())
    assert f"Rapport d’activité {year}" in client.get(page("voted")).content.decode()


def test_a_wrong_date_is_told_beside_its_field_and_kept(records, client):
    version = lay()
    keep_file(version)
    client.force_login(board())

    shown = client.post(version.get_absolute_url(), {"voted_on": "2999-01-01"}).content.decode()

    assert "ne peut pas être à venir" in shown
    assert 'value="2999-01-01"' in shown
    version.refresh_from_db()
    assert version.is_in_reading


def test_only_the_staff_lays_and_withdraws_and_members_see_nothing_of_a_reading(records, client):
    year = today().year
    client.force_login(board())
    assert client.post(page("versions", year)).status_code == 404
    version = lay()
    assert client.post(page("withdraw", year, version.number)).status_code == 404
    keep_file(version)

    client.force_login(member())
    for address in (
        page("versions", year),
        version.get_absolute_url(),
        page("voted_file", year),
    ):
        assert client.get(address).status_code == 404
    assert client.post(page("version_file", year, version.number)).status_code == 404
    assert "Aucun rapport voté" in client.get(page("voted")).content.decode()
    assert ReportVersion.objects.get().is_in_reading


def test_a_double_click_lays_one_version(records, client):
    client.force_login(staff())

    client.post(page("versions", today().year))
    shown = client.post(page("versions", today().year), follow=True).content.decode()

    assert ReportVersion.objects.count() == 1
    assert "déjà en lecture" in shown
