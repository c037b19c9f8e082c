"""Stripe Checkout, by the official SDK. Its notices are signed: another's is refused."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings
from django.utils import timezone

from members.enums import CheckoutState
from members.models import Checkout
from members.services.providers import (
    NO_SENSE,
    PATIENCE,
    Fetched,
    ForgedNotice,
    Opened,
    Order,
    ProviderDown,
    Told,
)


class Stripe:
    lifetime = timedelta(minutes=31)  # the shortest that Stripe takes is thirty

    def create_checkout(self, order: Order) -> Opened:
        session = _asked(
            lambda sessions: sessions.create(
                params=_params(order, timezone.now() + self.lifetime),
                options={"idempotency_key": order.key},
            )
        )
        if not session.url:  # closed by now: there is no page to go to
            raise ProviderDown
        return Opened(number=session.id, pay_url=session.url)

    def fetch(self, checkout: Checkout) -> Fetched:
        session = _asked(
            lambda sessions: sessions.retrieve(
                checkout.provider_checkout,
                params={"expand": ["payment_intent.latest_charge"]},
            )
        )
        key = str((session.metadata or {})["key"]) if "key" in (session.metadata or {}) else ""
        if session.payment_status == "paid" and session.currency == "eur":
            return _paid(key, session)
        gone = session.status == "expired"
        return Fetched(key, CheckoutState.EXPIRED if gone else CheckoutState.OPENED)

    def parse_notice(self, body: bytes, headers: Mapping[str, str]) -> Told | None:
        try:
            stripe.WebhookSignature.verify_header(
                body.decode(),
                headers.get("Stripe-Signature", ""),
                settings.STRIPE_WEBHOOK_SECRET,
                stripe.Webhook.DEFAULT_TOLERANCE,
            )
            event = json.loads(body)
            key = (event["data"]["object"].get("metadata") or {}).get("key")
            number = str(event["id"])
        except (*NO_SENSE, stripe.SignatureVerificationError) as error:
            raise ForgedNotice from error
        return Told.of(number, key)


@lru_cache(maxsize=2)
def _client(key: str, address: str, patience: float) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": address},
        http_client=stripe.RequestsClient(timeout=patience),
        max_network_retries=0,  # the clock tries again, a person does not wait
    )


def _asked(ask: Any) -> Any:
    client = _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_URL, PATIENCE)
    try:
        return ask(client.v1.checkout.sessions)
    except stripe.StripeError as error:
        raise ProviderDown from error


def _params(order: Order, ends: Any) -> Any:
    named = {"key": order.key}
    params = {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": order.amount_cents,
                    "product_data": {"name": order.label[:250]},
                },
            }
        ],
        "client_reference_id": order.key,
        "metadata": named,
        "payment_intent_data": {"metadata": named},  # so that its refunds name it too
        "success_url": order.return_url,
        "cancel_url": order.return_url,
        "expires_at": int(ends.timestamp()),
        "locale": "fr",
    }
    return params | ({"customer_email": order.email} if order.email else {})


def _paid(key: str, session: Any) -> Fetched:
    intent = session.payment_intent
    charge = getattr(intent, "latest_charge", None)
    refunded = int(getattr(charge, "amount_refunded", 0) or 0)
    amount = int(session.amount_total or 0)
    state = CheckoutState.REFUNDED if refunded >= amount > 0 else CheckoutState.PAID
    return Fetched(key, state, amount, str(getattr(intent, "id", intent)), refunded)
