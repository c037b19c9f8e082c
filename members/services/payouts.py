"""What a provider of cards sends to the bank: many payments in one transfer, less what it keeps.

Until then the money is with the provider, and the journal says so; a payout empties that account.
Lock order: the line of the bank, then the payments, by their numbers.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.db import transaction

from apmsl.lib.text import normalise
from apmsl.lib.typography import money
from members.enums import PaymentMethod, Provider
from members.models import BankLine, Payment, Payout, User
from members.services.payments import PaymentRefused

logger = logging.getLogger(__name__)

MOST_COST = 10  # per cent: beyond, other payments are in this transfer
MOST_WAITING = 400  # payments looked at to find which ones make up a transfer


@dataclass(frozen=True)
class Proposal:
    """What waits at a provider, and which of it makes up the line."""

    provider: Provider
    waiting: Sequence[Payment]
    chosen: frozenset[int]


def provider_of(line: BankLine) -> Provider | None:
    """Named by the bank's own words: « VIR SEPA HELLOASSO »."""
    words = normalise(line.label).replace(" ", "")
    return next((provider for provider in Provider if provider.value in words), None)


def propose(line: BankLine, provider: Provider) -> Proposal:
    """The oldest that follow each other and make the amount, else all that leave a plausible cost."""
    came = Payment.objects.at_provider(provider).filter(received_on__lte=line.booked_on)
    rows = came.with_debt()
    waiting = list(rows.order_by("received_on", "pk")[:MOST_WAITING])
    chosen = _exact(waiting, line.amount_cents) or _nearest(waiting, line.amount_cents)
    return Proposal(provider, waiting, frozenset(payment.pk for payment in chosen))


def _exact(waiting: Sequence[Payment], cents: int) -> Sequence[Payment]:
    for start in range(len(waiting)):
        sums = accumulate(payment.amount_cents for payment in waiting[start:])
        for length, total in enumerate(sums, 1):
            if total == cents:
                return waiting[start : start + length]
    return ()


def _nearest(waiting: Sequence[Payment], cents: int) -> Sequence[Payment]:
    """From the oldest on, with the lowest cost that is one."""
    sums = accumulate(payment.amount_cents for payment in waiting)
    costs = [
        (total - cents, length)
        for length, total in enumerate(sums, 1)
        if _is_plausible(total, cents)
    ]
    return waiting[: min(costs)[1]] if costs else ()


def _is_plausible(total: int, cents: int) -> bool:
    return 0 <= (total - cents) * 100 <= MOST_COST * total


@transaction.atomic
def record(*, line: BankLine, chosen: Iterable[Payment], by: User | None) -> Payout:
    """The line is these payments by card; the difference is what the provider kept."""
    ids = [payment.pk for payment in chosen]
    line = BankLine.objects.select_for_update(of=("self",), no_key=True).get(pk=line.pk)
    locked = Payment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids)
    payments = list(locked.order_by("pk"))
    _refuse(line, payments)
    total = sum(payment.amount_cents for payment in payments)
    payout = Payout.objects.create(
        provider=payments[0].provider,
        received_on=line.booked_on,
        amount_cents=line.amount_cents,
        cost_cents=total - line.amount_cents,
        recorded_by=by,
    )
    Payment.objects.filter(pk__in=ids).update(payout=payout)
    line.payout, line.set_aside = payout, False
    line.save(update_fields=["payout", "set_aside"])
    logger.info("payout %s recorded by account %s", payout.pk, by.pk if by else "portal")
    return payout


def _refuse(line: BankLine, payments: Sequence[Payment]) -> None:
    if line.payment_id or line.payout_id:
        raise PaymentRefused("Cette ligne est déjà rapprochée.")
    if not payments:
        raise PaymentRefused("Choisissez les paiements que ce versement regroupe.")
    if any(row.method != PaymentMethod.CARD or not row.provider for row in payments):
        raise PaymentRefused("Seuls des paiements par carte arrivent dans un versement.")
    if any(row.payout_id for row in payments):
        raise PaymentRefused("Un de ces paiements est déjà dans un versement.")
    if len({row.provider for row in payments}) > 1:
        raise PaymentRefused("Ces paiements viennent de deux prestataires.")
    total = sum(row.amount_cents for row in payments)
    if not _is_plausible(total, line.amount_cents):
        raise PaymentRefused(
            f"Les paiements choisis font {money(total, exact=True)} et la banque a reçu "
            f"{money(line.amount_cents, exact=True)} : un prestataire ne retient jamais plus de "
            f"{MOST_COST} %, et ne verse jamais plus."
        )


@transaction.atomic
def undo(*, payout: Payout, by: User | None) -> None:
    """Matched wrongly: the line and its payments wait again; the history keeps what was done."""
    line = BankLine.objects.select_for_update(of=("self",), no_key=True).filter(payout=payout)
    line.update(payout=None)
    Payment.objects.filter(payout=payout).update(payout=None)
    logger.info("payout %s undone by account %s", payout.pk, by.pk if by else "portal")
    payout.delete()
