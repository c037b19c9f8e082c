import csv
import io

import pytest
from django.urls import reverse

from apmsl.jobs.models import Run
from apmsl.lib.dates import today
from reports import indicators
from reports.enums import Chapter, Document
from tests.members.factories import ScanFactory, TeamFactory
from tests.reports.factories import ReportTextFactory, RunFactory, RunRequestFactory
from tests.roles import board, coordinator, member, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def year() -> int:
    """A year with a member."""
    TeamFactory(member=True, name="=Maison d’ici")
    return today().year


def test_the_reports_open_on_the_present_year(client, year):
    client.force_login(board())

    assert client.get(reverse("reports:index")).url == reverse("reports:year", args=[year])


def test_without_any_record_the_reports_say_so(client):
    client.force_login(board())

    assert "Aucune année" in client.get(reverse("reports:index")).content.decode()


def test_an_unknown_year_or_figure_is_not_found(client, year):
    client.force_login(board())

    assert client.get(reverse("reports:year", args=[1999])).status_code == 404
    assert client.get(reverse("reports:indicator", args=[year, "nothing"])).status_code == 404
    assert client.get(reverse("reports:indicator", args=[1999, "teams"])).status_code == 404


def test_a_figure_shows_the_records_that_it_counts(client, year):
    client.force_login(board())

    page = client.get(reverse("reports:indicator", args=[year, "teams"])).content.decode()

    assert "=Maison d’ici" in page
    assert indicators.get("teams").definition in page


def test_a_list_is_exported_for_a_spreadsheet_without_formulas(client, year):
    client.force_login(board())

    answer = client.get(reverse("reports:indicator", args=[year, "teams"]), {"export": "csv"})

    text = answer.getvalue().decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert text.startswith("\ufeff")
    assert answer["Content-Disposition"] == f'attachment; filename="teams-{year}.csv"'
    assert [row[0] for row in rows] == ["Équipe", "'=Maison d’ici"]


def test_a_document_is_asked_for_and_followed(client, year):
    client.force_login(board())

    answer = client.post(reverse("reports:ask", args=[year, "scan-batch"]))

    run = Run.objects.get()
    assert answer.url == run.get_absolute_url()
    assert (run.kind, run.params["year"]) == (Document.SCAN_BATCH, year)
    back = client.get(run.get_absolute_url()).context["back"]
    assert back == reverse("reports:year", args=[year])


@pytest.mark.parametrize("document", ["scan", "group-card", "nothing"])
def test_only_the_documents_of_the_year_are_asked_for_there(client, year, document):
    client.force_login(board())

    assert client.post(reverse("reports:ask", args=[year, document])).status_code == 404


def test_earlier_results_say_who_asked_and_when(client, year):
    user = board()
    run = RunFactory(kind="activity", label="Rapport d’avant", params={"year": year})
    RunRequestFactory(run=run, user=user)
    RunFactory(kind="activity", label="D’une autre année", params={"year": year - 1})
    client.force_login(staff())

    page = client.get(reverse("reports:year", args=[year])).content.decode()

    assert "Rapport d’avant" in page
    assert str(user.person) in page
    assert "D’une autre année" not in page


def test_the_list_of_results_takes_as_many_queries_for_three_as_for_one(
    client, year, record_queries
):
    client.force_login(board())

    def queries(count: int) -> int:
        for _ in range(count):
            RunRequestFactory(run__kind="activity", run__params={"year": year})
        with record_queries() as sent:
            client.get(reverse("reports:year", args=[year]))
        return len(sent)

    assert queries(1) == queries(2)


def test_texts_are_read_by_the_board_and_written_by_the_staff(client, year):
    ReportTextFactory(chapter=Chapter.FOREWORD, body="# Merci\n\n<script>x</script> à **tous**")
    url = reverse("reports:texts", args=[year])

    client.force_login(board())
    read = client.get(url).content.decode()
    client.force_login(staff())
    written = client.get(url).content.decode()

    assert "<strong>tous</strong>" in read
    assert "<script>x" not in read
    assert ("Relire" in read, "Modifier" in read) == (True, False)
    assert ("Relire" in written, "Modifier" in written) == (False, True)
    assert reverse("reports:text", args=[year, "foreword"]) in read


# -- the Scan'équipe of one's team -----------------------------------------------------------------
def test_a_member_reads_the_scan_of_their_team_and_asks_for_its_pdf(client, year):
    user = coordinator()
    team = user.person.positions.get().team
    client.force_login(user)
    url = reverse("reports:scan", args=[team.pk, year])

    page = client.get(url)
    answer = client.post(url)

    run = Run.objects.get()
    assert team.name in page.content.decode()
    assert answer.url == run.get_absolute_url()
    assert run.params["team"] == team.pk


def test_the_scan_of_another_team_is_not_found(client, year):
    other = TeamFactory(member=True)
    client.force_login(member())
    url = reverse("reports:scan", args=[other.pk, year])

    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404


def test_my_documents_stand_on_my_home_page(client, year):
    user = coordinator()
    team = user.person.positions.get().team
    ScanFactory(team=team)
    RunRequestFactory(
        user=user, run__kind="scan", run__label="Déjà demandé", run__params={"team": team.pk}
    )
    client.force_login(user)

    page = client.get("/").content.decode()

    assert reverse("reports:scan", args=[team.pk, year]) in page
    assert "Déjà demandé" in page
