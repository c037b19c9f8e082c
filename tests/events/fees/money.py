"""What the tests of a seat's price do and read."""

from datetime import date

from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from events import services
from events.models import Registration
from members.builders import journal
from members.enums import PaymentMethod, PieceKind
from members.models import Piece
from members.services import payments

ALWAYS = (date(2000, 1, 1), date(2100, 1, 1))
PRICE = 2_500


def register(event, user, *people):
    asked = {"event": event, "by": user, "on": today(), "at": timezone.now()}
    return services.register_colleagues(people=people or [user.person], **asked)


def cancel(registration, by=None):
    services.cancel(registration=registration, by=by, on=today(), at=timezone.now())


def pay(charge, cents=PRICE):
    return payments.record(
        debt=charge,
        method=PaymentMethod.TRANSFER,
        amount_cents=cents,
        received_on=today(),
        by=None,
        on=today(),
        at=timezone.now(),
    )


def money_of(registration):
    """Its state, what is asked and what came."""
    charge = Registration.objects.get(pk=registration.pk).charge
    return (charge.status, charge.amount_cents, charge.payments.total_cents()) if charge else None


def numbers(kind=PieceKind.CALL):
    return list(Piece.objects.filter(kind=kind).order_by("pk").values_list("number", flat=True))


def texts():
    return "\n".join(Message.objects.order_by("pk").values_list("text", flat=True))


def owed_in_the_journal():
    entries = journal.entries(*ALWAYS)
    assert sum(entry.debit_cents for entry in entries) == sum(e.credit_cents for e in entries)
    return sum(e.debit_cents - e.credit_cents for e in entries if e.account == "411000")
