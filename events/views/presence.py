"""The half-day grid of an event, and the sessions and walk-ins that it lacks."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from apmsl.lib.typography import plural
from apmsl.mail.services import one_line
from events import services
from events.access import WELCOMES
from events.enums import RegistrationStatus
from events.models import (
    SEATED,
    Attendance,
    Event,
    HalfDay,
    Registration,
    half_days_of,
)
from events.models.presence import current, found, those_here

WITHOUT_REASON = "Sans précision"


@dataclass
class Row:
    registration: Registration
    cells: list[tuple[str, HalfDay, bool]]  # name, half-day, ticked

    @property
    def is_excused(self) -> bool:
        return self.registration.status == RegistrationStatus.EXCUSED


@access(WELCOMES)
@require_http_methods(["GET", "POST"])
def grid(request: Request, event_id: int) -> HttpResponse:
    event = get_object_or_404(Event.objects.select_related("kind"), pk=event_id)
    halves = half_days_of(event)
    if request.method == "POST":
        filled = _filled(request, event, halves)
        services.save_grid(event=event, filled=filled, by=request.user, at=timezone.now())
        messages.success(request, "La présence est enregistrée.")
        return redirect(_address(event, _asked(request.POST, halves)))
    return render(request, "events/presence.html", _context(request, event, halves))


@access(WELCOMES)
@require_POST
def sessions(request: Request, event_id: int) -> HttpResponse:
    event = get_object_or_404(Event.objects.select_related("kind"), pk=event_id)
    try:
        new = services.create_sessions(event=event)
    except services.NoSession as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{plural(new, 'séance créée', 'séances créées')}.")
    return redirect(_address(event))


def roll(event: Event) -> list[Registration]:
    """Whom one expects, who came, and who sent an excuse; sorted as on the printed sheet."""
    came = Attendance.objects.filter(session__event=event).values("person")
    known = Q(status__in=(*SEATED, RegistrationStatus.EXCUSED)) | Q(person__in=came)
    rows = event.registrations.filter(known).exclude(person=None)
    return list(rows.select_related("person__profession", "team").by_name())


def _address(event: Event, day: date | None = None) -> str:
    address = reverse("events:presence", args=[event.pk])
    return f"{address}?jour={day}" if day else address


def _context(request: Request, event: Event, halves: list[HalfDay]) -> dict[str, Any]:
    day = _day(request, halves)
    columns = [half for half in halves if half.held_on == day]
    begun = bool(columns) and columns[0].held_on <= today()
    opened = services.untouched(event, columns) if begun else []
    here = those_here(columns)
    rows = [_row(registration, columns, here, opened) for registration in roll(event)]
    return {
        "event": event,
        "days": sorted({half.held_on for half in halves}),
        "day": day,
        "columns": columns,
        "rows": rows,
        "opened": " ".join(half.key for half in opened),
        "shown": " ".join(name for row in rows for name, _, ticked in row.cells if ticked),
        "excused": " ".join(str(row.registration.pk) for row in rows if row.is_excused),
        "first_time": bool(opened) and bool(rows),
        "begun": begun,
    }


def _day(request: Request, halves: list[HalfDay]) -> date | None:
    if asked := _asked(request.GET, halves):
        return asked
    now = current(halves, today(), timezone.localtime().time())
    return now.held_on if now else None


def _asked(data: Any, halves: list[HalfDay]) -> date | None:
    """A day of the event; any other, and what is none, is as good as nothing."""
    return {str(half.held_on): half.held_on for half in halves}.get(data.get("jour", ""))


def _row(
    registration: Registration,
    columns: Iterable[HalfDay],
    here: set[tuple[int, HalfDay]],
    opened: list[HalfDay],
) -> Row:
    person, seated = registration.person_id or 0, registration.is_seated
    cells = [
        (f"{person}.{half.key}", half, (person, half) in here or (seated and half in opened))
        for half in columns
    ]
    return Row(registration, cells)


# -- what the grid sends -----------------------------------------------------------------------------
def _filled(request: Request, event: Event, halves: list[HalfDay]) -> services.Filled:
    """What was changed: what was not shown, or no longer exists, is left as it is."""
    data = request.POST
    rows = roll(event)
    people = {str(row.person_id): row.pk for row in rows}
    known = {str(row.pk) for row in rows}
    shown, here = set(data.get("shown", "").split()), set(data.getlist("here"))
    changed = {
        cell: name in here
        for name in shown ^ here
        if (cell := _cell(name, halves, people)) is not None
    }
    was = set(data.get("excused_shown", "").split()) & known
    excused = set(data.getlist("excused")) & known
    ticked = {str(people[str(person)]) for (person, _), is_here in changed.items() if is_here}
    return services.Filled(
        opened=_halves(data.get("opened", "").split(), halves),
        whole=_halves(data.getlist("whole"), halves),
        changed=changed,
        excused={int(pk): _reason(data, pk) for pk in excused - was},
        came_back=[int(pk) for pk in was & (ticked | (was - excused))],
    )


def _cell(name: str, halves: list[HalfDay], people: Container[str]) -> tuple[int, HalfDay] | None:
    person, _, key = name.partition(".")
    half = found(halves, key)
    if half is None or person not in people:
        return None
    return int(person), half


def _halves(keys: Iterable[str], halves: list[HalfDay]) -> list[HalfDay]:
    return [half for half in (found(halves, key) for key in keys) if half is not None]


def _reason(data: Any, pk: str) -> str:
    return one_line(data.get(f"reason-{pk}", ""))[:200] or WITHOUT_REASON
