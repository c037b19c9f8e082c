"""Calls, invoices, receipts and credit notes: their numbers, and what they may not do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from apmsl.lib.dates import today
from members.enums import MembershipStatus, PaymentMethod
from members.models import Campaign, Payment, Piece
from members.services import pieces
from tests.members.factories import (
    MembershipFactory,
    PersonFactory,
    ScanFormFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2023, 2, 1, 9, tzinfo=UTC)
LINES = [("Part fixe", 10_000), ("12 professionnels", 24_000)]


def expected(**values):
    return MembershipFactory(
        status=MembershipStatus.EXPECTED, paid_on=None, amount_cents=0, **values
    )


def call(membership, lines=LINES, on=date(2023, 2, 1)):
    return pieces.issue_call(debt=membership, lines=lines, by=None, at=AT, on=on)


def test_a_call_settles_the_amount_and_says_to_whom():
    team = TeamFactory(name="MSP des Tilleuls", postcode="44150", city="Ancenis")
    membership = expected(team=team, year=2023)

    piece = call(membership)

    membership.refresh_from_db()
    assert piece.reference == "AC-2023-0001"
    assert (piece.recipient, piece.address) == ("MSP des Tilleuls", "44150 Ancenis")
    assert piece.lines == [["Part fixe", 10_000], ["12 professionnels", 24_000]]
    assert piece.amount_cents == membership.amount_cents == 34_000
    assert membership.status == MembershipStatus.CALLED
    assert membership.called_on == date(2023, 2, 1)
    assert membership.due_on == date(2023, 3, 3)


@pytest.mark.parametrize(
    ("campaign_day", "due_on"),
    [(date(2023, 6, 30), date(2023, 6, 30)), (date(2023, 2, 10), date(2023, 3, 3))],
)
def test_the_date_is_the_campaign_s_with_thirty_days_at_least(campaign_day, due_on):
    Campaign.objects.create(
        form=ScanFormFactory(year=2023),
        opens_on=date(2023, 1, 1),
        closes_on=date(2023, 12, 31),
        due_on=campaign_day,
    )
    membership = expected(year=2023)

    call(membership)

    membership.refresh_from_db()
    assert membership.due_on == due_on


def test_a_person_s_call_bears_their_name_and_no_address():
    person = PersonFactory(first_name="Anne", last_name="Durand")

    piece = call(expected(team=None, person=person))

    assert (piece.recipient, piece.address) == (str(person), "")


def test_asked_again_with_the_same_lines_the_call_is_the_same():
    membership = expected()

    assert call(membership) == call(membership)
    assert Piece.objects.count() == 1


def test_a_corrected_fee_cancels_the_former_call():
    membership = expected()
    former = call(membership)

    piece = call(membership, [("Part fixe", 10_000)])

    membership.refresh_from_db()
    note = former.cancelled_by
    assert (note.kind, note.amount_cents, note.reference) == (
        "credit_note",
        -34_000,
        "AV-2023-0001",
    )
    assert note.lines[0] == ["Annulation de AC-2023-0001 : Part fixe", -10_000]
    assert list(membership.pieces.standing()) == [piece]
    assert membership.amount_cents == 10_000


@pytest.mark.parametrize("status", ["paid", "cancelled"])
def test_a_membership_that_is_over_is_not_called(status):
    membership = MembershipFactory(status=status)

    with pytest.raises(pieces.PieceRefused, match="ne peut plus être appelée"):
        call(membership)


def test_the_amount_no_longer_changes_once_money_came():
    membership = expected()
    call(membership)
    pay(membership, 100)

    with pytest.raises(pieces.PieceRefused, match="son montant ne change plus"):
        call(membership, [("Part fixe", 1)])


def pay(membership, cents):
    return Payment.objects.create(
        membership=membership,
        method=PaymentMethod.TRANSFER,
        amount_cents=cents,
        received_on=date(2023, 2, 20),
    )


def test_nothing_to_pay_is_paid_at_once():
    membership = expected()

    call(membership, [("Équipe en projet", 0)])

    membership.refresh_from_db()
    assert membership.status == MembershipStatus.PAID
    assert membership.paid_on == date(2023, 2, 1)


def test_numbers_go_on_within_a_year_and_a_kind_and_start_again_with_the_next():
    days = [date(2023, 12, 30), date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 2)]

    issued = [call(expected(), on=day).reference for day in days]

    assert issued == ["AC-2023-0001", "AC-2023-0002", "AC-2024-0001", "AC-2024-0002"]


def test_a_piece_is_never_dated_before_the_one_of_the_former_number():
    call(expected(), on=date(2023, 2, 2))

    assert call(expected(), on=date(2023, 2, 1)).issued_on == date(2023, 2, 2)


def test_a_number_that_was_not_used_is_given_to_the_next():
    with transaction.atomic():
        assert call(expected()).number == 1
        transaction.set_rollback(True)

    assert call(expected()).number == 1


def test_an_invoice_repeats_the_call_once():
    membership = expected()
    call(membership)

    invoice = pieces.issue_invoice(debt=membership, by=None, on=today())

    assert invoice == pieces.issue_invoice(debt=membership, by=None, on=today())
    assert invoice.reference == f"FA-{today().year}-0001"
    assert invoice.amount_cents == 34_000


def test_no_invoice_without_a_call():
    with pytest.raises(pieces.PieceRefused, match="émettez-le d’abord"):
        pieces.issue_invoice(debt=expected(), by=None, on=today())


def test_cancelling_a_call_gives_the_file_back():
    membership = expected()
    piece = call(membership)
    invoice = pieces.issue_invoice(debt=membership, by=None, on=today())

    note = pieces.issue_credit_note(piece=piece, by=None, on=date(2023, 2, 3))

    membership.refresh_from_db()
    assert note.cancels == piece
    assert membership.status == MembershipStatus.EXPECTED
    assert (membership.amount_cents, membership.called_on, membership.due_on) == (0, None, None)
    assert not membership.pieces.standing().exists()
    assert invoice.cancelled_by.amount_cents == -34_000


def test_what_cannot_be_cancelled_says_why():
    membership = expected()
    piece = call(membership)
    receipt = pieces.issue_receipt(payment=pay(membership, 100), by=None, on=today())

    with pytest.raises(pieces.PieceRefused, match="son remboursement"):
        pieces.issue_credit_note(piece=piece, by=None, on=today())
    with pytest.raises(pieces.PieceRefused, match="Un reçu s’annule"):
        pieces.issue_credit_note(piece=receipt, by=None, on=today())

    pay(membership, -100)
    note = pieces.issue_credit_note(piece=piece, by=None, on=today())
    with pytest.raises(pieces.PieceRefused, match="ne s’annule pas"):
        pieces.issue_credit_note(piece=note, by=None, on=today())
    with pytest.raises(pieces.PieceRefused, match="déjà annulée"):
        pieces.issue_credit_note(piece=piece, by=None, on=today())


def test_a_receipt_lists_what_came():
    membership = expected()
    call(membership)
    pay(membership, 30_000)
    last = pay(membership, 4_000)

    receipt = pieces.issue_receipt(payment=last, by=None, on=date(2023, 2, 20))

    assert receipt.reference == "RE-2023-0001"
    assert receipt.amount_cents == 34_000
    assert [cents for _, cents in receipt.lines] == [30_000, 4_000]
    assert receipt.lines[0][0].replace("\xa0", " ") == "Virement du 20 février 2023"
    assert pieces.issue_receipt(payment=last, by=None, on=date(2023, 2, 21)) == receipt


@pytest.mark.parametrize(
    "change",
    [
        lambda piece: piece.delete(),
        lambda piece: Piece.objects.all().delete(),
        lambda piece: Piece.objects.update(amount_cents=1),
        lambda piece: piece.save(),
        lambda piece: run("DELETE FROM members_piece"),
        lambda piece: run("UPDATE members_piece SET number = number + 1"),
        lambda piece: piece.membership.delete(),
    ],
)
def test_nothing_deletes_or_changes_a_piece(change):
    piece = call(expected())

    with pytest.raises(DatabaseError), transaction.atomic():
        change(piece)

    assert list(Piece.objects.values_list("number", "amount_cents")) == [(1, 34_000)]


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_promised_date_puts_lateness_off():
    membership = expected()
    call(membership)
    membership.refresh_from_db()

    assert not membership.is_late_on(membership.due_on)
    assert membership.is_late_on(membership.due_on + timedelta(days=1))
