"""Reminders before an event: one to each person for each step, whatever the number of runs.

A step is so many days before the event. Only the last step begun is written: a clock that stood
still for a week does not write two at once. Whoever registered since has just been told everything.
The lock of the event makes one worker write at a time; the ledger of mail says who has been written
to, so that a worker killed midway leaves the rest to the next run.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from events import mails
from events.enums import DocumentMoment, EventStatus
from events.models import Event, Registration

logger = logging.getLogger(__name__)

CHUNK = 50  # written in one transaction: nobody who registers waits long for the event


@dataclass(frozen=True)
class Step:
    event_id: int
    starts_on: date
    days: int

    @property
    def begins(self) -> date:
        return self.starts_on - timedelta(days=self.days)

    @property
    def key(self) -> str:
        """An event that is moved is reminded of anew."""
        return f"{self.starts_on:%Y-%m-%d} J-{self.days}"


def due(on: date) -> list[Step]:
    """For each event to come, the last step begun."""
    coming = Event.objects.filter(status=EventStatus.PLANNED, starts_on__gte=on)
    rows = coming.order_by("starts_on", "pk").values_list("pk", "starts_on", "reminder_days")
    return [
        Step(event_id, starts_on, min(begun))
        for event_id, starts_on, days in rows
        if (begun := [n for n in days if starts_on - timedelta(days=n) <= on])
    ]


def write(*, on: date, at: datetime) -> int:
    """All that is due; how many people were written to."""
    return sum(_write_step(step, on, at) for step in due(on))


def _write_step(step: Step, on: date, at: datetime) -> int:
    written, last = 0, 0
    while True:
        rows = _write_some(step, on, at, after=last)
        if not rows:
            break
        written, last = written + len(rows), rows[-1].pk
    if written:
        logger.info("event %s, %s: %d people reminded", step.event_id, step.key, written)
    return written


@transaction.atomic
def _write_some(step: Step, on: date, at: datetime, *, after: int) -> list[Registration]:
    """Some of those to remind; none when another worker is at it, who will write to the others."""
    held = Event.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    event = held.filter(pk=step.event_id).first()
    if event is None or event.starts_on != step.starts_on or event.status != EventStatus.PLANNED:
        return []
    rows = list(to_remind(event, step).filter(pk__gt=after).order_by("pk")[:CHUNK])
    documents = list(event.documents.filter(moment=DocumentMoment.BEFORE).order_by("title", "pk"))
    mails.reminder(event, rows, key=step.key, documents=documents, on=on, at=at)
    return rows


def to_remind(event: Event, step: Step) -> QuerySet[Registration]:
    """With a seat since before the step began, and not written to yet."""
    seated = event.registrations.registered().exclude(person=None)
    seated = seated.filter(registered_on__lt=step.begins)
    return seated.exclude(Exists(mails.reminders_of(OuterRef("pk"), step.key)))
