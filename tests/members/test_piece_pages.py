"""Pieces on paper, and who downloads them."""

import io

import pytest
from outloud import check
from pypdf import PdfReader

from apmsl.lib import pdf
from apmsl.lib.dates import today
from members.builders.pieces import piece_html
from members.enums import MembershipStatus, PaymentMethod
from members.services import payments, pieces
from tests import roles
from tests.members.factories import MembershipFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    team = TeamFactory(name="MSP des Tilleuls & Cie", postcode="44150", city="Ancenis")
    membership = MembershipFactory(
        team=team, status=MembershipStatus.EXPECTED, paid_on=None, amount_cents=0
    )
    lines = [("Part fixe", 10_000), ("12 professionnels à 17,50 €", 21_000)]
    return pieces.issue_call(debt=membership, lines=lines, by=None, at=None)


def four_kinds(call):
    invoice = pieces.issue_invoice(debt=call.membership, by=None, on=today())
    payment = payments.record(
        debt=call.membership,
        method=PaymentMethod.CHEQUE,
        amount_cents=31_000,
        received_on=today(),
        by=None,
        on=today(),
        at=None,
    )
    receipt = payment.receipts.get()
    note = pieces.issue_credit_note(piece=invoice, by=None, on=today())
    return [call, invoice, receipt, note]


def test_each_kind_is_one_tagged_page_that_says_what_it_must(call, settings, tmp_path):
    settings.FEDERATION_ADDRESS = "1 rue des Arènes / 44000 Nantes"
    settings.FEDERATION_SIRET = "12345678200010"
    settings.FEDERATION_IBAN = "FR7630006000011234567890189"
    texts = {}
    for piece in four_kinds(call):
        file = tmp_path / "piece.pdf"
        file.write_bytes(pdf.render(piece_html(piece)))
        findings = check(file).findings
        assert [f.message for f in findings if f.severity == "error"] == []
        (page,) = PdfReader(io.BytesIO(file.read_bytes())).pages
        texts[piece.kind] = " ".join(page.extract_text().split())

    for kind, text in texts.items():
        assert "1 rue des Arènes" in text
        assert "SIRET 12345678200010" in text
        assert "MSP des Tilleuls & Cie" in text
        assert "44150 Ancenis" in text
        assert "TVA non applicable" in text
        assert ("FR76 3000 6000" in text) == (kind in {"call", "invoice"})
    assert call.reference in texts["call"]
    assert "Total à payer 310,00 €" in texts["call"]
    assert call.reference in texts["invoice"]  # what the transfer bears
    assert "Chèque du" in texts["receipt"]
    assert "Total −310,00 €" in texts["credit_note"].replace("-", "−")
    assert "annule la pièce FA-" in texts["credit_note"]


def test_without_an_iban_none_is_printed(call, settings):
    settings.FEDERATION_IBAN = ""

    assert "IBAN" not in piece_html(call)


@pytest.mark.parametrize(
    ("who", "opens"),
    [
        ("staff", True),
        ("board", True),
        ("own coordinator", True),
        ("own leader", True),
        ("other coordinator", False),
        ("own member", False),
        ("unlinked", False),
    ],
)
def test_those_who_speak_for_the_team_and_the_federation_download_it(client, call, who, opens):
    team = call.membership.team  # its membership is not paid yet
    makers = {
        "staff": roles.staff,
        "board": roles.board,
        "own coordinator": lambda: roles.coordinator(team),
        "own leader": lambda: roles.leader(team),
        "other coordinator": roles.coordinator,
        "own member": lambda: roles.member(team),
        "unlinked": UserFactory,
    }
    client.force_login(makers[who]())

    response = client.get(f"/pieces/{call.pk}/")

    assert response.status_code == (200 if opens else 404)
    if opens:
        assert response.content.startswith(b"%PDF-")
        assert call.reference in response["Content-Disposition"]
        assert "no-store" in response["Cache-Control"]


def test_an_isolated_professional_downloads_their_own(client, call):
    user = UserFactory()
    membership = MembershipFactory(team=None, person=user.person, status="expected", paid_on=None)
    own = pieces.issue_call(debt=membership, lines=[("Seul", 5_000)], by=None, at=None)
    client.force_login(user)

    assert client.get(f"/pieces/{own.pk}/").status_code == 200
    assert client.get(f"/pieces/{call.pk}/").status_code == 404
