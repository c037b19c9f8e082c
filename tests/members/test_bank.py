"""The bank's file, and whose money its lines are."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apmsl.lib.dates import today
from members.enums import MembershipStatus
from members.models import BankLine, Payment
from members.services import bank, cheques, payments, pieces, statements
from members.services.bank import Proposal
from members.services.payments import PaymentRefused
from members.services.statements import StatementRefused
from tests.members.factories import MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 2, 1, 9, tzinfo=UTC)
FILE = """Compte 0001;;;
Date;Libellé;Débit;Crédit
15/02/2023;VIR AC-2023-0001 MSP DES TILLEULS;;300,00
15/02/2023;VIR SANS NOM;;50,00
15/02/2023;VIR SANS NOM;;50,00
16/02/2023;LOYER;1 250,50;
"""


def run(text, encoding="utf-8"):
    return bank.import_statement(content=text.encode(encoding), at=AT)


def rows():
    lines = BankLine.objects.order_by("booked_on", "label", "rank")
    return list(lines.values_list("booked_on", "label", "amount_cents", "rank"))


EXPECTED = [
    (date(2023, 2, 15), "VIR AC-2023-0001 MSP DES TILLEULS", 30_000, 1),
    (date(2023, 2, 15), "VIR SANS NOM", 5_000, 1),
    (date(2023, 2, 15), "VIR SANS NOM", 5_000, 2),
    (date(2023, 2, 16), "LOYER", -125_050, 1),
]


@pytest.mark.parametrize(
    "text",
    [
        FILE,
        "\ufeff" + FILE,
        FILE.replace("\n", "\r\n"),
        (
            "Crédit;Date opération;Libellé de l’opération;Débit\n"
            "300,00;15/02/2023;VIR AC-2023-0001 MSP DES TILLEULS;\n"
            '"50,00";2023-02-15;VIR  SANS NOM;\n+50,00 €;15/02/23;VIR SANS NOM;0,00\n'
            ";16.02.2023;LOYER;-1.250,50\n\n;;;\n"
        ),
        (
            "DATE;MONTANT (EUROS);LIBELLE;Détail\n15-02-2023;300;VIR AC-2023-0001 MSP DES TILLEULS;x\n"
            "15/02/2023;50.00;VIR SANS NOM;x\n15/02/2023;50;VIR SANS NOM;y\n"
            "16/02/2023;\u22121\u202f250,50;LOYER\n"
        ),
    ],
)
def test_the_columns_of_any_bank_are_read(text):
    assert run(text) == 4

    assert rows() == EXPECTED


def test_windows_files_are_read():
    assert run(FILE, "cp1252") == 4

    assert rows() == EXPECTED


def test_the_same_file_or_an_overlapping_one_creates_nothing_twice():
    run(FILE)

    assert run(FILE) == 0
    assert run(FILE + "17/02/2023;VIR SANS NOM;;50,00\n15/02/2023;VIR SANS NOM;;50,00\n") == 2
    assert len(rows()) == 6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Les colonnes ne sont pas reconnues"),
        ("a,b,c\n1,2,3\n", "Les colonnes ne sont pas reconnues"),
        ("Date;Libellé;Débit\n15/02/2023;X;3\n", "Les colonnes ne sont pas reconnues"),
        ("Date;Libellé;Montant\n", "aucune opération"),
        ("\0PK", "pas un fichier CSV"),
        (FILE + "31/02/2023;X;;1\n", "Ligne 7, colonne « date » : « 31/02/2023 » n’est pas"),
        (FILE + "15/02/2023;X;;douze\n", "Ligne 7, colonne « crédit » : « douze » n’est pas"),
        (FILE + "15/02/2023;X;;1,234\n", "« 1,234 » n’est pas un montant"),
        (FILE + "15/02/2023;X;;NaN\n", "« NaN » n’est pas un montant"),
        (FILE + "15/02/2023;X;;1e30\n", "« 1e30 » n’est pas un montant"),
        (FILE + "15/02/2023;X;;\n", "colonne « crédit » : aucun montant"),
        (FILE + "15/02/2023;X;1;1\n", "un débit et un crédit à la fois"),
        (FILE + "15/02/2023; ;;1\n", "colonne « libellé » : elle est vide"),
        (FILE + "15/02/2023\n", "colonne « libellé » : elle est vide"),
    ],
)
def test_a_wrong_file_says_where_and_imports_nothing(text, said):
    with pytest.raises(StatementRefused, match=said):
        run(text)

    assert rows() == []


@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_is_uploaded_is_read_or_refused(content):
    try:
        lines = statements.read(b"Date;Libell\xe9;Montant\n" + content)
    except StatementRefused:
        return
    assert lines


def test_too_large_a_file_is_refused():
    with pytest.raises(StatementRefused, match="5 Mo"):
        bank.import_statement(content=b"a" * 5_000_001, at=AT)


# -- proposals -------------------------------------------------------------------------------------
@pytest.fixture
def membership():
    team = TeamFactory(name="MSP des Tilleuls")
    membership = MembershipFactory(
        team=team, year=2023, status=MembershipStatus.EXPECTED, paid_on=None, amount_cents=0
    )
    pieces.issue_call(
        debt=membership, lines=[("Cotisation", 30_000)], by=None, at=AT, on=date(2023, 1, 5)
    )
    membership.refresh_from_db()
    return membership


def line(label, cents=30_000, day=date(2023, 2, 15)):
    return BankLine.objects.create(booked_on=day, label=label, amount_cents=cents, imported_at=AT)


def propose(*args) -> Proposal:
    return bank.propose([line(*args)])[0]


@pytest.mark.parametrize(
    "label",
    ["VIR AC-2023-0001", "cotisation ac 2023 1 tilleuls", "AC20230001", "VIR:AC/2023/0001."],
)
def test_a_reference_is_certain_however_it_is_typed(membership, label):
    proposal = propose(label)

    assert proposal.is_certain
    assert proposal.candidates == [membership]


@pytest.mark.parametrize(
    ("label", "cents", "certain", "found"),
    [
        ("AC-2023-0001", 10_000, True, True),  # a part
        ("AC-2023-0001", 30_001, False, True),  # too much
        ("AC-2023-0002", 30_000, False, False),  # unknown
        ("VIR MAISON DE SANTE LES TILLEULS", 30_000, False, True),
        ("VIR MAISON DE SANTE LES TILLEULS", 29_999, False, False),
        ("VIR MSP DES CHENES", 30_000, False, False),
        ("XAC-2023-0001", 30_000, False, False),
    ],
)
def test_the_rest_is_possible_or_nothing(membership, label, cents, certain, found):
    proposal = propose(label, cents)

    assert (proposal.is_certain, proposal.candidates == [membership]) == (certain, found)


def test_a_paid_membership_is_not_certain_any_more(membership):
    first = line("AC-2023-0001")
    bank.confirm(line=first, debt=membership, by=None, on=date(2023, 3, 1), at=AT)

    assert not propose("AC-2023-0001 bis").is_certain


def test_two_references_in_a_label_leave_a_doubt(membership):
    other = MembershipFactory(status="expected", year=2023, paid_on=None)
    pieces.issue_call(debt=other, lines=[("C", 30_000)], by=None, at=AT, on=date(2023, 1, 6))

    proposal = propose("AC-2023-0001 AC-2023-0002")

    assert not proposal.is_certain
    assert len(proposal.candidates) == 2


def test_proposals_cost_the_same_queries_for_many_lines_as_for_one(membership, record_queries):
    lines = [line("AC-2023-0001"), line("VIR TILLEULS"), line("X", 1)]
    with record_queries() as for_one:
        bank.propose(lines[:1])
    with record_queries() as for_three:
        bank.propose(lines)

    assert len(for_three) == len(for_one)


# -- confirming ------------------------------------------------------------------------------------
def confirm(one, membership):
    return bank.confirm(line=one, debt=membership, by=None, on=date(2023, 3, 1), at=AT)


def test_a_confirmed_line_pays_the_membership_on_its_day(membership):
    one = line("VIR TILLEULS")

    payment = confirm(one, membership)

    membership.refresh_from_db()
    one.refresh_from_db()
    assert membership.status == MembershipStatus.PAID
    assert membership.paid_on == date(2023, 2, 15)
    assert (one.payment, payment.reference) == (payment, "VIR TILLEULS")
    with pytest.raises(PaymentRefused, match="déjà rapprochée"):
        confirm(one, membership)
    assert Payment.objects.count() == 1


def test_an_expense_pays_nothing(membership):
    with pytest.raises(PaymentRefused, match="une dépense"):
        confirm(line("LOYER", -100), membership)


def test_all_the_certain_ones_at_once_and_only_them(membership):
    sure, again, maybe = line("AC-2023-0001"), line("AC-2023-0001 2"), line("TILLEULS")

    assert bank.confirm_certain(by=None, on=date(2023, 3, 1), at=AT) == 1

    assert list(BankLine.objects.pending().order_by("pk")) == [again, maybe]
    sure.refresh_from_db()
    assert sure.payment.membership == membership


def test_what_is_no_fee_is_set_aside_and_back():
    one = line("SUBVENTION ARS")

    assert bank.set_aside(lines=[one]) == 1
    assert not BankLine.objects.pending().exists()
    assert bank.set_aside(lines=[one], aside=False) == 1
    assert BankLine.objects.pending().exists()


# -- cheques ---------------------------------------------------------------------------------------
def pay(membership, method="cheque", cents=10_000):
    return payments.record(
        debt=membership,
        method=method,
        amount_cents=cents,
        received_on=today(),
        by=None,
        on=today(),
        at=AT,
    )


def test_cheques_go_to_the_bank_once(membership):
    two = [pay(membership), pay(membership)]

    slip = cheques.deposit(cheques=two, by=None, on=today())

    assert list(slip.cheques.order_by("pk")) == two
    with pytest.raises(PaymentRefused, match="déjà sur un bordereau"):
        cheques.deposit(cheques=[pay(membership), two[0]], by=None, on=today())
    with pytest.raises(PaymentRefused, match="Seuls des chèques"):
        cheques.deposit(cheques=[pay(membership, "transfer")], by=None, on=today())
    with pytest.raises(PaymentRefused, match="au moins un"):
        cheques.deposit(cheques=[], by=None, on=today())
