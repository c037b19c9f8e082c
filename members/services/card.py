"""Paying by card: attempts, what the provider says of them, what follows.

Neither the return of the browser nor a notice proves anything: each only makes us ask the provider,
under the lock of the debt, so that whatever comes twice, late or out of order ends in the same
ledger. Lock order: the debt, its attempt, the series of pieces.
"""

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from apmsl.lib.typography import typeset
from members.enums import CheckoutState, PaymentMethod, Provider
from members.models import Charge, Checkout, Debt, Notice, User
from members.services import payments, pieces
from members.services.helloasso import HelloAsso
from members.services.payments import Origin, PaymentRefused
from members.services.providers import Client, Fetched, Order, ProviderDown, chosen
from members.services.stripe_checkout import Stripe

logger = logging.getLogger(__name__)

CLIENTS: dict[Provider, Client] = {Provider.HELLOASSO: HelloAsso(), Provider.STRIPE: Stripe()}
# A page about to close is not given again; a payment begun in its last minute still ends.
ABOUT_TO_CLOSE = timedelta(minutes=3)
GRACE = timedelta(hours=1)
LOOK_BACK = timedelta(days=10)
SETTLE_TASK = "members.periodic.settle_notices"


class CardRefused(Exception):
    """The message is shown to whoever pays."""


def is_on() -> bool:
    return chosen() is not None


def pay(*, debt: Debt, by: User | None, on: date, at: datetime) -> Checkout:
    """An attempt for what is left to pay; the one under way when somebody clicked before."""
    provider = chosen()
    if provider is None:
        raise CardRefused("Le paiement par carte n’est pas ouvert : payez par virement ou chèque.")
    _close_the_former(debt, on=on, at=at)
    return _attempt(debt=debt, provider=provider, by=by, at=at)


@transaction.atomic
def _attempt(*, debt: Debt, provider: Provider, by: User | None, at: datetime) -> Checkout:
    """The provider is asked under the lock, for a few seconds at most: two clicks are one attempt."""
    debt = pieces.locked(debt)
    if not debt.is_called or debt.rest_cents() <= 0:
        what = "de plus" if isinstance(debt, Charge) else "pour cette adhésion"
        raise CardRefused(f"Il n’y a rien à payer {what}.")
    opened = debt.checkouts.filter(state=CheckoutState.OPENED).first()
    return opened or _open(debt, provider, by=by, at=at)


@transaction.atomic
def settle(*, checkout: Checkout, on: date, at: datetime) -> Checkout:
    """Ask the provider what became of an attempt, and note it. As often as one likes."""
    debt = pieces.locked(checkout.debt)
    checkout = Checkout.objects.select_for_update(of=("self",), no_key=True).get(pk=checkout.pk)
    fetched = CLIENTS[Provider(checkout.provider)].fetch(checkout)
    if fetched.key != str(checkout.key):
        logger.error("checkout %s: the provider's answer is about something else", checkout.pk)
        return checkout
    if fetched.amount_cents:
        _note_money(debt, checkout, fetched, on=on, at=at)
    checkout.state, checkout.fetched_at = _next_state(checkout, fetched, at), at
    checkout.save(update_fields=["state", "fetched_at"])
    return checkout


@transaction.atomic
def receive_notice(
    *, provider: Provider, body: bytes, headers: Mapping[str, str], at: datetime
) -> Notice | None:
    """Keep a notice, once, and have it looked at after the commit. Raises ForgedNotice."""
    told = CLIENTS[provider].parse_notice(body, headers)
    checkout = _of_key(provider, told.key) if told else None
    if told is None or checkout is None:
        return None  # about another sale of the association
    notice, _ = Notice.objects.get_or_create(
        provider=provider,
        event=told.event,
        defaults={"received_at": at, "checkout": checkout},
    )
    transaction.on_commit(partial(_ring, notice.pk))
    return notice


def settle_notices(*, on: date, at: datetime) -> int:
    """Look at what we were told and have not looked at yet; how many notices that was."""
    waiting = Notice.objects.filter(handled_at=None).exclude(checkout=None)
    done = 0
    for notice in waiting.select_related("checkout").order_by("pk")[:200]:
        if _settled(notice.checkout, on=on, at=at):
            Notice.objects.filter(pk=notice.pk).update(handled_at=at)
            done += 1
    return done


def settle_opened(*, on: date, at: datetime) -> int:
    """Attempts that nobody told us about: the browser was closed, the notice was lost."""
    opened = Checkout.objects.filter(state=CheckoutState.OPENED).order_by("pk")
    return sum(_settled(checkout, on=on, at=at) for checkout in opened)


def compare(*, on: date, at: datetime) -> int:
    """Every attempt of the last days against the provider: refunds made on its own site too."""
    recent = Checkout.objects.filter(opened_at__gte=at - LOOK_BACK).order_by("pk")
    return sum(_settled(checkout, on=on, at=at) for checkout in recent)


