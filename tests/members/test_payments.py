"""What follows from money that comes or goes back."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members.enums import MembershipStatus, PaymentMethod, PieceKind
from members.models import Payment, Piece
from members.services import payments, pieces
from members.services.payments import PaymentRefused
from tests.members.factories import (
    MembershipFactory,
    PersonEmailFactory,
    PersonFactory,
    PositionFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2023, 2, 1, 9, tzinfo=UTC)
CALL_DAY, PAY_DAY, LATER = date(2023, 2, 1), date(2023, 2, 20), date(2023, 3, 1)


@pytest.fixture
def membership():
    membership = MembershipFactory(
        year=2023, status=MembershipStatus.EXPECTED, paid_on=None, amount_cents=0
    )
    pieces.issue_call(debt=membership, lines=[("Cotisation", 30_000)], by=None, at=AT, on=CALL_DAY)
    membership.refresh_from_db()
    return membership


def pay(membership, cents, day=PAY_DAY, method=PaymentMethod.TRANSFER):
    payment = payments.record(
        debt=membership,
        method=method,
        amount_cents=cents,
        received_on=day,
        by=None,
        on=LATER,
        at=AT,
    )
    membership.refresh_from_db()
    return payment


def state(membership):
    standing = membership.pieces.standing().exclude(kind=PieceKind.CALL).order_by("pk")
    return membership.status, [(piece.kind, piece.amount_cents) for piece in standing]


def test_the_whole_fee_makes_it_paid_and_the_receipt_leaves(membership):
    person = PositionFactory(team=membership.team, started_on=date(2022, 1, 1)).person
    PersonEmailFactory(person=person, address="coord@exemple.test")
    PositionFactory(team=membership.team, leader=True)  # without any address

    pay(membership, 30_000)

    receipt = Piece.objects.get(kind=PieceKind.RECEIPT)
    assert state(membership) == ("paid", [("receipt", 30_000)])
    assert membership.paid_on == PAY_DAY
    (message,) = Message.objects.all()
    assert (message.purpose, message.recipient) == ("members.receipt", "coord@exemple.test")
    assert f"http://127.0.0.1:8000/pieces/{receipt.pk}/" in message.text
    assert "300\xa0€" in message.text


def test_an_isolated_professional_is_written_to():
    person = PersonFactory()
    PersonEmailFactory(person=person, address="seule@exemple.test")
    membership = MembershipFactory(team=None, person=person, called=True)

    pay(membership, 30_000)

    assert [message.recipient for message in Message.objects.all()] == ["seule@exemple.test"]


def test_a_part_leaves_it_called_until_the_rest_comes(membership):
    pay(membership, 10_000, date(2023, 2, 25))
    assert state(membership) == ("called", [])
    assert membership.rest_cents() == 20_000

    pay(membership, 20_000, date(2023, 2, 10))

    assert state(membership) == ("paid", [("receipt", 30_000)])
    assert membership.paid_on == date(2023, 2, 25)  # the day of the last money


def test_what_came_too_much_is_seen_and_goes_back_with_a_new_receipt(membership):
    pay(membership, 35_000)
    assert state(membership) == ("paid", [("receipt", 35_000)])
    assert membership.rest_cents() == -5_000

    pay(membership, -5_000, LATER)

    assert state(membership) == ("paid", [("receipt", 30_000)])
    assert Piece.objects.get(kind=PieceKind.CREDIT_NOTE).amount_cents == -35_000


def test_money_twice_gives_one_receipt(membership):
    pay(membership, 30_000)
    pay(membership, 30_000)

    assert state(membership) == ("paid", [("receipt", 30_000)])
    assert membership.rest_cents() == -30_000


def test_the_fee_given_back_is_to_be_paid_again(membership):
    pieces.issue_invoice(debt=membership, by=None, on=today())
    pay(membership, 30_000)

    pay(membership, -30_000, LATER)

    assert state(membership) == ("called", [])
    assert membership.paid_on is None
    notes = Piece.objects.filter(kind=PieceKind.CREDIT_NOTE)
    assert sorted(note.cancels.kind for note in notes) == ["invoice", "receipt"]


@pytest.mark.parametrize(
    ("cents", "day", "said"),
    [
        (0, PAY_DAY, "Indiquez un montant"),
        (100, date(2023, 3, 2), "dans l’avenir"),
        (-100, PAY_DAY, "dépasse ce qui a été reçu"),
    ],
)
def test_what_cannot_be_says_why(membership, cents, day, said):
    with pytest.raises(PaymentRefused, match=said):
        pay(membership, cents, day)

    assert not Payment.objects.exists()


@pytest.mark.parametrize("status", ["cancelled", "expected"])
def test_money_for_what_is_not_called_is_kept_and_changes_nothing(status):
    membership = MembershipFactory(status=status, paid_on=None)

    pay(membership, 30_000)

    assert state(membership) == (status, [])


def test_money_that_came_before_the_call_settles_it():
    membership = MembershipFactory(status=MembershipStatus.EXPECTED, paid_on=None, amount_cents=0)
    pay(membership, 30_000)

    pieces.issue_call(debt=membership, lines=[("Cotisation", 30_000)], by=None, at=AT, on=today())

    membership.refresh_from_db()
    assert state(membership) == ("paid", [("receipt", 30_000)])
    assert membership.paid_on == PAY_DAY


@given(amounts=st.lists(st.integers(-40_000, 40_000), max_size=8))
@hypothesis_settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_comes_and_goes_the_state_follows_the_money(amounts):
    """Paid if and only if the fee has come, and then exactly one receipt stands."""
    membership = MembershipFactory(called=True)

    for cents in amounts:
        try:
            pay(membership, cents)
        except PaymentRefused:
            continue
        total = membership.payments.total_cents()
        assert total >= 0
        receipts = membership.pieces.standing().filter(kind=PieceKind.RECEIPT)
        paid = total >= membership.amount_cents
        assert (membership.status == MembershipStatus.PAID) == paid
        assert receipts.count() == (1 if paid else 0)
