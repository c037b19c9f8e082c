"""Pieces: calls for payment, invoices, receipts and credit notes, of a membership or of a charge.

A number is taken in the transaction that issues its piece, under the lock of its series: what fails
gives its number back, hence no gap. Lock order, everywhere money moves: the debt, then the
series. The claim is the call's: an invoice or a receipt proves it or its payment, and asks nothing
more.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from apmsl.lib.dates import today
from apmsl.lib.typography import day as in_words
from members import mails
from members.enums import ChargeStatus, MembershipStatus, PieceKind
from members.models import Campaign, Charge, Debt, Membership, Payment, Piece, PieceSeries, User
from members.models.money import PieceQuerySet

logger = logging.getLogger(__name__)

DAYS_TO_PAY = 30  # at least, whatever the campaign says
Line = tuple[str, int]


class PieceRefused(Exception):
    """The message is shown to whoever asks for the piece."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a piece says, whatever its number."""

    debt: Debt
    lines: Sequence[Line]
    payment: Payment | None = None
    cancels: Piece | None = None


def locked(debt: Debt) -> Debt:
    """Read again, under its lock."""
    known: Debt = type(debt)._default_manager.lock(debt.pk)  # type: ignore[attr-defined]
    return known


def owed(debt: Debt) -> dict[str, Debt]:
    """What a piece or a payment hangs on."""
    return {"membership" if isinstance(debt, Membership) else "charge": debt}


@transaction.atomic
def issue(kind: PieceKind, *, content: Content, by: User | None, on: date) -> Piece:
    """The next piece of its series, with everything it says as it is today."""
    series = PieceSeries.objects.take(kind, on.year)
    piece = Piece.objects.create(
        kind=kind,
        year=on.year,
        number=series.last_number,
        issued_on=max(on, series.last_issued_on() or on),  # numbers and dates go up together
        **owed(content.debt),
        payment=content.payment,
        cancels=content.cancels,
        recipient=str(content.debt.payer),
        address=_address(content.debt),
        lines=[[label, cents] for label, cents in content.lines],
        amount_cents=sum(cents for _, cents in content.lines),
    )
    logger.info("piece %s issued by account %s", piece.pk, by.pk if by else "portal")
    return piece


@transaction.atomic
def issue_call(
    *,
    debt: Debt,
    lines: Iterable[Line],
    by: User | None,
    at: datetime,
    on: date | None = None,
) -> Piece:
    """Ask for what is due: the amount and its lines are settled from now on.

    Asked again with the same lines: the call that stands. With others: the former is cancelled by a
    credit note, unless it is paid already.
    """
    on, lines = on or today(), [(label, cents) for label, cents in lines]
    debt = locked(debt)
    standing: Piece | None = debt.pieces.standing().filter(kind=PieceKind.CALL).first()
    if standing and standing.lines == [list(line) for line in lines]:
        return standing
    _refuse_unless_callable(debt)
    if standing:
        _cancel(standing, by=by, on=on)
    piece = issue(PieceKind.CALL, content=Content(debt=debt, lines=lines), by=by, on=on)
    _call(debt, piece)
    close_when_paid(debt=debt, by=by, on=on, at=at)
    return piece


@transaction.atomic
def issue_invoice(*, debt: Debt, by: User | None, on: date) -> Piece:
    """The invoice of a call, for those whose accountant asks for one; the same when asked again."""
    debt = locked(debt)
    standing: PieceQuerySet = debt.pieces.standing()
    if invoice := standing.filter(kind=PieceKind.INVOICE).first():
        return invoice
    call = standing.filter(kind=PieceKind.CALL).first()
    if call is None:
        raise PieceRefused("La facture suit un appel à cotisation : émettez-le d’abord.")
    lines = [(label, cents) for label, cents in call.lines]
    content = Content(debt=debt, lines=lines)
    return issue(PieceKind.INVOICE, content=content, by=by, on=on)


@transaction.atomic
def issue_receipt(*, payment: Payment, by: User | None, on: date) -> Piece:
    """What has been received for a debt, up to the payment that settled it."""
    debt = locked(payment.debt)
    standing: PieceQuerySet = debt.pieces.standing().filter(kind=PieceKind.RECEIPT)
    if receipt := standing.first():
        return receipt
    payments = debt.payments.order_by("received_on", "pk")
    lines = [(_in_words(row), row.amount_cents) for row in payments]
    content = Content(debt=debt, lines=lines, payment=payment)
    return issue(PieceKind.RECEIPT, content=content, by=by, on=on)


