"""HelloAsso's checkout (API v5): three calls, by OAuth client credentials.

An association's notices bear no signature: they only say where to look.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
from django.conf import settings
from django.core.cache import cache

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

TOKEN = "helloasso.token"  # noqa: S105  a key of the cache
MARGIN = 60  # s before the token ends
# A checkout has an order once it is paid; the states of its payments say where the money is.
RECEIVED = {"Authorized", "Registered", "Refunding", "Refunded", "Contested"}
LOST = {"Refused", "Canceled", "Error", "Abandoned"}


class HelloAsso:
    lifetime = timedelta(minutes=15)

    def create_checkout(self, order: Order) -> Opened:
        answer = self._ask(
            "POST",
            "checkout-intents",
            {
                "totalAmount": order.amount_cents,
                "initialAmount": order.amount_cents,
                "itemName": order.label[:250],
                "backUrl": order.return_url,
                "errorUrl": order.return_url,
                "returnUrl": order.return_url,
                "containsDonation": False,
                "payer": {"email": order.email} if order.email else {},
                "metadata": {"key": order.key},
            },
        )
        try:
            return Opened(number=str(answer["id"]), pay_url=str(answer["redirectUrl"]))
        except NO_SENSE as error:
            raise ProviderDown from error

    def fetch(self, checkout: Checkout) -> Fetched:
        answer = self._ask("GET", f"checkout-intents/{checkout.provider_checkout}")
        try:
            return _fetched(answer)
        except NO_SENSE as error:
            raise ProviderDown from error

    def parse_notice(self, body: bytes, headers: Mapping[str, str]) -> Told | None:
        try:
            told = json.loads(body)
            data = told["data"]
            key = (told.get("metadata") or data.get("metadata") or {}).get("key")
            event = f"{told['eventType']}:{data.get('id')}:{data.get('state', '')}"
        except NO_SENSE as error:
            raise ForgedNotice from error
        return Told.of(event, key)

    def _ask(self, method: str, path: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
        url = f"/v5/organizations/{settings.HELLOASSO_ORGANISATION}/{path}"
        try:
            with httpx.Client(base_url=settings.HELLOASSO_URL, timeout=PATIENCE) as client:
                response = client.request(method, url, json=given, headers=_signed_in(client))
                if response.status_code == httpx.codes.UNAUTHORIZED:
                    cache.delete(TOKEN)  # ended sooner than it said
                    response = client.request(method, url, json=given, headers=_signed_in(client))
                response.raise_for_status()
                answer = response.json()
        except (httpx.HTTPError, *NO_SENSE) as error:
            raise ProviderDown from error
        if not isinstance(answer, dict):
            raise ProviderDown
        return answer


def _signed_in(client: httpx.Client) -> dict[str, str]:
    """A token serves every process until it ends: the provider counts how many are asked for."""
    token = cache.get(TOKEN)
    if token is None:
        response = client.post(
            "/oauth2/token",
            data={
                "grant_type": "client_credentials",
                "client_id": settings.HELLOASSO_CLIENT_ID,
                "client_secret": settings.HELLOASSO_CLIENT_SECRET,
            },
        )
        response.raise_for_status()
        answer = response.json()
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not token:
            raise ProviderDown
        cache.set(TOKEN, token, max(int(answer.get("expires_in", 0)) - MARGIN, 1))
    return {"Authorization": f"Bearer {token}"}


def _fetched(answer: dict[str, Any]) -> Fetched:
    key = str((answer.get("metadata") or {}).get("key", ""))
    payments = (answer.get("order") or {}).get("payments") or []
    received = [row for row in payments if row.get("state") in RECEIVED]
    if received:
        return _received(key, received[0])
    refused = payments and all(row.get("state") in LOST for row in payments)
    return Fetched(key, CheckoutState.FAILED if refused else CheckoutState.OPENED)


def _received(key: str, payment: dict[str, Any]) -> Fetched:
    amount = int(payment.get("amount") or 0)
    refunds = payment.get("refundOperations") or []
    refunded = sum(int(row.get("amount") or 0) for row in refunds)
    if payment["state"] == "Refunded":
        refunded = refunded or amount
    state = CheckoutState.REFUNDED if refunded >= amount > 0 else CheckoutState.PAID
    return Fetched(key, state, amount, str(payment["id"]), refunded)
