"""Documents whose workers die, whose disk is full, whose records go: whole in the end, or told."""

import io
import os
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from apmsl.jobs import builders
from apmsl.jobs.models import Result, Run, RunStatus
from apmsl.lib.dates import today
from members.models import ScanAnswer, Team
from reports import services
from reports.enums import Chapter, Document, SheetBlock
from reports.models import ReportText, SheetLayout
from tests.faults.conftest import wait_for
from tests.faults.test_runs import has_begun, is_done
from tests.members.factories import QuestionFactory, ScanFactory, TeamFactory
from tests.roles import board, coordinator

pytestmark = pytest.mark.django_db(transaction=True)

SHEETS, WORDS = 20, 1500


def teams_that_answered(number: int) -> list[Team]:
    teams = [TeamFactory(member=True, name=f"Maison {n:02}") for n in range(number)]
    for rank, team in enumerate(teams):
        scan = ScanFactory(team=team)
        ScanAnswer.objects.create(scan=scan, question=QuestionFactory(), number=5000 + rank)
    return teams


def ask(document: Document) -> Run:
    return services.request_document(
        document=document, year=today().year, user=board(), at=timezone.now()
    )


class Downloads:
    """What the portal hands out, looked at over and over: a whole file, or nothing yet."""

    def __init__(self, client, run: Run) -> None:
        client.force_login(board())
        self.client, self.run, self.seen = client, run, set[int]()

    def look(self) -> bool:
        """True once the run is done."""
        for part in Run.objects.parts_of(self.run).done().exclude(pk__in=self.seen):
            assert_is_a_whole_page(self.content(part))
            self.seen.add(part.pk)
            assert self.status(self.run) == 404 or is_done(self.run)
        return is_done(self.run)

    def status(self, run: Run) -> int:
        response = self.client.get(reverse("jobs:download", args=[run.pk]))
        response.close()
        return response.status_code

    def content(self, run: Run) -> bytes:
        return self.client.get(reverse("jobs:download", args=[run.pk])).getvalue()


def assert_is_a_whole_page(content: bytes) -> None:
    assert content.startswith(b"%PDF")
    assert content.rstrip().endswith(b"%%EOF")
    assert len(PdfReader(io.BytesIO(content)).pages) == 1


def made(run: Run) -> int:
    """Parts of the batch that are over."""
    return Run.objects.parts_of(run).done().count()


def text_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


# -- killed ----------------------------------------------------------------------------------------
def test_every_sheet_of_a_year_is_there_once_though_two_workers_were_killed(workers, client):
    teams = teams_that_answered(SHEETS)
    killed = workers.start()
    run = ask(Document.SCAN_BATCH)
    downloads = Downloads(client, run)

    for share in (0.5, 0.95):
        wait_for(lambda: made(run) >= (share - 0.2) * SHEETS, "it draws")  # noqa: B023
        # It stands still while the files are read, which takes longer than to draw the last ones.
        while made(run) < share * SHEETS:
            workers.step(killed)
            assert not downloads.look()
        workers.kill(killed)
        run.refresh_from_db()
        assert run.status == RunStatus.RUNNING
        killed = workers.start()
    wait_for(downloads.look, "the third worker writes the archive")

    with zipfile.ZipFile(io.BytesIO(downloads.content(run))) as archive:
        assert archive.testzip() is None
        sheets = {name: text_of(archive.read(name)) for name in archive.namelist()}
    assert len(sheets) == SHEETS
    for team in teams:
        assert [name for name, text in sheets.items() if team.name in text] == [
            f"scan-equipe-{today().year}-{team.name.lower().replace(' ', '-')}.pdf"
        ]
    # Drawn twice: at most the one that each of the two had in hand.
    tries = Counter(Run.objects.parts_of(run).values_list("attempt", flat=True))
    assert tries[1] >= SHEETS - 2
    assert sum(number * times for number, times in tries.items()) <= SHEETS + 2
    # The second worker may have died over parts that were announced, before it took up the whole.
    assert run.attempt in {2, 3}
    assert Result.objects.count() == SHEETS + 1
    assert not list(files("*.part"))