@transaction.atomic
def issue_credit_note(*, piece: Piece, by: User | None, on: date) -> Piece:
    """Cancel a call or an invoice. A cancelled call gives its file back to the member, to complete;
    of a charge, nothing is due any more, and what was received is to be given back."""
    debt = locked(piece.debt)
    if piece.kind == PieceKind.CREDIT_NOTE:
        raise PieceRefused("Un avoir ne s’annule pas : émettez une nouvelle pièce.")
    if piece.kind == PieceKind.RECEIPT:
        raise PieceRefused("Un reçu s’annule en enregistrant le remboursement du paiement.")
    if not Piece.objects.standing().filter(pk=piece.pk).exists():
        raise PieceRefused("Cette pièce est déjà annulée par un avoir.")
    if piece.kind == PieceKind.CALL:
        if isinstance(debt, Membership) and debt.payments.total_cents() > 0:
            raise PieceRefused("De l’argent a été reçu : enregistrez d’abord son remboursement.")
        for invoice in debt.pieces.standing().filter(kind=PieceKind.INVOICE):
            _cancel(invoice, by=by, on=on)
        _reopen(debt)
    return _cancel(piece, by=by, on=on)


def close_when_paid(*, debt: Debt, by: User | None, on: date, at: datetime) -> Piece | None:
    """Once everything has come: paid, on the day of the last payment, and the receipt leaves. The
    caller holds the lock of the debt."""
    last = debt.payments.order_by("-received_on", "-pk").first()
    if not debt.is_called or debt.rest_cents() > 0:
        return None
    debt.status = ChargeStatus.PAID.value
    debt.paid_on = last.received_on if last else on
    debt.keep("status", "paid_on")
    return send_receipt(payment=last, by=by, on=on, at=at) if last else None


def send_receipt(*, payment: Payment, by: User | None, on: date, at: datetime) -> Piece:
    receipt = issue_receipt(payment=payment, by=by, on=on)
    mails.receipt(piece=receipt, on=on, at=at)
    return receipt


def cancel_proofs(*, debt: Debt, by: User | None, on: date) -> list[Piece]:
    """Credit notes for the receipt and the invoice that a refund belies. The caller holds the lock."""
    proofs = debt.pieces.standing().filter(kind__in=[PieceKind.RECEIPT, PieceKind.INVOICE])
    return [_cancel(piece, by=by, on=on) for piece in proofs.order_by("pk")]


def cancel_receipts(*, debt: Debt, by: User | None, on: date) -> list[Piece]:
    """Those for more than what is left, after some of it went back. The caller holds the lock."""
    receipts = debt.pieces.standing().filter(kind=PieceKind.RECEIPT)
    return [_cancel(piece, by=by, on=on) for piece in receipts.order_by("pk")]


def _cancel(piece: Piece, *, by: User | None, on: date) -> Piece:
    lines = [(f"Annulation de {piece.reference} : {label}", -cents) for label, cents in piece.lines]
    content = Content(debt=piece.debt, lines=lines, cancels=piece)
    return issue(PieceKind.CREDIT_NOTE, content=content, by=by, on=on)


_CALLABLE = {
    MembershipStatus.EXPECTED.value,
    ChargeStatus.CALLED.value,
}


def _refuse_unless_callable(debt: Debt) -> None:
    """A charge that was cancelled may be asked for again; what it had received counts."""
    again = isinstance(debt, Charge) and debt.status == ChargeStatus.CANCELLED
    if not again and debt.status not in _CALLABLE:
        state = debt.get_status_display().lower()
        what = "somme" if isinstance(debt, Charge) else "adhésion"
        raise PieceRefused(f"Cette {what} ne peut plus être appelée : elle est « {state} ».")
    if debt.is_called and debt.payments.exists():
        raise PieceRefused(
            "De l’argent a déjà été reçu pour cette adhésion : son montant ne change plus."
        )


def _call(debt: Debt, piece: Piece) -> None:
    """When a charge is due was settled by whoever asks for it."""
    debt.amount_cents = piece.amount_cents
    debt.called_on = piece.issued_on
    if isinstance(debt, Membership):
        debt.due_on = _due_on(debt.year, piece.issued_on)
    debt.status = ChargeStatus.CALLED.value
    debt.keep("amount_cents", "called_on", "due_on", "status")


def _reopen(debt: Debt) -> None:
    debt.paid_on, debt.amount_cents = None, 0
    if isinstance(debt, Membership):
        _give_back(debt)
        return
    debt.status = ChargeStatus.CANCELLED.value
    debt.keep("status", "paid_on", "amount_cents")


def _give_back(membership: Membership) -> None:
    membership.status = MembershipStatus.EXPECTED
    membership.called_on = membership.due_on = membership.promised_on = None
    membership.save(
        update_fields=["status", "called_on", "due_on", "promised_on", "paid_on", "amount_cents"]
    )


def _due_on(year: int, called_on: date) -> date:
    campaign = Campaign.objects.filter(form__year=year).first()
    soonest = called_on + timedelta(days=DAYS_TO_PAY)
    return max(campaign.due_on, soonest) if campaign else soonest


def _address(debt: Debt) -> str:
    team = debt.team
    return f"{team.postcode} {team.city}".strip() if team else ""


def _in_words(payment: Payment) -> str:
    if payment.amount_cents < 0:
        return f"Remboursement du {in_words(payment.received_on)}"
    return f"{payment.get_method_display()} du {in_words(payment.received_on)}"
