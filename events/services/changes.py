"""What changes of an event for those who come: its day, its hours, its place, its link.

Called around whatever saves the event: ``facts`` before, under the lock, then ``tell_changes``.
"""

from collections.abc import Mapping
from datetime import date, datetime

import pghistory
from django.db import transaction

from apmsl.lib.typography import day, hours, period
from events import mails
from events.enums import EventStatus
from events.mails import Change
from events.models import Event, EventSession

TITLE, WHEN, HOURS, WHERE, LINK, SESSIONS = (
    "Intitulé",
    "Date",
    "Horaires",
    "Lieu",
    "Visioconférence",
    "Séances",
)


def facts(event_id: int) -> dict[str, str]:
    """As written in the mails; locks the event until the end of the transaction."""
    event = Event.objects.lock(event_id)
    sessions = list(event.sessions.order_by("held_on", "number", "pk"))
    alone = sessions[0] if len(sessions) == 1 else None
    return {
        TITLE: event.title,
        WHEN: period(event.starts_on, event.ends_on),
        HOURS: _hours(event) or (_hours(alone) if alone else ""),
        WHERE: event.where,
        LINK: event.online_url,
        SESSIONS: " ; ".join(_session(session) for session in sessions) if not alone else "",
    }


@transaction.atomic
def tell_changes(*, event: Event, before: Mapping[str, str], on: date, at: datetime) -> int:
    """Write to those who come and those who wait, once per change; how many are concerned.

    Nothing is written of an event that is over or cancelled, nor of what changes nothing for them.
    """
    now = facts(event.pk)
    changes = [Change(name, before.get(name, ""), new) for name, new in now.items()]
    changes = [change for change in changes if change.before != change.after]
    event = Event.objects.get(pk=event.pk)
    if not changes or event.status != EventStatus.PLANNED or event.is_over(on):
        return 0
    if all(change.name == SESSIONS for change in changes):
        # The calendar entry changes, though no column of the event does: a version all the same.
        pghistory.create_event(event, label="changed")
    live = event.registrations.live().exclude(person=None).select_related("person")
    rows = list(live.order_by("queued_at", "pk"))
    mails.changed(event, rows, changes=changes, version=event.versions(), at=at)
    return len(rows)


def _hours(of: Event | EventSession) -> str:
    return hours(of.starts_at, of.ends_at) if of.starts_at else ""


def _session(session: EventSession) -> str:
    return f"{day(session.held_on)} {_hours(session)}".strip()
