"""Cheques taken to the bank together."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from members.enums import PaymentMethod
from members.models import DepositSlip, Payment, User
from members.services.payments import PaymentRefused


@transaction.atomic
def deposit(*, cheques: Iterable[Payment], by: User | None, on: date) -> DepositSlip:
    """A slip for these cheques, each of which goes to the bank once."""
    ids = [cheque.pk for cheque in cheques]
    chosen = Payment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids)
    rows = list(chosen.order_by("pk"))
    if not rows:
        raise PaymentRefused("Choisissez au moins un chèque.")
    if any(row.method != PaymentMethod.CHEQUE or row.amount_cents < 0 for row in rows):
        raise PaymentRefused("Seuls des chèques reçus vont sur un bordereau.")
    if any(row.deposit_id for row in rows):
        raise PaymentRefused("Un de ces chèques est déjà sur un bordereau.")
    slip = DepositSlip.objects.create(deposited_on=on, recorded_by=by)
    for row in rows:
        row.deposit = slip
        row.save(update_fields=["deposit"])
    return slip
