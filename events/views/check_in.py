"""The screen of whoever welcomes people, on a telephone that may lose the network."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from apmsl.lib.text import normalise
from events import services
from events.access import WELCOMES
from events.models import Event, HalfDay, Registration, Tap, badge_code, half_days_of
from events.models.presence import current, found, those_here
from events.views.presence import roll

MOST_TAPS = 2_000  # what a telephone sends at once
CLOCK_IS_RIGHT = timedelta(minutes=1)


@access(WELCOMES)
@require_http_methods(["GET", "POST"])
def check_in(request: Request, event_id: int) -> HttpResponse:
    """Without a script, each button is a form of its own."""
    event = get_object_or_404(Event, pk=event_id)
    half = _half(event, request.GET.get("demi-journee", ""))
    if request.method == "POST" and half is not None:
        person, is_here = request.POST.get("person", ""), request.POST.get("here") == "1"
        if person in {str(row.person_id) for row in roll(event)}:
            tap = Tap(int(person), half, is_here=is_here, at=timezone.now())
            services.note(event=event, taps=[tap], by=request.user)
        return redirect(f"{_address(event, half)}#p{person}")
    context = _context(event, half, request.GET.get("q", ""))
    response = render(request, "events/check_in.html", context)
    response["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return response


@access(WELCOMES)
@require_POST
def sync(request: HttpRequest, event_id: int) -> HttpResponse:
    """What a telephone noted, with the moments by its own clock; answered by what all have noted."""
    event = get_object_or_404(Event, pk=event_id)
    half = _half(event, request.GET.get("demi-journee", ""))
    try:
        told = json.loads(request.body)
        taps = list(_taps(told, event, timezone.now()))
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError):
        return JsonResponse({"error": "Message illisible."}, status=400)
    if half is None:
        raise Http404
    services.note(event=event, taps=taps, by=request.user)
    rows = roll(event)
    came = sorted(person for person, at in those_here([half]) if at == half)
    return JsonResponse({"half": half.key, "here": came, "listed": len(rows)})


@access(WELCOMES)
@require_safe
def worker(request: HttpRequest, event_id: int) -> HttpResponse:
    """A script that keeps the page on the telephone may only watch over what lies below its address."""
    path = Path(str(finders.find("js/checkin-worker.js")))
    return HttpResponse(path.read_bytes(), content_type="text/javascript; charset=utf-8")


def _half(event: Event, key: str) -> HalfDay | None:
    halves = half_days_of(event)
    return found(halves, key) or current(halves, today(), timezone.localtime().time())


def _address(event: Event, half: HalfDay) -> str:
    return f"{reverse('events:check_in', args=[event.pk])}?demi-journee={half.key}"


def _context(event: Event, half: HalfDay | None, sought: str) -> dict[str, Any]:
    halves = half_days_of(event)
    here = {person for person, at in those_here(halves) if at == half}
    rows = [_line(row, here) for row in roll(event)]
    words = normalise(sought).split()
    return {
        "event": event,
        "half": half,
        "halves": halves,
        "sought": sought,
        "lines": [line for line in rows if all(word in line["search"] for word in words)],
        "listed": len(rows),
        "count": sum(line["here"] for line in rows),
    }


def _line(row: Registration, here: set[int]) -> dict[str, Any]:
    person: Any = row.person
    team = row.team.name if row.team else ""
    profession = person.profession.label if person.profession else ""
    return {
        "person": person,
        "meta": ", ".join(filter(None, [profession, team])),
        "search": normalise(f"{person.last_name} {person.first_name} {team}"),
        "badge": badge_code(row),
        "here": person.pk in here,
    }


def _taps(told: Any, event: Event, now: datetime) -> Iterator[Tap]:
    """Moments are moved by how far the telephone's clock is from ours, and never lie ahead.

    What was tapped before on another telephone must stay before: a small difference is the time
    that the message took, not the clock's, and moves nothing.
    """
    ahead = _moment(told["sent_at"]) - now
    if abs(ahead) < CLOCK_IS_RIGHT:
        ahead = timedelta(0)
    halves = half_days_of(event)
    # Whoever cancelled since the page was drawn, or waits, is here all the same.
    people = set(event.registrations.values_list("person_id", flat=True))
    for row in told["taps"][:MOST_TAPS]:
        half, person = found(halves, str(row["half"])), int(row["person"])
        if half is None or person not in people:
            continue
        at = min(now, _moment(row["at"]) - ahead)
        yield Tap(person, half, is_here=bool(row["here"]), at=max(at, now - timedelta(days=7)))


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None or moment.tzinfo is None:
        raise ValueError(text)
    return moment
