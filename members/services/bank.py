"""What the bank tells, and which memberships and charges it pays.

A line is the same however often it is imported. Lock order: the line, the debt, its series.
"""

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from apmsl.lib.text import normalise
from members.enums import ChargeStatus, PaymentMethod, PieceKind
from members.models import BankLine, Charge, Debt, Membership, Payment, Piece, User
from members.models.money import PIECE_LETTERS
from members.services import payments, statements
from members.services.payments import Origin, PaymentRefused

logger = logging.getLogger(__name__)

ASKING = {PIECE_LETTERS[kind]: kind for kind in (PieceKind.CALL, PieceKind.INVOICE)}
# As people type it: « AC-2023-0007 », « ac 2023 7 », « AC20230007 ».
_REFERENCE = re.compile(
    rf"\b({'|'.join(ASKING)})[ ./_-]*(20\d\d)[ ./_-]*(\d{{1,6}})\b", re.IGNORECASE
)
_SAYS_NOTHING = frozenset(
    "association centre cotisation adhesion equipe maison medical medicale pole pluri "
    "pluriprofessionnelle pluridisciplinaire primaires sante sisa soins universitaire virement "
    "vers pour dans avec".split()
)


@dataclass(frozen=True)
class Proposal:
    """Whose money a line may be: certain by its reference, possible by its amount and its words."""

    line: BankLine
    candidates: Sequence[Debt]
    is_certain: bool = False


@transaction.atomic
def import_statement(*, content: bytes, at: datetime) -> int:
    """Note the lines that are not known yet; how many are new."""
    before = BankLine.objects.count()
    BankLine.objects.bulk_create(
        [
            BankLine(
                booked_on=line.booked_on,
                label=line.label,
                amount_cents=line.amount_cents,
                rank=line.rank,
                imported_at=at,
            )
            for line in statements.read(content)
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    return BankLine.objects.count() - before


def propose(lines: Iterable[BankLine]) -> list[Proposal]:
    """For each line, those who may have sent it; a few queries however many lines there are."""
    lines = list(lines)
    by_reference = _referred(lines)
    waiting = _waiting()
    return [_proposal(line, by_reference, waiting) for line in lines]


@transaction.atomic
def confirm(*, line: BankLine, debt: Debt, by: User | None, on: date, at: datetime) -> Payment:
    """The line pays this debt: a payment, and what follows from it."""
    line = BankLine.objects.select_for_update(of=("self",), no_key=True).get(pk=line.pk)
    if line.payment_id or line.payout_id:
        raise PaymentRefused("Cette ligne est déjà rapprochée.")
    if line.amount_cents <= 0:
        raise PaymentRefused("Cette ligne est une dépense : elle ne paie rien à la fédération.")
    payment = payments.record(
        debt=debt,
        method=PaymentMethod.TRANSFER,
        amount_cents=line.amount_cents,
        received_on=line.booked_on,
        by=by,
        on=max(on, line.booked_on),  # the bank knows what day it is
        at=at,
        origin=Origin(reference=line.label[:100]),
    )
    line.payment, line.set_aside = payment, False
    line.save(update_fields=["payment", "set_aside"])
    return payment


def confirm_certain(*, by: User | None, on: date, at: datetime) -> int:
    """Every line whose reference leaves no doubt; how many. One after the other: each is proposed
    anew, since the one before may have paid the same debt."""
    done = 0
    for line in BankLine.objects.pending().order_by("booked_on", "pk"):
        (proposal,) = propose([line])
        if proposal.is_certain:
            done += _confirmed(line, proposal.candidates[0], by=by, on=on, at=at)
    return done


def _confirmed(line: BankLine, debt: Debt, *, by: User | None, on: date, at: datetime) -> bool:
    """False where somebody else confirmed it meanwhile."""
    try:
        confirm(line=line, debt=debt, by=by, on=on, at=at)
    except PaymentRefused:
        logger.info("bank line %s: refused, it is left to a person", line.pk)
        return False
    return True


def set_aside(*, lines: Iterable[BankLine], aside: bool = True) -> int:
    """Money that is no fee (a grant, a refund), or is to be looked at again after all."""
    ids = [line.pk for line in lines]
    return BankLine.objects.filter(pk__in=ids, payment=None, payout=None).update(set_aside=aside)


# -- whose money -----------------------------------------------------------------------------------
Key = tuple[str, int, int]
Waiting = dict[int, list[tuple[frozenset[str], Debt]]]


def references(label: str) -> set[Key]:
    return {
        (ASKING[letters.upper()], int(year), int(number))
        for letters, year, number in _REFERENCE.findall(label)
    }


def _referred(lines: Iterable[BankLine]) -> dict[Key, Debt]:
    named = {key for line in lines for key in references(line.label)}
    pieces = Piece.objects.standing().filter(
        kind__in=ASKING.values(),
        year__in={year for _, year, _ in named},
        number__in={number for _, _, number in named},
    )
    known = list(pieces.with_debt().order_by("pk"))
    rests = _rests(known)
    found = {}
    for piece in known:
        piece.debt.rest = rests[piece.debt.key]
        found[piece.kind, piece.year, piece.number] = piece.debt
    return found


def _rests(known: Iterable[Piece]) -> dict[str, int]:
    charges = {piece.charge_id for piece in known}
    found = {row.key: row.rest for row in _with_rest(Charge, charges)} if charges - {None} else {}
    memberships = {piece.membership_id for piece in known}
    return found | {row.key: row.rest for row in _with_rest(Membership, memberships)}


def _with_rest(model: Any, ids: Iterable[int | None]) -> Iterable[Debt]:
    rows: Iterable[Debt] = model.objects.filter(pk__in=set(ids) - {None}).with_rest()
    return rows


def _waiting() -> Waiting:
    """What is called, by what is still owed, each with the words that its payer is known by."""
    found: Waiting = {}
    for debt in (*_called(Membership), *_called(Charge)):
        found.setdefault(debt.rest, []).append((_words(str(debt.payer)), debt))
    return found


def _called(model: Any) -> Iterable[Debt]:
    called = model.objects.filter(status=ChargeStatus.CALLED).with_rest()
    rows: Iterable[Debt] = called.select_related("team", "person").order_by("pk")
    return rows


def _words(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z0-9]{4,}", normalise(text))
    return frozenset(words) - _SAYS_NOTHING


def _proposal(line: BankLine, by_reference: dict[Key, Debt], waiting: Waiting) -> Proposal:
    named = {m.key: m for key in references(line.label) if (m := by_reference.get(key))}
    if named:
        debts = list(named.values())
        certain = len(named) == 1 and _awaits(debts[0], line)
        return Proposal(line, debts, is_certain=certain)
    said = _words(line.label)
    scored = [(len(words & said), m) for words, m in waiting.get(line.amount_cents, [])]
    likely = sorted((row for row in scored if row[0]), key=lambda row: (-row[0], row[1].pk))
    return Proposal(line, [debt for _, debt in likely[:5]])


def _awaits(debt: Debt, line: BankLine) -> bool:
    """A part is certain too; more than the rest is for a person to look at."""
    return debt.is_called and 0 < line.amount_cents <= debt.rest
