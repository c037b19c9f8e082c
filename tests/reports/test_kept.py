"""The pages of a year that is over: printed again, they are those that were printed."""

import io
from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from apmsl.jobs import tasks
from apmsl.jobs.models import Result, Run, RunStatus
from apmsl.lib.dates import today
from members.models import ScanAnswer, Team
from reports import services
from reports.enums import Document, SheetBlock
from reports.services import layouts
from tests.members.factories import (
    AffiliationFactory,
    MembershipFactory,
    PositionFactory,
    QuestionFactory,
    ScanFactory,
    ScanFormFactory,
    SiteFactory,
    TeamFactory,
)
from tests.reports.test_sheet_layouts import ALL, html_of, image, url
from tests.roles import board, coordinator, staff

pytestmark = pytest.mark.django_db


def asked(team: Team | None, year: int, document=Document.SCAN, **options) -> Run:
    run = services.request_document(
        document=document, year=year, user=board(), at=timezone.now(), about=team, **options
    )
    if run.status != RunStatus.DONE:
        tasks.build(run_id=run.pk)
        run.refresh_from_db()
    assert run.status == RunStatus.DONE, run.message
    return run


def live_this_year(team: Team) -> None:
    """What a year writes."""
    year = today().year
    team.scans.filter(form__year=year).delete()
    scan = ScanFactory(team=team, form=ScanFormFactory(year=year))
    ScanAnswer.objects.create(scan=scan, question=QuestionFactory(), number=9999)
    PositionFactory(team=team, started_on=date(year, 1, 1))
    AffiliationFactory(team=team, started_on=date(year, 1, 1))
    other = TeamFactory(member=True)
    ScanFactory(team=other, form=ScanFormFactory(year=year))
    layouts.lay_out(team=team, year=year, shown=["practices"], pictures={"photo": image("JPEG")})


def test_the_records_of_a_year_change_nothing_of_the_year_before(team, last_year):
    before = html_of(team, last_year)
    assert "4\u202f000" in before

    live_this_year(team)

    assert html_of(team, last_year) == before


@pytest.mark.parametrize("document", [Document.SCAN, Document.SCAN_WIDE])
def test_printed_again_a_year_that_is_over_gives_the_same_page(team, last_year, document):
    """Though the team is called otherwise now, and practises elsewhere."""
    first = asked(team, last_year, document)

    live_this_year(team)
    SiteFactory.create_batch(2, team=team, latitude=47.3, longitude=-1.4)
    Team.objects.filter(pk=team.pk).update(name="Les Vagues", sites=4)
    team.refresh_from_db()
    again = asked(team, last_year, document)

    assert again.result == first.result
    assert first.result.is_kept


def test_the_page_of_the_region_is_kept_too_and_the_staff_alone_has_it_made_anew(client, team):
    year = today().year - 1
    MembershipFactory(team=team, year=year)
    first = asked(None, year, Document.SCAN_REGION)
    MembershipFactory.create_batch(3, year=year)
    page = reverse("reports:region", args=[year])
    ask = reverse("reports:ask", args=[year, Document.SCAN_REGION])

    assert asked(None, year, Document.SCAN_REGION).result == first.result
    assert first.result.is_kept
    client.force_login(board())
    assert "est gardée" in client.get(page).text
    assert "La refaire" not in client.get(page).text
    client.post(ask, {"anew": "1"})
    assert not Run.objects.in_flight().exists()

    client.force_login(staff())
    assert "La refaire" in client.get(page).text
    client.post(ask, {"anew": "1"})
    renewed = Run.objects.in_flight().get()
    tasks.build(run_id=renewed.pk)
    renewed.refresh_from_db()
    assert renewed.result != first.result
    assert asked(None, year, Document.SCAN_REGION).result == renewed.result


def test_the_page_of_the_region_follows_the_records_while_its_year_runs(client, team):
    year = today().year
    first = asked(None, year, Document.SCAN_REGION)
    MembershipFactory.create_batch(3, year=year)

    assert asked(None, year, Document.SCAN_REGION).result != first.result
    assert not first.result.is_kept


def test_the_page_of_the_year_that_runs_follows_the_records(team):
    first = asked(team, today().year)
    Team.objects.filter(pk=team.pk).update(sites=4)

    assert asked(team, today().year).result != first.result
    assert not first.result.is_kept


def test_the_staff_has_a_kept_page_made_anew_and_the_team_does_not(client, team, last_year):
    first = asked(team, last_year)
    Team.objects.filter(pk=team.pk).update(sites=4)
    scan = reverse("reports:scan", args=[team.pk, last_year])

    client.force_login(coordinator(team))
    assert "est gardée" in client.get(scan).content.decode()
    client.post(scan, {"anew": "1"})
    assert Run.objects.in_flight().count() == 0

    client.force_login(staff())
    client.post(scan, {"anew": "1"})
    renewed = Run.objects.in_flight().get()
    tasks.build(run_id=renewed.pk)
    renewed.refresh_from_db()
    assert renewed.result != first.result
    assert asked(team, last_year).result == renewed.result