def _settled(checkout: Checkout | None, *, on: date, at: datetime) -> bool:
    if checkout is None:
        return False
    try:
        settle(checkout=checkout, on=on, at=at)
    except ProviderDown:
        logger.warning("checkout %s: the provider does not answer, later", checkout.pk)
        return False
    return True


# -- opening ---------------------------------------------------------------------------------------
@transaction.atomic
def _close_the_former(debt: Debt, *, on: date, at: datetime) -> None:
    """An attempt whose page is about to close, or that asks for another amount, makes room; what
    became of it is asked first, and kept whatever follows."""
    debt = pieces.locked(debt)
    opened = debt.checkouts.filter(state=CheckoutState.OPENED).first()
    if opened is None or _is_fresh(opened, debt, at):
        return
    opened = settle(checkout=opened, on=on, at=at)
    if opened.state == CheckoutState.OPENED:
        opened.state = CheckoutState.EXPIRED
        opened.save(update_fields=["state"])


def _is_fresh(opened: Checkout, debt: Debt, at: datetime) -> bool:
    lifetime = CLIENTS[Provider(opened.provider)].lifetime
    is_open = opened.opened_at + lifetime - ABOUT_TO_CLOSE > at
    return is_open and opened.amount_cents == debt.rest_cents()


def _open(debt: Debt, provider: Provider, *, by: User | None, at: datetime) -> Checkout:
    checkout = Checkout(
        **pieces.owed(debt),
        provider=provider,
        amount_cents=debt.rest_cents(),
        opened_at=at,
        opened_by=by,
    )
    opened = CLIENTS[provider].create_checkout(
        Order(
            key=str(checkout.key),
            amount_cents=checkout.amount_cents,
            label=typeset(f"{debt.title} : {debt.payer}"),
            email=by.email if by else "",
            return_url=settings.PORTAL_URL + _return_path(debt, checkout),
        )
    )
    checkout.provider_checkout, checkout.pay_url = opened.number, opened.pay_url
    checkout.save()
    return checkout


def _return_path(debt: Debt, checkout: Checkout) -> str:
    """A charge is paid by whoever holds its letter, signed in or not."""
    if isinstance(debt, Charge):
        return reverse("members:charge_return", args=[debt.token, checkout.key])
    return reverse("members:card_return", args=[checkout.key])


# -- settling --------------------------------------------------------------------------------------
def _note_money(
    debt: Debt, checkout: Checkout, fetched: Fetched, *, on: date, at: datetime
) -> None:
    """The payment, then what went back of it; each once, whatever was noted before."""
    if fetched.amount_cents != checkout.amount_cents:
        logger.warning("checkout %s: another amount came than was asked", checkout.pk)
    known = debt.payments.filter(provider=checkout.provider)
    refunds = Q(provider_payment__startswith=f"{fetched.payment}:")
    of_this = known.filter(Q(provider_payment=fetched.payment) | refunds)
    record = partial(
        payments.record,
        debt=debt,
        method=PaymentMethod.CARD,
        received_on=on,
        by=None,
        on=on,
        at=at,
    )
    if not of_this.filter(provider_payment=fetched.payment).exists():
        origin = Origin(provider=checkout.provider, provider_payment=fetched.payment)
        record(amount_cents=fetched.amount_cents, origin=origin)
    noted = -of_this.filter(amount_cents__lt=0).total_cents()
    if fetched.refunded_cents > noted:
        name = f"{fetched.payment}:rendu:{fetched.refunded_cents}"
        origin = Origin(provider=checkout.provider, provider_payment=name)
        try:
            record(amount_cents=noted - fetched.refunded_cents, origin=origin)
        except PaymentRefused:
            logger.exception("checkout %s: its refund was noted by hand", checkout.pk)


def _next_state(checkout: Checkout, fetched: Fetched, at: datetime) -> CheckoutState:
    """What is paid stays so; an attempt that nobody ended is given up after a while."""
    if fetched.state != CheckoutState.OPENED:
        return fetched.state
    lifetime = CLIENTS[Provider(checkout.provider)].lifetime
    given_up = checkout.opened_at + lifetime + GRACE < at
    is_open = checkout.state == CheckoutState.OPENED
    return CheckoutState.EXPIRED if is_open and given_up else CheckoutState(checkout.state)


def _of_key(provider: Provider, key: str) -> Checkout | None:
    try:
        return Checkout.objects.filter(provider=provider, key=UUID(key)).first()
    except ValueError:  # no key of ours
        return None


def _ring(notice_id: int) -> None:
    """By its name: the clock's tasks stand above services. Nothing is lost when nobody answers."""
    try:
        current_app.send_task(SETTLE_TASK)
    except Exception:  # whatever the broker's client raises: the clock comes by each minute
        logger.warning("broker unreachable: notice %s waits for the clock", notice_id)
