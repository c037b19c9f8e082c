"""A provider pays several cards in one transfer: matched, and its account in the journal ends at zero."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from members.builders import journal
from members.enums import MembershipStatus, PaymentMethod, Provider
from members.models import BankLine, Payment, Payout
from members.services import bank, payments, payouts, pieces
from members.services.payments import Origin, PaymentRefused
from tests import roles
from tests.members.factories import MembershipFactory

pytestmark = pytest.mark.django_db

AT = datetime(2023, 2, 1, 9, tzinfo=UTC)
DAY = date(2023, 2, 15)


def by_card(cents=30_000, on=date(2023, 2, 10), provider=Provider.STRIPE, **more):
    membership = MembershipFactory(
        year=2023, status=MembershipStatus.EXPECTED, paid_on=None, amount_cents=0
    )
    pieces.issue_call(debt=membership, lines=[("C", cents)], by=None, at=AT, on=date(2023, 1, 5))
    return record(membership, cents, on, provider, f"pay_{membership.pk}")


def record(membership, cents, on, provider, name):
    return payments.record(
        debt=membership,
        method=PaymentMethod.CARD,
        amount_cents=cents,
        received_on=on,
        by=None,
        on=on,
        at=AT,
        origin=Origin(provider=provider, provider_payment=name),
    )


def line(cents, label="VIR SEPA STRIPE PAYMENTS", day=DAY):
    return BankLine.objects.create(booked_on=day, label=label, amount_cents=cents, imported_at=AT)


def left_at_the_provider():
    entries = journal.entries(date(2000, 1, 1), date(2100, 1, 1))
    assert sum(entry.debit_cents for entry in entries) == sum(e.credit_cents for e in entries)
    return sum(e.debit_cents - e.credit_cents for e in entries if e.account == "517000")


def test_the_account_of_the_provider_ends_at_zero_and_its_costs_are_told():
    paid = [by_card(30_000), by_card(20_000)]
    assert left_at_the_provider() == 50_000

    payout = payouts.record(line=line(49_250), chosen=paid, by=None)

    assert left_at_the_provider() == 0
    told = [
        (entry.piece, entry.account, entry.debit_cents, entry.credit_cents)
        for entry in journal.entries(DAY, DAY)
    ]
    assert told == [
        (f"VE-{payout.pk}", "512000", 49_250, 0),
        (f"VE-{payout.pk}", "517000", 0, 49_250),
        (f"VE-{payout.pk}", "627000", 750, 0),
        (f"VE-{payout.pk}", "517000", 0, 750),
    ]
    assert not BankLine.objects.pending().exists()


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("VIR SEPA STRIPE PAYMENTS", Provider.STRIPE),
        ("VIR INST HELLO ASSO 4411", Provider.HELLOASSO),
        ("VIREMENT HELLOASSO", Provider.HELLOASSO),
        ("VIR MSP DES TILLEULS", None),
    ],
)
def test_the_provider_is_read_in_the_bank_s_words(label, found):
    assert payouts.provider_of(BankLine(label=label)) == found


@pytest.mark.parametrize(
    ("cents", "chosen"),
    [
        (60_000, [0, 1, 2]),
        (30_000, [0, 1]),  # exactly, from the oldest
        (50_000, [1, 2]),  # exactly, those before came in another transfer
        (59_100, [0, 1, 2]),  # less what was kept
        (29_600, [0, 1]),
        (100, []),
        (70_000, []),
    ],
)
def test_what_makes_up_a_transfer_is_proposed(cents, chosen):
    paid = [
        by_card(cents=c, on=date(2023, 2, n)) for n, c in ((1, 10_000), (2, 20_000), (3, 30_000))
    ]
    by_card(on=date(2023, 2, 20))  # after the transfer
    by_card(on=date(2023, 2, 1), provider=Provider.HELLOASSO)

    proposal = payouts.propose(line(cents), Provider.STRIPE)

    assert [payment.pk for payment in proposal.waiting] == [payment.pk for payment in paid]
    assert proposal.chosen == {paid[rank].pk for rank in chosen}


def test_money_given_back_by_card_is_taken_off_the_transfer():
    paid = by_card(30_000)
    back = record(paid.membership, -10_000, date(2023, 2, 12), Provider.STRIPE, "pay:rendu")

    proposal = payouts.propose(line(20_000), Provider.STRIPE)
    assert proposal.chosen == {paid.pk, back.pk}
    payouts.record(line=BankLine.objects.get(), chosen=[paid, back], by=None)

    assert left_at_the_provider() == 0


@pytest.mark.parametrize(
    ("cents", "said"), [(30_001, "ne verse jamais plus"), (26_999, "plus de 10 %")]
)
def test_other_payments_than_these_are_in_the_transfer(cents, said):
    with pytest.raises(PaymentRefused, match=said):
        payouts.record(line=line(cents), chosen=[by_card(30_000)], by=None)
    assert not Payout.objects.exists()


def test_what_is_no_transfer_of_a_provider_is_refused():
    paid, other = by_card(30_000), by_card(30_000, provider=Provider.HELLOASSO)
    cheque = payments.record(
        debt=paid.membership,
        method=PaymentMethod.CHEQUE,
        amount_cents=100,
        received_on=DAY,
        by=None,
        on=DAY,
        at=AT,
    )
    for chosen, said in (
        ([], "Choisissez"),
        ([paid, other], "deux prestataires"),
        ([cheque], "par carte"),
    ):
        with pytest.raises(PaymentRefused, match=said):
            payouts.record(line=line(30_000, label=f"VIR STRIPE {said}"), chosen=chosen, by=None)

    done = line(30_000)
    payouts.record(line=done, chosen=[paid], by=None)
    with pytest.raises(PaymentRefused, match="déjà rapprochée"):
        payouts.record(line=done, chosen=[by_card()], by=None)
    with pytest.raises(PaymentRefused, match="déjà dans un versement"):
        payouts.record(line=line(30_000, day=date(2023, 2, 16)), chosen=[paid], by=None)
    with pytest.raises(PaymentRefused, match="déjà rapprochée"):
        bank.confirm(line=done, debt=paid.membership, by=None, on=DAY, at=AT)


def test_undone_everything_waits_again():
    paid = by_card(30_000)
    payout = payouts.record(line=line(30_000), chosen=[paid], by=None)

    payouts.undo(payout=payout, by=None)

    assert BankLine.objects.pending().count() == 1
    assert left_at_the_provider() == 30_000
    assert Payment.objects.at_provider(Provider.STRIPE).get() == paid


@given(cents=st.lists(st.integers(100, 90_000), min_size=1, max_size=8), cost=st.integers(0, 9))
@hypothesis_settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_was_paid_nothing_is_left_after_its_payout(cents, cost):
    with transaction.atomic():
        paid = [by_card(amount) for amount in cents]
        total = sum(cents)
        payouts.record(line=line(total - total * cost // 100), chosen=paid, by=None)

        assert left_at_the_provider() == 0
        transaction.set_rollback(True)


# -- in the admin ----------------------------------------------------------------------------------
def test_the_treasurer_ticks_the_payments_of_a_transfer(client):
    client.force_login(roles.staff())
    paid = [by_card(30_000), by_card(20_000)]
    came = line(49_250)
    page = reverse("admin:members_bankline_match_payout", args=[came.pk])
    assert page in client.get(reverse("admin:members_bankline_reconcile")).text
    assert client.get(page).text.count(" checked>") == 2

    wrong = client.post(page, {"payments": [paid[0].pk]})
    assert "ne verse jamais plus" in wrong.text
    answer = client.post(page, {"payments": [row.pk for row in paid]}, follow=True)

    assert "2 paiements, frais 7,50" in answer.text.replace("\xa0", " ")
    payout = Payout.objects.get()
    assert client.get(reverse("admin:members_payout_change", args=[payout.pk])).status_code == 200
    client.post(reverse("admin:members_payout_undo", args=[payout.pk]))
    assert not Payout.objects.exists()
