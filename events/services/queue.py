"""Serving those who wait, and telling them. Lock order: see ``events.services.seats``."""

from collections.abc import Sequence
from datetime import date, datetime

from events import mails
from events.enums import RegistrationStatus
from events.models import Event, Registration
from events.services import fees, seats


def serve(
    event: Event, *, on: date, at: datetime, spared: Sequence[Registration] = ()
) -> list[Registration]:
    """Give or offer what is free to those who wait; they are told. Called under the event's lock."""
    served = seats.fill(event, on=on, at=at, spared=spared)
    tell(event, served, on=on, at=at)
    return served


def tell(event: Event, served: Sequence[Registration], *, on: date, at: datetime) -> None:
    fees.follow(event, served, by=None, on=on, at=at)
    seated = [row for row in served if row.status == RegistrationStatus.REGISTERED]
    offered = [row for row in served if row.status == RegistrationStatus.OFFERED]
    mails.promoted(event, seated, at=at)
    mails.offered(event, offered, at=at)
