"""The treasurer's day: recording, matching, depositing, cancelling, exporting."""

import io
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from apmsl.jobs.models import Run
from apmsl.lib.dates import today
from members.enums import MembershipStatus, PieceKind
from members.models import BankLine, DepositSlip, Payment, Piece
from members.services import payments, pieces
from tests import roles
from tests.members.factories import MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 1, 5, tzinfo=UTC)
ADMIN = "/administration/members"


@pytest.fixture
def staff(client):
    client.force_login(roles.staff())
    return client


@pytest.fixture
def membership():
    membership = MembershipFactory(
        team=TeamFactory(name="MSP des Tilleuls"),
        status=MembershipStatus.EXPECTED,
        paid_on=None,
        amount_cents=0,
    )
    pieces.issue_call(debt=membership, lines=[("Cotisation", 30_000)], by=None, at=AT)
    membership.refresh_from_db()
    return membership


def told(response):
    return [str(message).replace("\xa0", " ") for message in response.context["messages"]]


def record(client, paid, **values):
    given = {"method": "cheque", "amount": "300,00", "received_on": today().isoformat()}
    url = f"{ADMIN}/payment/add/?membership={paid.pk}"
    return client.post(url, {**given, **values}, follow=True)


def test_a_payment_is_recorded_by_hand(staff, membership):
    assert "MSP des Tilleuls" in staff.get(f"{ADMIN}/payment/add/?membership={membership.pk}").text

    response = record(staff, membership)

    assert told(response) == ["Paiement enregistré. La cotisation est payée."]
    membership.refresh_from_db()
    assert membership.status == MembershipStatus.PAID
    assert Payment.objects.get().recorded_by is not None


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"amount": "0"}, "Indiquez un montant."),
        ({"amount": "-1"}, "Le remboursement dépasse ce qui a été reçu."),
        ({"received_on": "2099-12-31"}, "La date du paiement est dans l’avenir."),
        ({"received_on": "31/02/2023"}, "Saisissez une date valide."),
        ({"amount": "1e99"}, "pas plus de"),
    ],
)
def test_a_wrong_payment_says_why_and_records_nothing(staff, membership, values, said):
    response = record(staff, membership, **values)

    assert said in response.text
    assert not Payment.objects.exists()


def test_too_much_is_told_and_found_in_the_list(staff, membership):
    assert told(record(staff, membership, amount="350")) == [
        "Paiement enregistré. Trop-perçu : 50 € à rembourser."
    ]
    MembershipFactory()

    listed = staff.get(f"{ADMIN}/membership/?trop=oui")

    assert list(listed.context["cl"].queryset) == [membership]
    assert "trop-perçu 50" in listed.text.replace("\xa0", " ")


@pytest.mark.parametrize("given", ["", "?membership=x", "?membership=²", "?membership=999"])
def test_a_payment_is_that_of_a_membership(staff, given):
    response = staff.get(f"{ADMIN}/payment/add/{given}", follow=True)

    assert "Enregistrer un paiement" in told(response)[0]


def test_a_part_says_what_is_left(staff, membership):
    assert told(record(staff, membership, amount="100")) == [
        "Paiement enregistré. Il reste 200 € à payer."
    ]


