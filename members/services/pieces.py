"""Pieces: calls for payment, invoices, receipts and credit notes.

A number is taken in the transaction that issues its piece, under the lock of its series: what fails
gives its number back, hence no gap. Lock order, everywhere money moves: the membership, then the
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
from members.enums import MembershipStatus, PieceKind
from members.models import Campaign, Membership, Payment, Piece, PieceSeries, User

logger = logging.getLogger(__name__)

DAYS_TO_PAY = 30  # at least, whatever the campaign says
Line = tuple[str, int]


class PieceRefused(Exception):
    """The message is shown to whoever asks for the piece."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a piece says, whatever its number."""

    membership: Membership
    lines: Sequence[Line]
    payment: Payment | None = None
    cancels: Piece | None = None


@transaction.atomic
def issue(kind: PieceKind, *, content: Content, by: User | None, on: date) -> Piece:
    """The next piece of its series, with everything it says as it is today."""
    series = PieceSeries.objects.take(kind, on.year)
    member = content.membership.team or content.membership.person
    piece = Piece.objects.create(
        kind=kind,
        year=on.year,
        number=series.last_number,
        issued_on=max(on, series.last_issued_on() or on),  # numbers and dates go up together
        membership=content.membership,
        payment=content.payment,
        cancels=content.cancels,
        recipient=str(member),
        address=_address(content.membership),
        lines=[[label, cents] for label, cents in content.lines],
        amount_cents=sum(cents for _, cents in content.lines),
    )
    logger.info("piece %s issued by account %s", piece.pk, by.pk if by else "portal")
    return piece


@transaction.atomic
def issue_call(
    *,
    membership: Membership,
    lines: Iterable[Line],
    by: User | None,
    at: datetime,
    on: date | None = None,
) -> Piece:
    """Ask a member for its fee: the amount and its lines are settled from now on.

    Asked again with the same lines: the call that stands. With others: the former is cancelled by a
    credit note, unless the fee is paid already.
    """
    on, lines = on or today(), [(label, cents) for label, cents in lines]
    membership = Membership.objects.lock(membership.pk)
    standing = membership.pieces.standing().filter(kind=PieceKind.CALL).first()
    if standing and standing.lines == [list(line) for line in lines]:
        return standing
    _refuse_unless_callable(membership)
    if standing:
        _cancel(standing, by=by, on=on)
    piece = issue(PieceKind.CALL, content=Content(membership=membership, lines=lines), by=by, on=on)
    _call(membership, piece)
    close_when_paid(membership=membership, by=by, on=on, at=at)
    return piece


@transaction.atomic
def issue_invoice(*, membership: Membership, by: User | None, on: date) -> Piece:
    """The invoice of a call, for those whose accountant asks for one; the same when asked again."""
    membership = Membership.objects.lock(membership.pk)
    standing = membership.pieces.standing()
    if invoice := standing.filter(kind=PieceKind.INVOICE).first():
        return invoice
    call = standing.filter(kind=PieceKind.CALL).first()
    if call is None:
        raise PieceRefused("La facture suit un appel à cotisation : émettez-le d’abord.")
    lines = [(label, cents) for label, cents in call.lines]
    content = Content(membership=membership, lines=lines)
    return issue(PieceKind.INVOICE, content=content, by=by, on=on)


@transaction.atomic
def issue_receipt(*, payment: Payment, by: User | None, on: date) -> Piece:
    """What has been received for a membership, up to the payment that settled it."""
    membership = Membership.objects.lock(payment.membership_id)
    standing = membership.pieces.standing().filter(kind=PieceKind.RECEIPT)
    if receipt := standing.first():
        return receipt
    payments = membership.payments.order_by("received_on", "pk")
    lines = [(_in_words(row), row.amount_cents) for row in payments]
    content = Content(membership=membership, lines=lines, payment=payment)
    return issue(PieceKind.RECEIPT, content=content, by=by, on=on)


