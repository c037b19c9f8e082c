"""Documents asked for and made: through the same task as a worker's, without the broker."""

import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apmsl.jobs import tasks
from apmsl.jobs.models import Result, Run, RunStatus
from apmsl.lib import pdf
from apmsl.lib.dates import today
from members.enums import QuestionKind
from members.models import ScanAnswer, ScanHeadcount, Team
from reports import services
from reports.builders import reading
from reports.builders.batches import NONE_SENT
from reports.builders.documents import GONE
from reports.enums import Document
from tests.members.factories import (
    ProfessionFactory,
    QuestionFactory,
    ScanFactory,
    TeamFactory,
    UserFactory,
)
from tests.roles import board, coordinator, member, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """The documents that were drawn."""
    drawn: list[str] = []
    render = pdf.render

    def count(html: str) -> bytes:
        drawn.append(html)
        return render(html)

    monkeypatch.setattr(pdf, "render", count)
    return drawn


def team_with_scan(**fields) -> Team:
    team = TeamFactory(member=True, **fields)
    answer(team, patients=5000)
    return team


def answer(team: Team, patients: int) -> None:
    scan = ScanFactory(team=team) if not team.scans.exists() else team.scans.get()
    scan.answers.all().delete()
    ScanAnswer.objects.create(scan=scan, question=QuestionFactory(), number=patients)
    if not scan.headcounts.exists():
        count = QuestionFactory(key="headcount", kind=QuestionKind.PROFESSION_COUNT, label="Qui")
        ScanHeadcount.objects.create(
            scan=scan, question=count, profession=ProfessionFactory(), headcount=7
        )


def ask(document, user=None, about=None) -> Run:
    return services.request_document(
        document=document,
        year=today().year,
        user=user or board(),
        at=timezone.now(),
        about=about,
    )


def make(run: Run) -> Run:
    tasks.build(run_id=run.pk)
    run.refresh_from_db()
    assert run.status == RunStatus.DONE, run.message
    return run


def text_of(run: Run) -> str:
    with run.result.file.open() as file:
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(file.read())).pages)


def test_a_scan_is_made_and_kept(drawn):
    team = team_with_scan(name="Maison de santé du Lac")

    run = make(ask(Document.SCAN, coordinator(team), team))

    assert "Maison de santé du Lac" in text_of(run)
    assert run.result.filename == f"scan-equipe-{today().year}-maison-de-sante-du-lac.pdf"


def test_what_has_not_changed_is_ready_at_once(drawn):
    team = team_with_scan()
    made = make(ask(Document.SCAN, about=team))

    again = ask(Document.SCAN, about=team)

    assert (again.status, again.result) == (RunStatus.DONE, made.result)
    assert len(drawn) == 1


def test_what_has_changed_is_drawn_again(drawn):
    team = team_with_scan()
    make(ask(Document.SCAN, about=team))

    answer(team, patients=6000)
    run = make(ask(Document.SCAN, about=team))

    assert "6\u202f000" in text_of(run)
    assert len(drawn) == 2


def test_all_scans_of_a_year_come_as_one_archive(drawn):
    teams = [team_with_scan(name=name) for name in ("Les Dunes", "Les Prés", "Le Bourg")]
    TeamFactory(member=True, name="Sans formulaire")

    run = make(ask(Document.SCAN_BATCH))

    with run.result.file.open() as file, zipfile.ZipFile(file) as archive:
        year = today().year
        assert archive.namelist() == [
            "a-lire.txt",
            f"scan-equipe-{year}-le-bourg.pdf",
            f"scan-equipe-{year}-les-dunes.pdf",
            f"scan-equipe-{year}-les-pres.pdf",
        ]
        assert archive.testzip() is None
        assert archive.read("a-lire.txt").decode().splitlines() == [
            "Ces équipes adhérentes n’ont pas envoyé leur formulaire.",
            "",
            "Sans formulaire",
        ]
    assert len(drawn) == len(teams)
    assert run.done == run.total == 3


def test_a_sheet_that_cannot_be_drawn_is_told_and_the_others_are_there(monkeypatch, caplog):
    for name in ("Le Lac", "Le Lac", "La Panne"):
        team_with_scan(name=name)
    render = pdf.render

    def break_down(html: str) -> bytes:
        if "La Panne" in html:
            raise ZeroDivisionError
        return render(html)

    monkeypatch.setattr(pdf, "render", break_down)
    run = make(ask(Document.SCAN_BATCH))
    caplog.clear()

    year = today().year
    with run.result.file.open() as file, zipfile.ZipFile(file) as archive:
        assert archive.namelist() == [
            "a-lire.txt",
            f"scan-equipe-{year}-le-lac.pdf",
            f"scan-equipe-{year}-le-lac-2.pdf",
        ]
        told = archive.read("a-lire.txt").decode()
        assert f"Scan’équipe {year} – La Panne" in told
        assert "formulaire" not in told


