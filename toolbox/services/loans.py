"""Lending: a copy is given to one team at a time.

Lock order, everywhere: the piece of equipment, then its loans. The database refuses two teams on one
copy in any case (``loan_one_team_per_copy``); the lock makes the refusal a sentence.
"""

from datetime import date, timedelta

from django.db import transaction

from apmsl.lib.typography import short_day
from members.models import Person, Position, Team
from toolbox.enums import LoanStatus
from toolbox.models import DIGITAL_COPY, HOLDING, Equipment, Loan

USUAL_LENGTH = timedelta(days=14)  # fifteen days, both ends included
LONGEST = timedelta(days=29)  # renewed once
FURTHEST = timedelta(days=366)

_NOTHING_FREE = "Aucun exemplaire n’est libre à ces dates : essayez une autre période."


class LoanRefused(Exception):
    """The message is shown as it is."""


@transaction.atomic
def request_loan(
    *, equipment: Equipment, team: Team, starts_on: date, ends_on: date, on: date
) -> Loan:
    """Ask for a copy. A team that asks twice for the same days has one request."""
    equipment = _locked(equipment.pk)
    if starts_on < on:
        raise LoanRefused("Le prêt ne peut pas commencer dans le passé.")
    if starts_on - on > FURTHEST:
        raise LoanRefused("Un prêt se demande au plus un an à l’avance.")
    if ends_on < starts_on:
        raise LoanRefused("Le retour ne peut pas précéder le départ.")
    if ends_on - starts_on > LONGEST:
        raise LoanRefused("Un prêt dure quinze jours, renouvelables une fois.")
    same = equipment.loans.live().filter(team=team, starts_on=starts_on, ends_on=ends_on)
    if existing := same.first():
        return existing
    if not free_copies(equipment, starts_on, ends_on):
        raise LoanRefused(_NOTHING_FREE)
    return equipment.loans.create(team=team, starts_on=starts_on, ends_on=ends_on, requested_on=on)


@transaction.atomic
def approve_loan(*, loan: Loan) -> Loan:
    """Give the first copy that is free for the days asked."""
    equipment, loan = _locked_with(loan)
    if loan.status != LoanStatus.REQUESTED:
        return loan
    copies = free_copies(equipment, loan.starts_on, loan.ends_on)
    if not copies:
        raise LoanRefused(_NOTHING_FREE)
    return _save(loan, LoanStatus.APPROVED, copy=copies[0])


@transaction.atomic
def refuse_loan(*, loan: Loan) -> Loan:
    _, loan = _locked_with(loan)
    return _save(loan, LoanStatus.REFUSED) if loan.status == LoanStatus.REQUESTED else loan


@transaction.atomic
def cancel_loan(*, loan: Loan) -> Loan:
    """Given up by the team before the item left."""
    _, loan = _locked_with(loan)
    if loan.status in (LoanStatus.REQUESTED, LoanStatus.APPROVED):
        return _save(loan, LoanStatus.CANCELLED)
    return loan


@transaction.atomic
def return_loan(*, loan: Loan, on: date) -> Loan:
    """The copy is back and free again."""
    _, loan = _locked_with(loan)
    return _save(loan, LoanStatus.RETURNED, returned_on=on) if loan.status in HOLDING else loan


def free_copies(equipment: Equipment, start: date, end: date) -> list[int]:
    """Numbers of the copies that nobody holds on any of these days, both ends included; a digital
    copy, which never runs out, comes last."""
    taken = set(equipment.loans.holding().over(start, end).values_list("copy", flat=True))
    free = [number for number in range(1, equipment.copies + 1) if number not in taken]
    return [*free, DIGITAL_COPY] if equipment.digital_copies else free


def _save(loan: Loan, status: LoanStatus, **fields: object) -> Loan:
    loan.status = status
    for name, value in fields.items():
        setattr(loan, name, value)
    loan.save(update_fields=["status", *fields])
    return loan


def _locked(equipment_id: int) -> Equipment:
    return Equipment.objects.select_for_update(of=("self",), no_key=True).get(pk=equipment_id)


def _locked_with(loan: Loan) -> tuple[Equipment, Loan]:
    return _locked(loan.equipment_id), Loan.objects.get(pk=loan.pk)


def loans_in_charge(person: Person, on: date) -> list[str]:
    """What a team of theirs has not given back: whoever holds a post there answers for it."""
    teams = Position.objects.on(on).filter(person=person).values("team")
    loans = Loan.objects.holding().filter(team__in=teams).select_related("equipment", "team")
    return [
        f"L’équipe {loan.team} a un prêt en cours ({loan.equipment}, retour le"
        f" {short_day(loan.ends_on)}) : notez le retour, ou la fin de cette fonction."
        for loan in loans.order_by("ends_on", "pk")
    ]
