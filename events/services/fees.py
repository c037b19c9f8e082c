"""What a seat costs: asked of whoever gets one, asked no more of whoever gives it up.

The seat is never bound to the money: it is taken first, and kept until it is given up. Whoever waits,
or was only offered a seat, is asked nothing. The price is that of the day on which the seat was had.
Lock order: see ``events.services.seats``; then the charge, then its series.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from apmsl.lib.typography import day
from events.mails import fees as mails
from events.models import ENDED, Event, Registration
from members.access import members_on
from members.mails import piece_to_pay
from members.models import Charge, User
from members.services import charges

TIME_TO_PAY = timedelta(days=30)  # never longer than until the event


def follow(
    event: Event, registrations: Iterable[Registration], *, by: User | None, on: date, at: datetime
) -> None:
    """Of those whose place has just changed. Called under the event's lock, before they are written
    to."""
    rows = list(registrations)
    for row in rows:
        if row.charge_id and (row.status in ENDED or row.is_waiting):
            _release(row, by=by, on=on)
    if not _is_paying(event):
        return
    seated = [row for row in rows if row.is_seated]
    adherents = _adherents(event, seated, on)
    asked = [row for row in seated if _ask(event, row, adherents, by=by, on=on, at=at)]
    mails.to_pay(event, asked, on=on, at=at)


def follow_walk_in(
    event: Event, registration: Registration, *, by: User, on: date, at: datetime
) -> None:
    """Nobody confirms anything to whoever is here already; the sum is asked by a letter."""
    if not _is_paying(event):
        return
    adherents = _adherents(event, [registration], on)
    if _ask(event, registration, adherents, by=by, on=on, at=at) and registration.charge:
        call = registration.charge.pieces.standing().order_by("-pk").first()
        if call is not None:
            piece_to_pay(piece=call, on=on, at=at)


def release_all(event: Event, *, by: User | None, on: date) -> None:
    """The event is cancelled."""
    asked = event.registrations.exclude(charge=None).select_related("charge")
    for row in asked.order_by("pk"):
        _release(row, by=by, on=on)


def pass_on(giver: Registration, taker: Registration) -> None:
    """The seat changes hands, and what was asked or paid for it with it."""
    if giver.charge_id is None:
        return
    charge, former = giver.charge, taker.charge
    _hang(giver, None)
    _hang(taker, charge)
    _hang(giver, former)
    follow_name(taker)


def follow_name(registration: Registration) -> None:
    """A seat kept for a team has a name now."""
    if registration.charge and registration.person:
        charges.hand_over(charge=registration.charge, to=registration.person)


def price_for(event: Event, registration: Registration, adherents: Collection[int]) -> int:
    """People from outside may have a price of their own; a seat kept for a team has the team's."""
    if event.guest_price_cents is None or registration.person_id is None:
        return event.price_cents or 0
    is_adherent = registration.person_id in adherents
    return (event.price_cents or 0) if is_adherent else event.guest_price_cents


def _is_paying(event: Event) -> bool:
    return bool(event.price_cents or event.guest_price_cents)


def _adherents(event: Event, rows: Iterable[Registration], on: date) -> set[int]:
    if event.guest_price_cents is None:
        return set()
    people = [row.person_id for row in rows if row.person_id]
    return set(members_on(on).filter(pk__in=people).values_list("pk", flat=True))


def _ask(
    event: Event,
    row: Registration,
    adherents: Collection[int],
    *,
    by: User | None,
    on: date,
    at: datetime,
) -> bool:
    """Whether it is asked now: what was asked before stays as it is."""
    cents = price_for(event, row, adherents)
    if not cents or (row.charge and row.charge.is_called) or (row.charge and row.charge.is_paid):
        return False
    about = f"{event.title}, {day(event.starts_on)}"
    asked = charges.Asked(
        label=about,
        line=f"{about} : {row.person or 'place à compléter'}",
        amount_cents=cents,
        due_on=max(on, min(on + TIME_TO_PAY, event.starts_on)),
        team=row.team,
        person=row.person,
        page=event.get_absolute_url(),
    )
    _hang(row, charges.ask(asked=asked, charge=row.charge, by=by, on=on, at=at))
    return True


def _release(row: Registration, *, by: User | None, on: date) -> None:
    if row.charge is not None:
        row.charge = charges.cancel(charge=row.charge, by=by, on=on)


def _hang(row: Registration, charge: Charge | None) -> None:
    row.charge = charge
    Registration.objects.filter(pk=row.pk).update(charge=charge)
