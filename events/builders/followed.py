"""Many events as entries of a calendar that is read again and again, and what tells it has changed."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet

from events.builders.calendar import PARIS, SessionDay, days_of, event_entries
from events.builders.entries import CANCELLED, NEVER, TENTATIVE, CalendarEntry
from events.enums import EventStatus, RegistrationStatus
from events.models import Event, EventQuerySet, EventSession, Registration

Days = list[SessionDay]
_MARKS = {
    RegistrationStatus.WAITLISTED: "(liste d’attente)",
    RegistrationStatus.OFFERED: "(place proposée)",
}


def state_of_events(shown: EventQuerySet) -> object:
    """Each change of an event leaves a row of history; sessions leave none."""
    sessions = EventSession.objects.filter(event__in=shown).order_by("pk")
    days = sessions.values_list("pk", "event_id", "number", "held_on")
    return _last_changes(shown), list(days)


def state_of_registrations(registrations: QuerySet[Registration]) -> object:
    return _last_changes(registrations)


def _last_changes(rows: QuerySet[Any]) -> list[tuple[int, int | None]]:
    """None for what is still as it was made."""
    return list(rows.order_by("pk").annotate(last=Max("events__pk")).values_list("pk", "last"))


def entries_of_events(
    shown: EventQuerySet, registrations: QuerySet[Registration] | None = None
) -> Iterator[CalendarEntry]:
    """With ``registrations``, of whom the calendar is: their state at each event."""
    days = defaultdict(list)
    sessions = EventSession.objects.filter(event__in=shown).order_by("number", "pk")
    for event_id, number, held_on in sessions.values_list("event", "number", "held_on"):
        days[event_id].append((number, held_on))
    mine = (
        {row.event_id: row for row in _with_versions(registrations)}
        if registrations is not None
        else {}
    )
    for event in _with_versions(shown).order_by("starts_on", "pk"):
        met = days_of(days[event.pk])
        if registrations is None or event.status == EventStatus.CANCELLED:
            yield from _announced(event, met, mine.get(event.pk))
        elif registration := mine.get(event.pk):
            yield from _mine(event, met, registration)
        else:
            yield from _proposed(event, met)


def _with_versions(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.annotate(seen=Count("events"), seen_at=Max("events__pgh_created_at"))


def _written(event: Any, met: Days, mine: Any = None, **told: Any) -> list[CalendarEntry]:
    """A move of the registration is a new version of the entry, as one of the event is."""
    rows = [event, mine] if mine else [event]
    at = max(row.seen_at or NEVER for row in rows)
    return event_entries(event, met, sequence=sum(row.seen for row in rows), at=at, **told)


def _announced(event: Event, met: Days, mine: Registration | None) -> list[CalendarEntry]:
    """A cancelled one is kept: the entry is struck out rather than left as it was."""
    if event.status == EventStatus.CANCELLED:
        told = {"status": CANCELLED, "mark": "(annulé)", "note": "Cet événement est annulé."}
        return _written(event, met, mine, **told)
    return _written(event, met)


def _mine(event: Event, met: Days, mine: Registration) -> Iterator[CalendarEntry]:
    note = f"{mine.get_status_display()}."
    if mine.is_seated:
        yield from _written(event, met, mine, note=note, with_link=True)
        return
    mark = _MARKS.get(RegistrationStatus(mine.status), "")
    yield from _written(event, met, mine, note=note, status=TENTATIVE, mark=mark)
    if mine.offer_until:
        yield CalendarEntry(
            uid=f"{event.code}-place",
            title=f"Place à accepter\u00a0: {event}",
            start=mine.offer_until.astimezone(PARIS),
            end=None,
            changed_at=mine.offer_until,
            path=event.get_absolute_url(),
            is_busy=False,
        )


def _proposed(event: Event, met: Days) -> Iterator[CalendarEntry]:
    note = "Vous n’êtes pas inscrit·e."
    yield from _written(event, met, note=note, status=TENTATIVE, is_busy=False)
    if event.registration_until and event.status == EventStatus.PLANNED:
        yield CalendarEntry(
            uid=f"{event.code}-inscription",
            title=f"Dernier jour pour s’inscrire\u00a0: {event}",
            start=event.registration_until,
            end=event.registration_until + timedelta(days=1),
            changed_at=NEVER,
            path=event.get_absolute_url(),
            is_busy=False,
        )