def test_the_page_of_the_archive_says_which_teams_sent_no_form(client):
    team_with_scan(name="Les Dunes")
    client.force_login(board())
    whole = make(ask(Document.SCAN_BATCH))
    assert client.get(whole.get_absolute_url()).context["aside"] is None
    late = [TeamFactory(member=True, name=name) for name in ("Le Port", "La Baie")]
    TeamFactory(name="Sans adhésion")

    run = make(ask(Document.SCAN_BATCH))
    page = client.get(run.get_absolute_url())

    assert page.context["aside"].lines == ["La Baie", "Le Port"]
    assert "2\u00a0équipes n’ont pas envoyé leur formulaire" in page.text
    # The archive was made without them: what its page says does not change.
    answer(late[0], patients=10)
    TeamFactory(member=True, name="Membre depuis")
    assert client.get(run.get_absolute_url()).context["aside"].lines == ["La Baie", "Le Port"]


def test_while_an_archive_is_prepared_or_when_nobody_sent_a_form_its_page_names_nobody(client):
    TeamFactory(member=True, name="Sans formulaire")
    client.force_login(board())

    run = ask(Document.SCAN_BATCH)
    waiting = client.get(run.get_absolute_url()).text
    tasks.build(run_id=run.pk)
    failed = client.get(run.get_absolute_url()).text

    assert NONE_SENT in failed
    assert "Sans formulaire" not in waiting + failed


def test_a_team_deleted_while_the_archive_is_made_is_told(monkeypatch):
    gone, kept = team_with_scan(name="Ici"), team_with_scan(name="Là")
    team_sheet = reading.team_sheet

    def delete_meanwhile(team, *args):
        if team == kept:
            gone.scans.all().delete()
            gone.memberships.all().delete()
            Team.objects.filter(pk=gone.pk).delete()
        return team_sheet(team, *args)

    monkeypatch.setattr(reading, "team_sheet", delete_meanwhile)
    run = make(ask(Document.SCAN_BATCH))

    failed = Run.objects.parts_of(run).failed().get()
    assert (failed.params["team"], failed.message) == (gone.pk, GONE)


def test_a_second_archive_draws_only_what_has_changed(drawn):
    teams = [team_with_scan() for _ in range(3)]
    make(ask(Document.SCAN_BATCH))
    drawn.clear()

    make(ask(Document.SCAN_BATCH))
    assert drawn == []

    Team.objects.filter(pk=teams[0].pk).update(sites=4)
    make(ask(Document.SCAN_BATCH))
    assert len(drawn) == 1
    # Three sheets, the one that changed, and the two archives.
    assert Result.objects.count() == 6


def test_an_archive_and_someone_who_asks_for_a_sheet_share_its_run(drawn):
    team = team_with_scan()
    own = ask(Document.SCAN, coordinator(team), team)

    make(ask(Document.SCAN_BATCH))

    own.refresh_from_db()
    assert own.status == RunStatus.DONE
    assert len(drawn) == 1


def test_an_archive_of_nothing_says_why():
    TeamFactory(member=True)
    run = ask(Document.SCAN_BATCH)

    tasks.build(run_id=run.pk)

    run.refresh_from_db()
    assert (run.status, run.message) == (RunStatus.FAILED, NONE_SENT)


# -- who may have it -------------------------------------------------------------------------------
def download(client, user, run: Run) -> int:
    client.force_login(user)
    response = client.get(reverse("jobs:download", args=[run.pk]))
    if response.status_code == 200:
        assert response.getvalue().startswith(b"%PDF")
    return response.status_code


def test_a_scan_is_for_its_team_the_board_and_the_staff(client):
    team = team_with_scan()
    asker = coordinator(team)
    run = make(ask(Document.SCAN, asker, team))

    allowed = [asker, member(team), board(), staff()]
    assert [download(client, user, run) for user in allowed] == [200] * 4
    others = [member(), coordinator(), UserFactory()]
    assert [download(client, user, run) for user in others] == [404] * 3


def test_who_left_the_team_has_its_scan_no_more(client):
    team = team_with_scan()
    asker = coordinator(team)
    run = make(ask(Document.SCAN, asker, team))

    asker.person.positions.all().delete()

    assert download(client, asker, run) == 404


def test_a_report_is_for_the_board_and_the_staff(client):
    team_with_scan()
    run = make(ask(Document.SCAN_REGION))

    assert [download(client, user, run) for user in (board(), staff())] == [200, 200]
    assert [download(client, user, run) for user in (member(), coordinator())] == [404, 404]
