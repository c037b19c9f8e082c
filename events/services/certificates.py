"""Certificates of presence: numbered in each year without a gap, of those present only.

The number and the code of a certificate stay whatever becomes of the presence: what is said of it
(half-days, hours) follows what was noted last, and once the presence is taken back it says no more.
Lock order: the event, then the numbers of the year.
"""

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction
from django.db.models import Max

from events.models import Certificate, Event, Registration, half_days_and_hours
from events.services.refusals import Refused

NUMBERS = 0x61747465  # the key of the lock, beside that of the year


class NotPresent(Refused):
    pass


def issue(*, registration: Registration, on: date) -> Certificate:
    """The certificate of one person, as things stand."""
    issued = issue_all(event=registration.event, on=on, only=[registration.pk])
    if not issued:
        raise NotPresent("Aucune présence n’est notée : il n’y a rien à attester.")
    return issued[0]


@transaction.atomic
def issue_all(*, event: Event, on: date, only: Sequence[int] | None = None) -> list[Certificate]:
    """Those of everybody present, or of some, by name; asked again, the same numbers."""
    event = Event.objects.lock(event.pk)
    came = half_days_and_hours(event)
    rows = event.registrations.filter(person__in=came).select_related("certificate")
    if only is not None:
        rows = rows.filter(pk__in=only)
    issued = []
    for row in rows.by_name():
        half_days, hours = came[row.person_id or 0]
        known = getattr(row, "certificate", None)
        certificate = known or Certificate(registration=row, year=on.year, issued_on=on)
        if (certificate.half_days, certificate.hours) != (half_days, hours):
            certificate.half_days, certificate.hours = half_days, hours
            certificate.number = certificate.number or next_number(on.year)
            certificate.save()
        issued.append(certificate)
    return issued


def next_number(year: int) -> int:
    """Nobody else takes one until the end of the transaction: what is undone leaves no gap."""
    _lock_numbers(year)
    last = Certificate.objects.filter(year=year).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _lock_numbers(year: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBERS, year])
