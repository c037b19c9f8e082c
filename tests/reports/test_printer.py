"""A document for a printing house: with what is cut away, and marks where to."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from apmsl.jobs.models import Run
from apmsl.lib.dates import reference_day, today
from reports.builders import documents, scans
from reports.builders.documents import Page
from reports.enums import Document
from tests.members.factories import ScanFactory, TeamFactory
from tests.network.factories import LocalGroupFactory
from tests.reports import examples
from tests.roles import board, coordinator

MILLIMETRE = 72 / 25.4


def test_three_millimetres_stand_around_the_page_to_be_cut_away():
    page = Page("scan.pdf", scans.region_html(examples.empty_region_sheet())).for_printer()

    printed = PdfReader(io.BytesIO(page.drawn())).pages[0]

    assert page.filename == "scan-imprimeur.pdf"
    trimmed, whole = printed.trimbox, printed.bleedbox
    assert [round(float(n) / MILLIMETRE) for n in (trimmed.width, trimmed.height)] == [210, 297]
    assert [round(float(n) / MILLIMETRE) for n in (whole.width, whole.height)] == [216, 303]


@pytest.mark.django_db
def test_the_one_for_the_printer_is_a_document_of_its_own(client):
    TeamFactory(member=True)
    year = today().year
    client.force_login(board())
    asked = reverse("reports:ask", args=[year, "activity"])

    client.post(asked)
    client.post(asked, {"printer": "1"})

    plain, printed = Run.objects.order_by("pk")
    assert printed.key == f"{plain.key}:printer"
    assert printed.label.endswith(", pour l’imprimeur")
    assert documents.PRINTER in documents.page(Document.ACTIVITY, printed.params).html
    assert documents.PRINTER not in documents.page(Document.ACTIVITY, plain.params).html


@pytest.mark.django_db
def test_slides_are_not_printed_and_have_no_button(client):
    TeamFactory(member=True)
    client.force_login(board())
    year = today().year

    client.post(reverse("reports:ask", args=[year, "slides"]), {"printer": "1"})

    assert "printer" not in Run.objects.get().params
    page = client.get(reverse("reports:year", args=[year])).content.decode()
    assert page.count('name="printer"') == 3  # the report, the region, the network


@pytest.mark.django_db
def test_a_team_asks_for_its_page_for_the_printer_and_that_is_not_the_one_kept(client):
    team = TeamFactory(member=True)
    ScanFactory(team=team)
    client.force_login(coordinator(team))

    client.post(reverse("reports:scan", args=[team.pk, today().year]), {"printer": "1"})

    run = Run.objects.get()
    assert (run.kind, run.params["printer"]) == (Document.SCAN, True)
    last = today().year - 1
    params = documents.parameters(last, reference_day(last), team) | {"printer": True}
    assert not documents.drafter(Document.SCAN)(params).is_kept()


@pytest.mark.django_db
def test_a_member_prepares_the_card_of_a_group_from_its_page_also_for_a_printer(client):
    group = LocalGroupFactory()
    client.force_login(coordinator(TeamFactory(member=True)))
    asked = reverse("reports:group_card", args=[today().year, group.pk])

    assert client.get(reverse("network:group", args=[group.pk])).text.count(asked) == 1
    client.post(asked)
    followed = client.post(asked, {"printer": "1"}, follow=True)

    plain, printed = Run.objects.order_by("pk")
    assert group.name in plain.label
    assert printed.key == f"{plain.key}:printer"
    assert followed.context["back"] == reverse("network:group", args=[group.pk])
    assert client.post(reverse("reports:group_card", args=[today().year, 0])).status_code == 404