def test_a_payment_is_read_and_never_changed(staff, membership):
    record(staff, membership)
    payment = Payment.objects.get()

    page = f"{ADMIN}/payment/{payment.pk}/change/"
    assert staff.get(page).status_code == 200
    assert staff.post(page, {"amount_cents": 1}).status_code == 403
    assert staff.post(f"{ADMIN}/payment/{payment.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_page_of_a_membership_shows_its_money_and_keeps_its_amount(staff, membership):
    record(staff, membership)

    page = staff.get(f"{ADMIN}/membership/{membership.pk}/change/")

    assert "RE-" in page.text
    assert 'name="amount_cents"' not in page.text
    response = staff.get(f"{ADMIN}/membership/{membership.pk}/payer/")
    assert response.url == f"{ADMIN}/payment/add/?membership={membership.pk}"


def test_cheques_make_a_slip_with_its_pdf(staff, membership):
    record(staff, membership, amount="100")
    record(staff, membership, amount="200", reference="BNP 123")
    cheques = Payment.objects.order_by("pk")
    assert list(staff.get(f"{ADMIN}/payment/?cheques=a-remettre").context["cl"].queryset)

    response = staff.post(
        f"{ADMIN}/payment/",
        {"action": "deposit_cheques", "_selected_action": [cheque.pk for cheque in cheques]},
        follow=True,
    )

    slip = DepositSlip.objects.get()
    assert slip.cheques.count() == 2
    assert response.status_code == 200
    document = staff.get(f"{ADMIN}/depositslip/{slip.pk}/imprimer/")
    assert document.content.startswith(b"%PDF-")
    assert staff.get(f"{ADMIN}/depositslip/").status_code == 200
    again = staff.post(
        f"{ADMIN}/payment/",
        {"action": "deposit_cheques", "_selected_action": [cheques[0].pk]},
        follow=True,
    )
    assert told(again) == ["Un de ces chèques est déjà sur un bordereau."]


# -- the bank --------------------------------------------------------------------------------------
STATEMENT = "Date;Libellé;Montant\n05/01/2026;VIR {};300,00\n05/01/2026;ARS;9 000,00\n"


def upload(client, text):
    file = SimpleUploadedFile("releve.csv", text.encode("cp1252"), "text/csv")
    return client.post(f"{ADMIN}/bankline/importer/", {"file": file}, follow=True)


def test_a_statement_is_imported_previewed_and_confirmed(staff, membership):
    reference = membership.pieces.get().reference
    text = STATEMENT.format(reference)

    page = upload(staff, text)

    assert told(page) == ["2 nouvelles lignes."]
    assert "MSP des Tilleuls" in page.text
    assert not Payment.objects.exists()
    done = staff.post(f"{ADMIN}/bankline/rapprocher/", {"all": "1"}, follow=True)
    assert told(done) == ["1 paiement enregistré."]
    membership.refresh_from_db()
    assert membership.paid_on == date(2026, 1, 5)
    assert told(upload(staff, text)) == [
        "Toutes ces lignes étaient déjà importées : rien n’a changé."
    ]


def test_one_line_is_confirmed_or_set_aside_and_looked_at_again(staff, membership):
    upload(staff, STATEMENT.format("TILLEULS"))
    likely, grant = BankLine.objects.order_by("pk")
    url = f"{ADMIN}/bankline/rapprocher/"

    staff.post(url, {"decision": f"confirm:{likely.pk}:{membership.key}"})
    again = staff.post(url, {"decision": f"confirm:{likely.pk}:{membership.key}"}, follow=True)
    staff.post(url, {"decision": f"aside:{grant.pk}"})

    assert told(again)[-1] == "Cette ligne est déjà rapprochée."
    assert Payment.objects.count() == 1
    assert not BankLine.objects.pending().exists()
    assert "Tout l’argent reçu est rapproché" in staff.get(url).text
    staff.post(f"{ADMIN}/bankline/", {"action": "look_again", "_selected_action": [grant.pk]})
    assert list(BankLine.objects.pending()) == [grant]
    for wanted in ("a-faire", "fait", "hors"):
        assert staff.get(f"{ADMIN}/bankline/?rapprochement={wanted}").status_code == 200


@pytest.mark.parametrize("decision", ["", "confirm:", "confirm:x:y", "confirm:999:1", "aside:²"])
def test_a_made_up_decision_changes_nothing(staff, decision):
    response = staff.post(f"{ADMIN}/bankline/rapprocher/", {"decision": decision}, follow=True)

    assert told(response) == ["Cette ligne n’existe plus."]


def test_a_wrong_file_says_where(staff):
    response = upload(staff, "Date;Libellé;Montant\n05/13/2026;X;1\n")

    assert "Ligne 2, colonne « date »" in response.text
    assert not BankLine.objects.exists()


# -- pieces ----------------------------------------------------------------------------------------
def test_a_call_is_cancelled_by_a_credit_note_after_a_question(staff, membership):
    piece = membership.pieces.get()
    url = f"{ADMIN}/piece/{piece.pk}/avoir/"
    assert piece.reference in staff.get(url).text
    assert Piece.objects.count() == 1

    response = staff.post(url, follow=True)

    assert told(response) == [f"L’avoir {piece.cancelled_by.reference} annule {piece.reference}."]
    assert told(staff.post(url, follow=True)) == ["Cette pièce est déjà annulée par un avoir."]


def test_pieces_are_read_and_downloaded_never_changed(staff, membership):
    piece = membership.pieces.get()

    assert piece.reference in staff.get(f"{ADMIN}/piece/?kind__exact=call").text
    page = f"{ADMIN}/piece/{piece.pk}/change/"
    assert staff.get(page).status_code == 200
    assert staff.post(page, {}).status_code == 403
    assert staff.post(f"{ADMIN}/piece/{piece.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.get(f"{ADMIN}/piece/{piece.pk}/telecharger/").url == f"/pieces/{piece.pk}/"


def test_the_journal_is_downloaded_for_a_period(staff, membership):
    page = staff.get(f"{ADMIN}/piece/journal/")
    assert "Journal comptable" in page.text
    period = f"start={today():%Y}-01-01&end={today():%Y}-12-31"

    text = staff.get(f"{ADMIN}/piece/journal/?{period}&format=csv").getvalue().decode("utf-8-sig")
    sheet = staff.get(f"{ADMIN}/piece/journal/?{period}&format=xlsx")

    assert text.splitlines()[0] == "Date;Pièce;Compte;Libellé;Débit;Crédit"
    assert len(text.splitlines()) == 3
    assert load_workbook(io.BytesIO(sheet.content)).active.max_row == 3
    wrong = staff.get(f"{ADMIN}/piece/journal/?start=2024-01-01&end=2023-01-01&format=csv")
    assert "La fin précède le début." in wrong.text


def test_the_archive_of_a_year_is_a_run(staff, membership):
    response = staff.get(f"{ADMIN}/piece/archive/?year__exact=2023")

    run = Run.objects.get()
    assert response.url == f"/travaux/{run.pk}/"
    assert (run.kind, run.params) == ("pieces", {"year": 2023})


def test_an_invoice_is_refused_twice_and_receipts_are_refunded(staff, membership):
    payments.record(
        debt=membership,
        method="transfer",
        amount_cents=30_000,
        received_on=today(),
        by=None,
        on=today(),
        at=AT,
    )
    receipt = Piece.objects.get(kind=PieceKind.RECEIPT)

    response = staff.post(f"{ADMIN}/piece/{receipt.pk}/avoir/", follow=True)

    assert told(response) == ["Un reçu s’annule en enregistrant le remboursement du paiement."]
