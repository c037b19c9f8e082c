"""A year without records: said plainly, with where to go; a year out of sense is not found."""

from datetime import date

import pytest
from django.urls import reverse

from apmsl.jobs.models import Run
from apmsl.lib.dates import today
from reports.builders import documents
from reports.enums import Document
from reports.models import ChapterOfYear
from reports.views.documents import BOARD_DOCUMENTS
from reports.views.years import FIRST
from tests.members.factories import MembershipFactory
from tests.network.factories import LocalGroupFactory
from tests.roles import board, member, staff

pytestmark = pytest.mark.django_db
YEAR, EMPTY = 2022, 2019
PAGES = ["year", "region", "funder", "missing", "texts", "versions"]
SAID = f"Rien n’est enregistré pour {EMPTY}"


@pytest.fixture(autouse=True)
def recorded():
    MembershipFactory(year=YEAR)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_a_year_without_records_leads_to_those_that_have_some(client, name):
    client.force_login(board())

    page = client.get(reverse(f"reports:{name}", args=[EMPTY]))

    assert page.status_code == 200
    assert SAID in page.text
    assert reverse("reports:year", args=[YEAR]) in page.text
    assert reverse("admin:members_membership_add") not in page.text


def test_a_member_who_asks_for_a_card_is_led_to_no_report(client):
    client.force_login(member())

    page = client.post(reverse("reports:group_card", args=[EMPTY, LocalGroupFactory().pk])).text

    assert SAID in page
    for name, of in (("index", []), ("year", [YEAR])):
        address = reverse(f"reports:{name}", args=of)
        assert f'href="{address}"' not in page
        assert client.get(address).status_code in {403, 404}


@pytest.mark.parametrize(
    ("name", "more"), [("indicator", ["teams"]), ("listing", ["equipes"]), ("text", ["foreword"])]
)
def test_so_does_what_stands_under_it(client, name, more):
    client.force_login(board())

    assert SAID in client.get(reverse(f"reports:{name}", args=[EMPTY, *more])).text


def test_the_staff_is_told_where_records_come_from(client):
    client.force_login(staff())

    page = client.get(reverse("reports:year", args=[EMPTY])).text

    for name in ("add", "import"):
        address = reverse(f"admin:members_membership_{name}")
        assert address in page
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("year", [1900, FIRST - 1, 9999])
@pytest.mark.parametrize("name", PAGES)
def test_a_year_out_of_sense_is_not_found(client, name, year):
    client.force_login(staff())

    assert client.get(reverse(f"reports:{name}", args=[year])).status_code == 404


def test_next_year_is_to_come_and_the_one_after_is_out_of_sense(client):
    client.force_login(board())
    coming = today().year + 1

    assert client.get(reverse("reports:year", args=[coming])).status_code == 200
    assert client.get(reverse("reports:year", args=[coming + 1])).status_code == 404


@pytest.mark.parametrize("document", BOARD_DOCUMENTS)
def test_a_document_of_a_year_without_records_is_not_prepared_and_it_is_said(client, document):
    client.force_login(board())

    answer = client.post(reverse("reports:ask", args=[EMPTY, document]))

    assert SAID in answer.text
    assert "Rien n’a été préparé" in answer.text
    assert not Run.objects.exists()


def test_nothing_is_written_in_such_a_year(client):
    client.force_login(staff())

    client.post(reverse("reports:chapters", args=[EMPTY]), {"title": "Tribune"})

    assert not ChapterOfYear.objects.exists()


@pytest.mark.parametrize(
    "document", [Document.ACTIVITY, Document.SLIDES, Document.SCAN_REGION, Document.NETWORK]
)
def test_records_that_go_while_their_document_waits_break_nothing(document):
    """A worker takes the run once nothing is left of its year."""
    made = documents.page(document, documents.parameters(EMPTY, date(EMPTY, 12, 31)))

    assert str(EMPTY) in made.html
