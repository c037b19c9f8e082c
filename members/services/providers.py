"""What the portal asks of a provider of card payments, whoever it is.

What a browser or a notice says proves nothing: only ``fetch``, asked by us, does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from django.conf import settings

from members.enums import CheckoutState, Provider
from members.models import Checkout

# What reading a body or an answer that makes no sense raises.
NO_SENSE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
PATIENCE = 5.0  # s: a person waits behind the page


class ProviderDown(Exception):
    """No answer, or none that is understood; shown to whoever pays."""

    def __init__(self) -> None:
        super().__init__(
            "Le service de paiement ne répond pas pour le moment. Rien n’a été débité : "
            "réessayez dans quelques minutes, ou payez par virement."
        )


class ForgedNotice(Exception):
    """A notice whose signature is not the provider's, or that is none."""


@dataclass(frozen=True)
class Order:
    """What is to be paid, and where the browser goes afterwards."""

    key: str
    amount_cents: int
    label: str
    email: str
    return_url: str


@dataclass(frozen=True)
class Opened:
    number: str
    pay_url: str


@dataclass(frozen=True)
class Fetched:
    """A checkout as the provider holds it. ``refunded_cents``: what went back so far."""

    key: str
    state: CheckoutState
    amount_cents: int = 0
    payment: str = ""
    refunded_cents: int = 0


@dataclass(frozen=True)
class Told:
    """A notice: its own number, and the key of the checkout that it is about."""

    event: str
    key: str

    @classmethod
    def of(cls, event: str, key: Any) -> "Told | None":
        """Of what anybody may have written: no longer than is kept, and nothing that the database
        does not hold."""
        return cls(ascii(event)[1:-1][:200], str(key)) if key else None


class Client(Protocol):
    lifetime: timedelta  # how long a page for paying stays open

    def create_checkout(self, order: Order) -> Opened: ...

    def fetch(self, checkout: Checkout) -> Fetched: ...

    def parse_notice(self, body: bytes, headers: Mapping[str, str]) -> Told | None:
        """None: a notice about something else. Raises ForgedNotice."""
        ...


def chosen() -> Provider | None:
    """By the setting PAYMENT_PROVIDER; None: cards are not taken."""
    return Provider(settings.PAYMENT_PROVIDER) if settings.PAYMENT_PROVIDER else None
