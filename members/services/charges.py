"""Sums asked for something that is no membership: a seat at an event.

Whoever asks says for what, of whom and until when; pieces and payments are those of every debt. Lock
order: what the sum is asked for, the charge, its series.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from members import mails
from members.enums import ChargeStatus, PieceKind
from members.models import Charge, Person, Piece, Team, User
from members.services import pieces


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a charge says. The team pays where there is one."""

    label: str
    line: str  # of its pieces
    amount_cents: int
    due_on: date
    team: Team | None
    person: Person | None
    page: str = ""


@transaction.atomic
def ask(*, asked: Asked, charge: Charge | None, by: User | None, on: date, at: datetime) -> Charge:
    """The charge with its call. ``charge``: the one of before, which was cancelled and is taken up
    again with what it had received; while it stands, it stays as it is."""
    if charge is None:
        charge = Charge(status=ChargeStatus.CANCELLED)
    else:
        charge = Charge.objects.lock(charge.pk)
        if charge.status != ChargeStatus.CANCELLED:
            return charge
    charge.label, charge.page = asked.label[:300], asked.page
    charge.team, charge.person, charge.due_on = asked.team, asked.person, asked.due_on
    charge.save()
    line = (asked.line, asked.amount_cents)
    pieces.issue_call(debt=charge, lines=[line], by=by, at=at, on=on)
    charge.refresh_from_db()
    return charge


@transaction.atomic
def cancel(*, charge: Charge, by: User | None, on: date) -> Charge:
    """Nothing is due any more: a credit note. What was received is to be given back."""
    charge = Charge.objects.lock(charge.pk)
    call = charge.pieces.standing().filter(kind=PieceKind.CALL).first()
    if call is not None:
        pieces.issue_credit_note(piece=call, by=by, on=on)
        charge.refresh_from_db()
    return charge


@transaction.atomic
def ask_again(*, charge: Charge, by: User | None, on: date, at: datetime) -> Piece:
    """The staff keeps, or asks for, what had been cancelled: the same lines, another call."""
    charge = Charge.objects.lock(charge.pk)
    if charge.status != ChargeStatus.CANCELLED:
        raise pieces.PieceRefused("Cette somme est déjà demandée.")
    last = charge.pieces.filter(kind=PieceKind.CALL).order_by("-pk").first()
    if last is None:
        raise pieces.PieceRefused("Cette somme n’a jamais été demandée.")
    lines = [(label, cents) for label, cents in last.lines]
    return pieces.issue_call(debt=charge, lines=lines, by=by, at=at, on=on)


@transaction.atomic
def ask_invoice(*, charge: Charge, by: User | None, on: date, at: datetime) -> Piece:
    invoice = pieces.issue_invoice(debt=charge, by=by, on=on)
    mails.piece_to_pay(piece=invoice, on=on, at=at)
    return invoice


def hand_over(*, charge: Charge, to: Person) -> None:
    """Somebody comes instead: the team owes as before; a person who paid stays who paid."""
    if charge.team_id is not None:
        charge.person = to
        charge.save(update_fields=["person"])