def files(pattern: str) -> list[Path]:
    return list(Path(default_storage.location).glob(f"results/**/{pattern}"))


def test_the_activity_report_is_drawn_by_the_next_worker_when_its_own_is_killed(workers, client):
    teams_that_answered(1)
    for chapter in Chapter:
        ReportText.objects.create(year=today().year, chapter=chapter, body="Mot. " * WORDS)
    killed = workers.start()
    run = ask(Document.ACTIVITY)
    downloads = Downloads(client, run)
    wait_for(lambda: downloads.look() or has_begun(run), "it is laid out")

    workers.kill(killed)
    run.refresh_from_db()
    assert 0 < run.done < run.total
    workers.start()
    wait_for(downloads.look, "the next worker draws it")

    content = downloads.content(run)
    assert run.attempt == 2
    assert text_of(content).count("Mot.") == WORDS * len(Chapter)
    assert len(content) == run.result.size


# -- the records go ----------------------------------------------------------------------------------
def test_what_is_deleted_while_the_report_is_laid_out_is_printed_as_it_was_read(workers, client):
    [team] = teams_that_answered(1)
    for chapter in Chapter:
        ReportText.objects.create(year=today().year, chapter=chapter, body="Mot. " * WORDS)
    workers.start()
    run = ask(Document.ACTIVITY)
    downloads = Downloads(client, run)
    wait_for(lambda: downloads.look() or has_begun(run), "it is laid out")
    assert run.status == RunStatus.RUNNING, "it was faster than the deletion"

    ReportText.objects.all().delete()
    team.scans.all().delete()
    team.memberships.all().delete()
    Team.objects.filter(pk=team.pk).delete()
    wait_for(downloads.look, "it is drawn")

    assert text_of(downloads.content(run)).count("Mot.") == WORDS * len(Chapter)


# -- the disk is full --------------------------------------------------------------------------------
def test_a_disk_that_fills_up_keeps_what_is_ready_and_says_so(small_disk, workers, client):
    teams_that_answered(10)
    workers.start()
    run = ask(Document.SCAN_BATCH)
    downloads = Downloads(client, run)
    wait_for(lambda: downloads.look() or run.status == RunStatus.FAILED, "the disk is full")
    ready = made(run)
    assert run.message == builders.NO_ROOM
    assert 0 < ready < 10
    assert not list(files("*.part"))
    assert len(list(files("*.pdf"))) == ready
    page = client.get(run.get_absolute_url()).content.decode()
    assert "Il n’y a plus de place sur le disque du serveur" in page
    assert "Demander à nouveau" in page

    small_disk.enlarge()
    client.post(reverse("jobs:again", args=[run.pk]))
    anew = Run.objects.filter(kind=Document.SCAN_BATCH).latest("pk")
    downloads = Downloads(client, anew)
    wait_for(downloads.look, "the archive is written")

    with zipfile.ZipFile(io.BytesIO(downloads.content(anew))) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 10
    assert Result.objects.count() == 11


def test_a_picture_for_which_there_is_no_room_is_told_and_loses_nothing(small_disk, settings):
    [team] = teams_that_answered(1)
    client = Client(raise_request_exception=False)
    client.force_login(coordinator(team))
    page = reverse("reports:scan_layout", args=[team.pk, today().year])
    shown = [block.value for block in SheetBlock]
    small = {"shown": shown, "logo": SimpleUploadedFile("logo.png", noise(40))}
    assert client.post(page, small).status_code == 302
    before = SheetLayout.objects.values().get()

    large = {"shown": shown[:3], "photo": SimpleUploadedFile("photo.png", noise(600))}
    response = client.post(page, large)

    assert response.status_code == 507
    assert "Il n’y a plus de place pour ce fichier" in response.text
    assert SheetLayout.objects.values().get() == before
    assert len(client.get(page).context["logo"]) > 100
    small_disk.enlarge()
    large["photo"].seek(0)
    assert client.post(page, large).status_code == 302


def noise(side: int) -> bytes:
    """A picture that nothing compresses."""
    drawn = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(3 * side * side)).save(drawn, "PNG")
    return drawn.getvalue()
