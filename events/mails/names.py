"""What is written to whoever keeps seats without a name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from apmsl.lib.typography import day, period, plural
from apmsl.mail import services as mail
from events.models import Event, Registration
from members.models import User


def reserved(
    event: Event, registrations: Sequence[Registration], *, to: User, at: datetime
) -> None:
    first = registrations[0]
    key = f"registration {first.pk} {first.queued_at:%Y-%m-%dT%H:%M:%S.%f}"
    opening = f"{plural(len(registrations), 'place')} à compléter"
    _write("seats_reserved", key, opening, event, registrations, to, at)


def names_wanted(
    event: Event, registrations: Sequence[Registration], *, days: int, at: datetime
) -> None:
    """Once for each event, keeper and day."""
    to = registrations[0].registered_by
    if to is None:
        return
    key = f"event {event.pk} {event.starts_on} user {to.pk} J-{days}"
    opening = f"{plural(len(registrations), 'place attend un nom', 'places attendent un nom')}"
    _write("names_wanted", key, opening, event, registrations, to, at)


def _write(
    name: str,
    key: str,
    opening: str,
    event: Event,
    registrations: Sequence[Registration],
    to: User,
    at: datetime,
) -> None:
    waiting = sum(registration.is_waiting for registration in registrations)
    context: dict[str, Any] = {
        "event": event,
        "person": to.person,
        "team": registrations[0].team,
        "number": len(registrations),
        "waiting": waiting,
        "seated": len(registrations) - waiting,
        "when": period(event.starts_on, event.ends_on),
        "last_day": event.last_day_to_replace,
        "event_url": settings.PORTAL_URL + event.get_absolute_url(),
    }
    mail.send(
        purpose=f"registration-{name.replace('_', '-')}",
        object_key=key,
        recipient=to.email,
        subject=f"{opening} : {event.title}, {day(event.starts_on)}",
        template=f"events/mails/{name}",
        context=context,
        at=at,
    )