@transaction.atomic
def issue_credit_note(*, piece: Piece, by: User | None, on: date) -> Piece:
    """Cancel a call or an invoice. A cancelled call gives its file back to the member, to complete."""
    membership = Membership.objects.lock(piece.membership_id)
    if piece.kind == PieceKind.CREDIT_NOTE:
        raise PieceRefused("Un avoir ne s’annule pas : émettez une nouvelle pièce.")
    if piece.kind == PieceKind.RECEIPT:
        raise PieceRefused("Un reçu s’annule en enregistrant le remboursement du paiement.")
    if not Piece.objects.standing().filter(pk=piece.pk).exists():
        raise PieceRefused("Cette pièce est déjà annulée par un avoir.")
    if piece.kind == PieceKind.CALL:
        if membership.payments.total_cents() > 0:
            raise PieceRefused("De l’argent a été reçu : enregistrez d’abord son remboursement.")
        for invoice in membership.pieces.standing().filter(kind=PieceKind.INVOICE):
            _cancel(invoice, by=by, on=on)
        _reopen(membership)
    return _cancel(piece, by=by, on=on)


def close_when_paid(
    *, membership: Membership, by: User | None, on: date, at: datetime
) -> Piece | None:
    """Once everything has come: paid, on the day of the last payment, and the receipt leaves. The
    caller holds the lock of the membership."""
    last = membership.payments.order_by("-received_on", "-pk").first()
    if membership.status != MembershipStatus.CALLED or membership.rest_cents() > 0:
        return None
    membership.status = MembershipStatus.PAID
    membership.paid_on = last.received_on if last else on
    membership.save(update_fields=["status", "paid_on"])
    return send_receipt(payment=last, by=by, on=on, at=at) if last else None


def send_receipt(*, payment: Payment, by: User | None, on: date, at: datetime) -> Piece:
    receipt = issue_receipt(payment=payment, by=by, on=on)
    mails.receipt(piece=receipt, on=on, at=at)
    return receipt


def cancel_proofs(*, membership: Membership, by: User | None, on: date) -> list[Piece]:
    """Credit notes for the receipt and the invoice that a refund belies. The caller holds the lock."""
    proofs = membership.pieces.standing().filter(kind__in=[PieceKind.RECEIPT, PieceKind.INVOICE])
    return [_cancel(piece, by=by, on=on) for piece in proofs.order_by("pk")]


def cancel_receipts(*, membership: Membership, by: User | None, on: date) -> list[Piece]:
    """Those for more than what is left, after some of it went back. The caller holds the lock."""
    receipts = membership.pieces.standing().filter(kind=PieceKind.RECEIPT)
    return [_cancel(piece, by=by, on=on) for piece in receipts.order_by("pk")]


def _cancel(piece: Piece, *, by: User | None, on: date) -> Piece:
    lines = [(f"Annulation de {piece.reference} : {label}", -cents) for label, cents in piece.lines]
    content = Content(membership=piece.membership, lines=lines, cancels=piece)
    return issue(PieceKind.CREDIT_NOTE, content=content, by=by, on=on)


def _refuse_unless_callable(membership: Membership) -> None:
    if membership.status not in {MembershipStatus.EXPECTED, MembershipStatus.CALLED}:
        state = membership.get_status_display().lower()
        raise PieceRefused(f"Cette adhésion ne peut plus être appelée : elle est « {state} ».")
    if membership.status == MembershipStatus.CALLED and membership.payments.exists():
        raise PieceRefused(
            "De l’argent a déjà été reçu pour cette adhésion : son montant ne change plus."
        )


def _call(membership: Membership, piece: Piece) -> None:
    membership.amount_cents = piece.amount_cents
    membership.called_on = piece.issued_on
    membership.due_on = _due_on(membership.year, piece.issued_on)
    membership.status = MembershipStatus.CALLED
    membership.save(update_fields=["amount_cents", "called_on", "due_on", "status"])


def _reopen(membership: Membership) -> None:
    membership.status = MembershipStatus.EXPECTED
    membership.called_on = membership.due_on = membership.promised_on = membership.paid_on = None
    membership.amount_cents = 0
    membership.save(
        update_fields=["status", "called_on", "due_on", "promised_on", "paid_on", "amount_cents"]
    )


def _due_on(year: int, called_on: date) -> date:
    campaign = Campaign.objects.filter(form__year=year).first()
    soonest = called_on + timedelta(days=DAYS_TO_PAY)
    return max(campaign.due_on, soonest) if campaign else soonest


def _address(membership: Membership) -> str:
    team = membership.team
    return f"{team.postcode} {team.city}".strip() if team else ""


def _in_words(payment: Payment) -> str:
    if payment.amount_cents < 0:
        return f"Remboursement du {in_words(payment.received_on)}"
    return f"{payment.get_method_display()} du {in_words(payment.received_on)}"
