"""Money that comes and goes back.

Lock order, everywhere money moves: the line of the bank or the attempt by card, the debt (a
membership or a charge), the series of pieces.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from members.enums import ChargeStatus, PaymentMethod
from members.models import Charge, Debt, Payment, User
from members.services import pieces

logger = logging.getLogger(__name__)


class PaymentRefused(Exception):
    """The message is shown to whoever records the payment."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """How the money came: what the staff noted, or what the provider of cards calls it."""

    reference: str = ""
    provider: str = ""
    provider_payment: str = ""


@transaction.atomic
def record(
    *,
    debt: Debt,
    method: PaymentMethod,
    amount_cents: int,
    received_on: date,
    by: User | None,
    on: date,
    at: datetime,
    origin: Origin | None = None,
    once: bool = False,
) -> Payment:
    """Note a payment, or what was given back (below zero), and what follows from it.

    All of it has come: the debt is paid and its receipt leaves. More than was asked: recorded all the
    same, the staff sees what came too much. Given back: the receipt is cancelled. ``once``:
    the same again is a double click.
    """
    debt = pieces.locked(debt)
    origin = origin or Origin()
    _refuse(debt, amount_cents, received_on, on)
    payment = Payment(
        **pieces.owed(debt),
        method=method,
        amount_cents=amount_cents,
        received_on=received_on,
        recorded_by=by,
        reference=origin.reference,
        provider=origin.provider,
        provider_payment=origin.provider_payment,
    )
    if once:
        _refuse_the_same(payment)
    payment.save()
    logger.info("payment %s recorded by account %s", payment.pk, by.pk if by else "portal")
    if amount_cents < 0:
        _after_refund(debt, payment, by=by, on=on, at=at)
    else:
        pieces.close_when_paid(debt=debt, by=by, on=on, at=at)
    return payment


def _refuse(debt: Debt, amount_cents: int, received_on: date, on: date) -> None:
    if not amount_cents:
        raise PaymentRefused("Indiquez un montant.")
    if received_on > on:
        raise PaymentRefused("La date du paiement est dans l’avenir.")
    if amount_cents < 0 and debt.payments.total_cents() + amount_cents < 0:
        raise PaymentRefused("Le remboursement dépasse ce qui a été reçu.")


def _refuse_the_same(payment: Payment) -> None:
    facts = ("method", "amount_cents", "received_on", "reference")
    same = payment.debt.payments.filter(**{fact: getattr(payment, fact) for fact in facts})
    if same.exists():
        raise PaymentRefused(
            "Ce paiement est déjà enregistré : même jour, même moyen, même montant. S’il y en a "
            "deux, donnez à celui-ci une autre référence."
        )


def _after_refund(debt: Debt, payment: Payment, *, by: User | None, on: date, at: datetime) -> None:
    """What the receipt says is no longer true. When only what came too much goes back, another one
    says what is left; else it is to be paid again, and its invoice is cancelled too."""
    if isinstance(debt, Charge) and debt.status == ChargeStatus.CANCELLED:
        _after_refund_of_cancelled(debt, payment, by=by, on=on)
        return
    if not debt.is_paid:
        return
    if debt.rest_cents() <= 0:
        if pieces.cancel_receipts(debt=debt, by=by, on=on):
            pieces.send_receipt(payment=payment, by=by, on=on, at=at)
        return
    pieces.cancel_proofs(debt=debt, by=by, on=on)
    debt.status, debt.paid_on = ChargeStatus.CALLED.value, None
    debt.keep("status", "paid_on")


def _after_refund_of_cancelled(
    charge: Charge, payment: Payment, *, by: User | None, on: date
) -> None:
    """A receipt says no more than what was kept."""
    if pieces.cancel_receipts(debt=charge, by=by, on=on) and charge.payments.total_cents():
        pieces.issue_receipt(payment=payment, by=by, on=on)