def test_a_team_that_lays_out_a_year_that_is_over_gets_the_page_it_chose(team, last_year):
    first = asked(team, last_year)

    layouts.lay_out(team=team, year=last_year, shown=["practices"], pictures={})
    chosen = asked(team, last_year)

    assert chosen.result != first.result
    assert asked(team, last_year).result == chosen.result


def test_all_the_pages_of_a_year_that_is_over_are_those_that_were_printed(team, last_year):
    first = asked(team, last_year)
    Team.objects.filter(pk=team.pk).update(name="Les Vagues")

    batch = services.request_document(
        document=Document.SCAN_BATCH, year=last_year, user=board(), at=timezone.now()
    )
    tasks.build(run_id=batch.pk)

    batch.refresh_from_db()
    assert batch.status == RunStatus.DONE, batch.message
    assert list(Run.objects.filter(kind=Document.SCAN).values_list("result", flat=True)) == [
        first.result_id
    ]


def patients(team: Team, year: int, number: int) -> None:
    ScanAnswer.objects.filter(scan__team=team, scan__form__year=year).update(number=number)


def archived(year: int) -> list[int]:
    """The results of the sheets in the archive of all."""
    batch = services.request_document(
        document=Document.SCAN_BATCH, year=year, user=board(), at=timezone.now()
    )
    tasks.build(run_id=batch.pk)
    return list(Run.objects.parts_of(batch).values_list("result", flat=True))


def test_a_page_made_anew_as_it_was_once_before_is_the_one_that_is_kept(team, last_year):
    """Edited by mistake, made anew, put right, made anew."""
    right = asked(team, last_year)
    patients(team, last_year, 9)
    wrong = asked(team, last_year, anew=True)
    assert wrong.result != right.result
    patients(team, last_year, 4000)

    assert asked(team, last_year, anew=True).result == right.result

    assert asked(team, last_year).result == right.result
    assert archived(last_year) == [right.result_id]


@pytest.mark.parametrize("has_its_own", [True, False])
def test_a_layout_saved_as_it_was_leaves_the_page_that_was_printed(
    client, team, last_year, has_its_own
):
    year = last_year if has_its_own else last_year - 1
    shown = [block for block in ALL if block != SheetBlock.COORDINATION]
    layouts.lay_out(team=team, year=year, shown=shown, pictures={"logo": image("JPEG")})
    first = asked(team, last_year)
    patients(team, last_year, 9)

    client.force_login(coordinator(team))
    answer = client.post(url(team, last_year), {"shown": shown})

    assert answer.status_code == 302
    assert asked(team, last_year).result == first.result


def test_taking_the_logo_away_is_a_change(team, last_year):
    layouts.lay_out(team=team, year=last_year, shown=ALL, pictures={"logo": image("JPEG")})
    first = asked(team, last_year)

    layouts.lay_out(team=team, year=last_year, shown=ALL, pictures={"logo": b""})

    assert asked(team, last_year).result != first.result


@pytest.mark.parametrize("ask", [asked, lambda team, year: archived(year)])
def test_a_page_made_before_its_year_was_over_is_kept_once_asked_for_again(team, last_year, ask):
    first = asked(team, last_year).result
    Result.objects.update(is_kept=False)  # as it was made then

    ask(team, last_year)

    first.refresh_from_db()
    assert first.is_kept
    patients(team, last_year, 9)
    assert asked(team, last_year).result == first


def test_the_pages_say_that_the_one_for_the_printer_follows_the_records(client, team, last_year):
    asked(team, last_year)
    asked(None, last_year, Document.SCAN_REGION)
    client.force_login(board())

    for page in (
        reverse("reports:scan", args=[team.pk, last_year]),
        reverse("reports:region", args=[last_year]),
    ):
        assert "que suit aussi le fichier «&nbsp;Pour l’imprimeur&nbsp;»" in client.get(page).text


def test_made_anew_a_page_takes_its_other_forms_along(client, team, last_year):
    """The picture would give the wrong figures for ever; what nobody asked for is not made."""
    shown = asked(team, last_year, Document.SCAN_IMAGE)
    patients(team, last_year, 9)
    scan = reverse("reports:scan", args=[team.pk, last_year])
    client.force_login(staff())
    assert f"L’image de {last_year} est gardée" in client.get(scan).text

    client.post(scan, {"anew": "1"})

    renewed = list(Run.objects.in_flight())
    assert {run.kind for run in renewed} == {Document.SCAN, Document.SCAN_IMAGE}
    for run in renewed:
        tasks.build(run_id=run.pk)
    again = asked(team, last_year, Document.SCAN_IMAGE)
    assert again.result != shown.result
    assert again.result in [Run.objects.get(pk=run.pk).result for run in renewed]


def test_the_command_writes_the_page_that_was_kept(team, last_year, tmp_path):
    first, file = asked(team, last_year).result, tmp_path / "scan.pdf"
    patients(team, last_year, 9)

    call_command(
        "render",
        "scan",
        f"--year={last_year}",
        f"--team={team.code}",
        f"--output={file}",
        stdout=io.StringIO(),
    )

    with first.file.open("rb") as kept:
        assert file.read_bytes() == kept.read()
