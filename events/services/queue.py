"""Serving those who wait, and telling them. Lock order: see ``events.services.seats``."""

from collections.abc import Sequence
from datetime import date, datetime

from events import mails
from events.enums import RegistrationStatus
from events.models import Event, Registration
from events.services import seats


def serve(
    event: Event, *, on: date, at: datetime, spared: Sequence[Registration] = ()
) -> list[Registration]:
    """Give or offer what is free to those who wait; they are told. Called under the event's lock."""
    served = seats.fill(event, on=on, at=at, spared=spared)
    tell(event, served, at=at)
    return served


def tell(event: Event, served: Sequence[Registration], *, at: datetime) -> None:
    seated = [row for row in served if row.status == RegistrationStatus.REGISTERED]
    offered = [row for row in served if row.status == RegistrationStatus.OFFERED]
    mails.promoted(event, seated, at=at)
    mails.offered(event, offered, at=at)
