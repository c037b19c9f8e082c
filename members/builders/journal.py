"""The journal of a period: what accountants take over.

The claim is the call's, hence the entry too; an invoice says it again and a receipt proves a payment:
neither is an entry. Each operation balances, so the whole does.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Sum
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from apmsl.lib.exports import cell, lines
from members.enums import PaymentMethod, PieceKind
from members.models import DepositSlip, Payment, Payout, Piece

HEADERS = ("Date", "Pièce", "Compte", "Libellé", "Débit", "Crédit")


@dataclass(frozen=True)
class Entry:
    day: date
    piece: str
    account: str
    label: str
    debit_cents: int = 0
    credit_cents: int = 0


def entries(start: date, end: date) -> list[Entry]:
    """By day; the two sides of an operation follow each other."""
    period = (start, end)
    found = [*_claims(period), *_money(period), *_deposits(period), *_payouts(period)]
    return sorted(found, key=lambda entry: entry.day)


def journal_csv(start: date, end: date) -> Iterator[str]:
    return lines(HEADERS, rows(start, end))


def journal_xlsx(start: date, end: date) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Journal")
    sheet.append(HEADERS)
    for row in rows(start, end):
        sheet.append([_cell(sheet, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(sheet: Any, value: object) -> object:
    """Texts stay texts: a team's name is no formula."""
    if not isinstance(value, str):
        return value
    written = WriteOnlyCell(sheet, value=cell(value))
    written.data_type = "s"
    return written


def rows(start: date, end: date) -> Iterator[tuple[object, ...]]:
    for entry in entries(start, end):
        debit, credit = _euros(entry.debit_cents), _euros(entry.credit_cents)
        yield entry.day, entry.piece, entry.account, entry.label, debit, credit


def _euros(cents: int) -> Decimal | None:
    return Decimal(cents).scaleb(-2) if cents else None


def _operation(
    day: date, piece: str, label: str, debit: str, credit: str, cents: int
) -> Iterator[Entry]:
    """Below zero, the other way round: no amount of a journal is negative."""
    if cents < 0:
        debit, credit, cents = credit, debit, -cents
    if cents:
        accounts = settings.JOURNAL_ACCOUNTS
        yield Entry(day, piece, accounts[debit], label, debit_cents=cents)
        yield Entry(day, piece, accounts[credit], label, credit_cents=cents)


def _claims(period: tuple[date, date]) -> Iterator[Entry]:
    issued = Piece.objects.filter(issued_on__range=period).with_debt().select_related("cancels")
    for piece in issued.order_by("issued_on", "kind", "number", "pk"):
        about = piece.cancels or piece
        if about.kind == PieceKind.CALL:
            label, income = _claimed(piece)
            yield from _operation(
                piece.issued_on, piece.reference, label, "members", income, piece.amount_cents
            )


def _claimed(piece: Piece) -> tuple[str, str]:
    """What is told of a claim, and which account it is income of."""
    if piece.membership is not None:
        told = f"{piece.title} {piece.membership.year}, {piece.recipient}"
        return told, "fees"
    return f"{piece.title}, {piece.debt.title}, {piece.recipient}", "charges"


def _money(period: tuple[date, date]) -> Iterator[Entry]:
    came = Payment.objects.filter(received_on__range=period)
    for payment in came.with_debt().order_by("received_on", "pk"):
        what = "Remboursement" if payment.amount_cents < 0 else payment.get_method_display()
        about = f"adhésion {payment.membership.year}" if payment.membership else payment.debt.title
        label = f"{what}, {about}, {payment.debt.payer}"
        yield from _operation(
            payment.received_on,
            f"PA-{payment.pk}",
            label,
            PaymentMethod(payment.method).value,
            "members",
            payment.amount_cents,
        )


def _deposits(period: tuple[date, date]) -> Iterator[Entry]:
    slips = DepositSlip.objects.filter(deposited_on__range=period)
    slips = slips.annotate(total=Sum("cheques__amount_cents"))
    for slip in slips.order_by("deposited_on", "pk"):
        label = f"Remise de chèques n° {slip.pk}"
        yield from _operation(
            slip.deposited_on, f"BR-{slip.pk}", label, "transfer", "cheque", slip.total or 0
        )


def _payouts(period: tuple[date, date]) -> Iterator[Entry]:
    """The provider's account is emptied of what it sent and of what it kept."""
    for payout in Payout.objects.filter(received_on__range=period).order_by("received_on", "pk"):
        name, day = f"VE-{payout.pk}", payout.received_on
        label = f"Versement {payout.get_provider_display()} n° {payout.pk}"
        yield from _operation(day, name, label, "transfer", "card", payout.amount_cents)
        yield from _operation(day, name, f"{label}, frais", "costs", "card", payout.cost_cents)
