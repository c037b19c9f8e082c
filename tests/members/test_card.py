"""Cards: whatever the provider and the browser say, in any order, the same ledger."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from apmsl.lib.dates import today
from members.enums import CheckoutState, MembershipStatus, PieceKind
from members.models import Checkout, Membership, Notice, Payment, Piece
from members.services import card, pieces, providers
from members.services.card import CardRefused
from members.services.providers import ForgedNotice, ProviderDown
from tests import roles
from tests.members.factories import MembershipFactory
from tests.members.fake_providers import SECRET, FakeHelloAsso, FakeStripe, served, signed

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
FAKES = {"helloasso": FakeHelloAsso, "stripe": FakeStripe}


@pytest.fixture(params=["helloasso", "stripe"])
def fake(request, settings):
    with served(FAKES[request.param]()) as fake:
        fake.name = settings.PAYMENT_PROVIDER = request.param
        settings.HELLOASSO_URL = settings.STRIPE_URL = fake.url
        settings.HELLOASSO_ORGANISATION = "federation"
        settings.HELLOASSO_CLIENT_ID, settings.HELLOASSO_CLIENT_SECRET = "id", "secret"
        settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_x", SECRET
        yield fake


@pytest.fixture
def membership():
    return called()


def called():
    membership = MembershipFactory(status=MembershipStatus.EXPECTED, paid_on=None, amount_cents=0)
    pieces.issue_call(debt=membership, lines=[("Cotisation", 30_000)], by=None, at=AT)
    membership.refresh_from_db()
    return membership


def pay(membership, at=AT):
    return card.pay(debt=membership, by=None, on=today(), at=at)


def settle(checkout, at=AT):
    return card.settle(checkout=checkout, on=today(), at=at)


def tell(fake, checkout, event="1"):
    body, headers = fake.notice(checkout.provider_checkout, event)
    return card.receive_notice(provider=checkout.provider, body=body, headers=headers, at=AT)


def ledger(membership):
    membership.refresh_from_db()
    amounts = [row.amount_cents for row in membership.payments.order_by("pk")]
    receipts = membership.pieces.standing().filter(kind=PieceKind.RECEIPT)
    return membership.status, amounts, receipts.count()


PAID = ("paid", [30_000], 1)
NOT_PAID = ("called", [], 0)


def test_paying_then_coming_back(fake, membership):
    checkout = pay(membership)
    assert checkout.pay_url.startswith("https://")
    assert settle(checkout).state == CheckoutState.OPENED
    assert ledger(membership) == NOT_PAID

    fake.pay(checkout.provider_checkout)

    assert settle(checkout).state == CheckoutState.PAID
    assert ledger(membership) == PAID
    payment = Payment.objects.get()
    assert (payment.method, payment.provider) == ("card", fake.name)


def test_a_double_click_is_one_attempt(fake, membership):
    assert pay(membership) == pay(membership, AT + timedelta(minutes=5))
    assert len(fake.checkouts) == 1


def test_an_old_page_makes_room_for_another(fake, membership):
    first = pay(membership)

    second = pay(membership, AT + timedelta(minutes=40))

    first.refresh_from_db()
    assert first.state == CheckoutState.EXPIRED
    assert second.pk != first.pk


def test_an_old_page_that_was_paid_is_not_paid_again(fake, membership):
    fake.pay(pay(membership).provider_checkout)

    with pytest.raises(CardRefused, match="rien à payer"):
        pay(membership, AT + timedelta(minutes=40))

    assert ledger(membership) == PAID


def test_two_attempts_both_paid_are_both_kept(fake, membership):
    first = pay(membership)
    second = pay(membership, AT + timedelta(minutes=40))
    fake.pay(second.provider_checkout)
    settle(second)

    fake.pay(first.provider_checkout)
    settle(first)

    assert ledger(membership) == ("paid", [30_000, 30_000], 1)
    assert membership.rest_cents() == -30_000


def test_only_what_is_left_is_asked(fake, membership):
    Payment.objects.create(
        membership=membership, method="cheque", amount_cents=10_000, received_on=today()
    )

    assert pay(membership).amount_cents == 20_000


def test_notices_twice_and_late_change_nothing_more(fake, membership):
    checkout = pay(membership)
    fake.pay(checkout.provider_checkout)

    for event in ("1", "1", "2"):
        tell(fake, checkout, event)
    assert ledger(membership) == NOT_PAID  # a notice by itself proves nothing
    assert card.settle_notices(on=today(), at=AT) == 2
    assert card.settle_notices(on=today(), at=AT) == 0
    tell(fake, checkout, "3")
    card.settle_notices(on=today(), at=AT + timedelta(days=30))
    settle(checkout)

    assert ledger(membership) == PAID
    assert Notice.objects.count() == 3


def test_a_notice_for_what_is_not_paid_pays_nothing(fake, membership):
    checkout = pay(membership)

    tell(fake, checkout)
    card.settle_notices(on=today(), at=AT)

    assert ledger(membership) == NOT_PAID


def test_a_notice_about_something_else_is_not_kept(fake, membership):
    checkout = pay(membership)
    fake.checkouts[checkout.provider_checkout]["metadata"] = {"key": "autre vente"}
    assert tell(fake, checkout) is None
    fake.checkouts[checkout.provider_checkout]["metadata"] = {}
    assert tell(fake, checkout) is None

    assert not Notice.objects.exists()


def test_a_number_that_answers_about_something_else_pays_nothing(fake, membership):
    mine, other = pay(membership), pay(called())
    fake.pay(other.provider_checkout)
    Checkout.objects.filter(pk=mine.pk).update(provider_checkout="x" + other.provider_checkout)
    fake.checkouts["x" + other.provider_checkout] = fake.checkouts[other.provider_checkout]

    settle(mine)

    assert ledger(membership) == NOT_PAID


@pytest.mark.parametrize(
    ("cents", "expected"),
    [(10_000, ("called", [10_000], 0)), (40_000, ("paid", [40_000], 1))],
)
def test_what_came_is_what_counts_whatever_was_asked(fake, membership, cents, expected):
    checkout = pay(membership)
    fake.pay(checkout.provider_checkout, cents)

    settle(checkout)

    assert ledger(membership) == expected


def test_money_in_another_currency_is_not_taken_for_euros(fake, membership):
    if fake.name != "stripe":
        pytest.skip("HelloAsso knows euros only")
    checkout = pay(membership)
    fake.pay(checkout.provider_checkout)
    fake.checkouts[checkout.provider_checkout]["currency"] = "usd"

    settle(checkout)

    assert ledger(membership) == NOT_PAID


def test_refunds_on_the_provider_s_site_are_seen_once_each(fake, membership):
    checkout = pay(membership)
    fake.pay(checkout.provider_checkout)
    settle(checkout)

    fake.refund(checkout.provider_checkout, 10_000)
    card.compare(on=today(), at=AT + timedelta(days=1))
    card.compare(on=today(), at=AT + timedelta(days=2))
    assert ledger(membership) == ("called", [30_000, -10_000], 0)
    fake.refund(checkout.provider_checkout, 20_000)
    card.compare(on=today(), at=AT + timedelta(days=3))

    assert ledger(membership) == ("called", [30_000, -10_000, -20_000], 0)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.REFUNDED


def test_a_refused_card_leaves_the_fee_to_pay(fake, membership):
    checkout = pay(membership)
    fake.refuse(checkout.provider_checkout)

    assert settle(checkout).state in {CheckoutState.FAILED, CheckoutState.EXPIRED}
    assert ledger(membership) == NOT_PAID
    assert pay(membership).pk != checkout.pk


def test_a_page_that_nobody_ends_is_given_up_and_still_counts_when_paid(fake, membership):
    checkout = pay(membership)

    assert card.settle_opened(on=today(), at=AT + timedelta(hours=3)) == 1
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.EXPIRED
    fake.pay(checkout.provider_checkout)
    settle(checkout, AT + timedelta(hours=4))

    assert ledger(membership) == PAID


STEPS = st.lists(
    st.sampled_from(["pay", "refund", "notice", "return", "clock", "click", "again"]), max_size=12
)


@given(steps=STEPS)
@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_order_and_repetition_ends_in_the_same_ledger(fake, steps):
    """What the provider holds at the end is what the ledger says, each once."""
    with transaction.atomic():
        membership = called()
        checkout = pay(membership)
        number = checkout.provider_checkout
        paid = refunded = False
        for rank, step in enumerate(steps):
            if step == "pay" and not paid:
                paid = True
                fake.pay(number)
            elif step == "refund" and paid and not refunded:
                refunded = True
                fake.refund(number, 30_000)
            elif step == "notice":
                tell(fake, checkout, str(rank))
            elif step == "again":
                tell(fake, checkout, "0")
            elif step == "return":
                settle(checkout)
            elif step == "clock":
                card.settle_notices(on=today(), at=AT)
        card.compare(on=today(), at=AT)

        amounts = [30_000] * paid + [-30_000] * refunded
        status = "paid" if paid and not refunded else "called"
        assert ledger(membership) == (status, amounts, int(status == "paid"))
        transaction.set_rollback(True)


# -- faults ----------------------------------------------------------------------------------------
def test_a_provider_that_is_down_says_so_and_leaves_nothing_half_written(fake, membership):
    fake.broken = True

    with pytest.raises(ProviderDown, match="ne répond pas"):
        pay(membership)

    assert not Checkout.objects.exists()
    fake.broken = False
    checkout = pay(membership)
    fake.pay(checkout.provider_checkout)
    tell(fake, checkout)
    fake.broken = True
    assert card.settle_notices(on=today(), at=AT) == 0  # kept for later
    assert card.settle_opened(on=today(), at=AT) == 0
    fake.broken = False
    assert card.settle_notices(on=today(), at=AT) == 1
    assert ledger(membership) == PAID


def test_a_provider_that_is_slow_is_left_waiting(fake, membership, monkeypatch):
    for module in ("helloasso", "stripe_checkout"):
        monkeypatch.setattr(f"members.services.{module}.PATIENCE", 0.3)
    fake.slow = 1.5
    start = time.monotonic()

    with pytest.raises(ProviderDown):
        pay(membership)

    assert time.monotonic() - start < 1.4


def test_a_token_that_ended_early_is_asked_for_again(fake, membership):
    if fake.name != "helloasso":
        pytest.skip("Stripe's key is for good")
    pay(membership)
    pay(called())
    assert fake.tokens == 1
    fake.tokens = 5

    pay(called())

    assert fake.tokens == 6


def test_off_by_default(membership, settings):
    assert settings.PAYMENT_PROVIDER == ""
    with pytest.raises(CardRefused, match="n’est pas ouvert"):
        pay(membership)
    assert not card.is_on()


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{", b'"x"', b'{"data": 3}', b'{"data": null, "eventType": 1}']
)
def test_what_is_no_notice_is_refused(fake, body):
    with pytest.raises(ForgedNotice):
        card.receive_notice(provider=fake.name, body=body, headers=dict(signed(body)[1]), at=AT)


def test_forged_or_old_signatures_are_refused(fake, membership):
    if fake.name != "stripe":
        pytest.skip("an association's HelloAsso notices are not signed")
    body, right = fake.notice(pay(membership).provider_checkout)
    wrong = [
        {},
        {"Stripe-Signature": "t=1,v1=00"},
        signed(body, secret="whsec_another")[1],
        signed(body, at=time.time() - 3600)[1],
        signed(body + b" ")[1],
    ]
    for headers in wrong:
        with pytest.raises(ForgedNotice):
            card.receive_notice(provider="stripe", body=body, headers=headers, at=AT)
    assert card.receive_notice(provider="stripe", body=body, headers=right, at=AT)


# -- pages -----------------------------------------------------------------------------------------
def test_the_page_leads_to_the_provider_and_the_return_asks_it(client, fake, membership):
    client.force_login(roles.coordinator(membership.team))

    response = client.post(f"/paiement/{membership.pk}/carte/")

    checkout = Checkout.objects.get()
    assert response.url == checkout.pay_url
    forged = client.get(f"/paiement/retour/{checkout.key}/?status=succeeded&code=succeeded")
    assert "Nous n’avons pas encore votre paiement" in forged.text
    assert ledger(membership) == NOT_PAID
    fake.pay(checkout.provider_checkout)
    assert "votre paiement est reçu" in client.get(f"/paiement/retour/{checkout.key}/").text
    assert ledger(membership) == PAID
    fake.broken = True
    assert "en cours de vérification" in client.get(f"/paiement/retour/{checkout.key}/").text


def test_another_team_s_payment_is_nobody_s_business(client, fake, membership):
    checkout = pay(membership)
    client.force_login(roles.coordinator())

    assert client.post(f"/paiement/{membership.pk}/carte/").status_code == 404
    assert client.get(f"/paiement/retour/{checkout.key}/").status_code == 404


def test_the_provider_down_brings_back_to_the_page_with_its_message(client, fake, membership):
    client.force_login(roles.coordinator(membership.team))
    fake.broken = True

    response = client.post(f"/paiement/{membership.pk}/carte/")

    assert response.url == f"/equipes/{membership.team_id}/adhesion/{membership.year}/paiement/"
    assert not Checkout.objects.exists()


def test_a_notice_is_answered_at_once_and_kept(client, fake, membership):
    checkout = pay(membership)
    fake.pay(checkout.provider_checkout)
    body, headers = fake.notice(checkout.provider_checkout)
    asked = len(fake.asked)

    def send(sent=body, to=fake.name):
        url = f"/paiement/avis/{to}/"
        return client.post(url, sent, content_type="application/json", headers=headers)

    assert [send().status_code, send().status_code] == [204, 204]
    assert len(fake.asked) == asked
    assert Notice.objects.count() == 1
    assert send(b"{}").status_code == 400
    assert send(b"x" * 300_000).status_code == 400
    assert send(to="paypal").status_code == 404
    assert send(to="stripe" if fake.name == "helloasso" else "helloasso").status_code == 404


def test_without_a_provider_there_is_no_such_address(client):
    assert client.post("/paiement/avis/stripe/", b"{}", "application/json").status_code == 404


# -- at once ---------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_ten_notices_and_returns_in_parallel_pay_once(crowd, fake):
    membership = called()
    checkout = pay(membership)
    fake.pay(checkout.provider_checkout)

    crowd([partial(settle, checkout)] * 10)

    assert ledger(membership) == PAID


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_attempt(crowd, fake):
    membership = called()

    keys = crowd([lambda: pay(Membership.objects.get(pk=membership.pk)).pk] * 4)

    assert set(keys) == {Checkout.objects.get().pk}
    assert len(fake.checkouts) == 1


@pytest.mark.django_db(transaction=True)
def test_two_payments_at_once_give_one_receipt(crowd, fake):
    membership = called()
    first = pay(membership)
    second = pay(membership, AT + timedelta(minutes=40))
    for checkout in (first, second):
        fake.pay(checkout.provider_checkout)

    crowd([partial(settle, first), partial(settle, second)])

    assert ledger(membership)[0] == "paid"
    assert Piece.objects.filter(kind=PieceKind.RECEIPT).count() == 1


def test_every_provider_has_its_client():
    assert set(card.CLIENTS) == set(providers.Provider)


def test_a_notice_keeps_no_detail_of_its_payer(fake, membership):
    checkout = pay(membership)
    body, _ = fake.notice(checkout.provider_checkout)
    told = json.loads(body) | {"payer": {"email": "qui@exemple.test"}}
    sent, headers = signed(json.dumps(told).encode())

    card.receive_notice(provider=fake.name, body=sent, headers=headers, at=AT)

    assert "qui@exemple.test" not in str(list(Notice.objects.values()))


@pytest.mark.parametrize(
    ("provider", "pages"),
    [
        ("", ["'self'"]),
        ("stripe", ["'self'", "https://checkout.stripe.com"]),
        (
            "helloasso",
            ["'self'", "https://www.helloasso.com", "https://www.helloasso-sandbox.com"],
        ),
    ],
)
def test_a_form_may_lead_to_the_provider_s_pages_only_when_it_is_chosen(provider, pages):
    code = (
        "from apmsl.settings import base;"
        "print(*base.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'], sep='\\n')"
    )

    shown = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PAYMENT_PROVIDER": provider},
        capture_output=True,
        text=True,
        check=True,
    )

    assert shown.stdout.splitlines() == pages
