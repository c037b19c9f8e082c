"""A piece on paper: HTML for ``apmsl.lib.pdf``."""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string

from members.enums import PieceKind
from members.models import DepositSlip, Piece

# Where a membership has its own word.
_OF_MEMBERSHIP = {
    PieceKind.RECEIPT: "Reçu de cotisation",
}


@dataclass(frozen=True)
class Sender:
    name: str
    address: list[str]
    siret: str


def piece_html(piece: Piece) -> str:
    """What the piece says never changes; how to pay is said as long as something is to be paid."""
    asks = piece.kind in {PieceKind.CALL, PieceKind.INVOICE}
    context = {
        "piece": piece,
        "debt": piece.debt,
        "title": _title(piece),
        "sender": _sender(),
        "asks": asks and piece.amount_cents > 0,
        "reference": _call_reference(piece),
        "iban": _in_fours(settings.FEDERATION_IBAN),
        "vat_mention": settings.VAT_MENTION,
    }
    return render_to_string("members/pdf/piece.html", context)


def deposit_html(slip: DepositSlip) -> str:
    """The slip that goes to the bank with its cheques."""
    cheques = list(slip.cheques.with_debt().order_by("received_on", "pk"))
    context = {
        "slip": slip,
        "cheques": cheques,
        "total": sum(cheque.amount_cents for cheque in cheques),
        "sender": _sender(),
        "iban": _in_fours(settings.FEDERATION_IBAN),
    }
    return render_to_string("members/pdf/deposit.html", context)


def _title(piece: Piece) -> str:
    own = _OF_MEMBERSHIP.get(PieceKind(piece.kind)) if piece.membership_id else None
    return own or piece.title


def transfer() -> dict[str, str]:
    """Where a transfer goes, for a page."""
    return {"iban": _in_fours(settings.FEDERATION_IBAN), "beneficiary": settings.FEDERATION_NAME}


def piece_filename(piece: Piece) -> str:
    return f"{piece.reference}.pdf"


def _sender() -> Sender:
    lines = [line.strip() for line in settings.FEDERATION_ADDRESS.split(" / ") if line.strip()]
    return Sender(settings.FEDERATION_NAME, lines, settings.FEDERATION_SIRET)


def _call_reference(piece: Piece) -> str:
    """Transfers bear the reference of the call, also when they answer an invoice."""
    if piece.kind != PieceKind.INVOICE:
        return piece.reference
    call = piece.debt.pieces.standing().filter(kind=PieceKind.CALL).first()
    return (call or piece).reference


def _in_fours(iban: str) -> str:
    plain = "".join(iban.split())
    return "\u00a0".join(plain[start : start + 4] for start in range(0, len(plain), 4))
