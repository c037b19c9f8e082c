"""What is written to those who speak for a team about what its registrations cost."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from apmsl.lib.typography import day, period
from apmsl.mail import services as mail
from events.models import Event, Registration
from members.enums import PieceKind
from members.models import Charge, PersonEmail, Position


def to_pay(event: Event, registrations: Sequence[Registration], *, on: date, at: datetime) -> None:
    """One letter for a team, however many people were registered at once. Whoever is the only one
    registered learns it from their own confirmation."""
    rows = [row for row in registrations if row.charge and row.team_id]
    rows.sort(key=lambda row: row.team_id or 0)
    for _, group in groupby(rows, key=lambda row: row.team_id):
        asked = list(group)
        for email in _speaking(asked, on):
            _write(event, asked, email, at=at)


def bill(registration: Registration) -> dict[str, Any] | None:
    """What a letter about a registration says of its money; nothing where there is none."""
    charge = registration.charge
    if charge is None:
        return None
    received = charge.payments.total_cents()
    call = charge.pieces.standing().filter(kind=PieceKind.CALL).first()
    return {
        "charge": charge,
        "reference": call.reference if call else "",
        "rest": max(charge.amount_cents - received, 0),
        "to_give_back": max(received - charge.amount_cents, 0),
        "received": received,
        "url": _url(charge),
    }


def _speaking(asked: Sequence[Registration], on: date) -> QuerySet[PersonEmail]:
    posts = Position.objects.speaking().on(on).filter(team=asked[0].team_id)
    emails = PersonEmail.objects.filter(is_primary=True, person__in=posts.values("person"))
    alone = asked[0].person_id if len(asked) == 1 else None
    return emails.select_related("person").exclude(person=alone or 0).order_by("pk")


def _url(charge: Charge) -> str:
    return settings.PORTAL_URL + charge.payment_url()


def _write(
    event: Event, asked: Sequence[Registration], email: PersonEmail, *, at: datetime
) -> None:
    first = asked[0]
    bills = [(row, bill(row)) for row in asked]
    mail.send(
        purpose="registration-to-pay",
        object_key=f"registration {first.pk} {first.queued_at:%Y-%m-%dT%H:%M:%S.%f}",
        recipient=email.address,
        subject=f"À régler : {event.title}, {day(event.starts_on)}",
        template="events/mails/to_pay",
        context={
            "event": event,
            "person": email.person,
            "team": first.team,
            "bills": bills,
            "total": sum(told["rest"] for _, told in bills if told),
            "due_on": first.charge.due_on if first.charge else None,
            "when": period(event.starts_on, event.ends_on),
            "event_url": settings.PORTAL_URL + event.get_absolute_url(),
        },
        at=at,
    )
