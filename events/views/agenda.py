"""The agenda: events as a list, and the next ones on the home page."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.blocks import Answer
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request, render_part
from apmsl.lib.typography import hours, period, plural
from events.enums import EventStatus, RegistrationStatus
from events.filters import EventFilter
from events.models import SEATED, Event

EVENTS_A_PAGE = 25
EVENTS_ON_THE_HOME_PAGE = 4


# An event in a list, as the parameters of its component.
Line = dict[str, Any]


@access(PUBLIC)
@require_safe
def events(request: Request) -> HttpResponse:
    person = getattr(request.user, "person", None)
    seen = Event.objects.visible_to(request.user).select_related("kind")
    seen = seen.with_seats_taken().with_my_registration(person)
    found = EventFilter(request.GET, queryset=seen, request=request)
    page = Paginator(found.qs, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"filter": found, "page": page, "months": _months(page.object_list)}
    return render_part(request, "events/events.html", "results", context)


def coming_block(request: HttpRequest, on: date) -> Answer:
    """On the home page: the next events, and where one is registered."""
    person = getattr(request.user, "person", None)
    seen = Event.objects.visible_to(request.user).coming(on).select_related("kind")
    rows = seen.with_seats_taken().with_my_registration(person)[:EVENTS_ON_THE_HOME_PAGE]
    return ("events/blocks/coming.html", {"months": _months(rows)})


def _months(rows: Iterable[Event]) -> list[tuple[date, list[Line]]]:
    on = today()
    months = groupby(rows, key=lambda row: row.starts_on.replace(day=1))
    return [(month, [_line(row, month, on) for row in of_month]) for month, of_month in months]


def _line(row: Event, month: date, on: date) -> Line:
    """``end`` only where the leaf of the calendar can show it."""
    status, tone = _badge(row, on)
    within = row.ends_on.replace(day=1) == month
    clock = hours(row.starts_at, row.ends_at) if row.starts_at else ""
    return {
        "event": row,
        "href": row.get_absolute_url(),
        "kind": row.kind.label,
        "place": row.where,
        "status": status,
        "tone": tone,
        "end": row.ends_on if within else None,
        "when": clock if within else period(row.starts_on, row.ends_on),
    }


def _badge(row: Any, on: date) -> tuple[str, str]:
    if row.status == EventStatus.CANCELLED:
        return "Annulé", "danger"
    if row.my_status:
        tone = "success" if row.my_status in SEATED else "warning"
        return RegistrationStatus(row.my_status).label, tone
    if row.is_over(on) or row.capacity is None:
        return "", "neutral"
    if not row.is_open(on):
        return "Inscriptions closes", "neutral"
    if row.seats_left == 0:
        return "Complet", "warning"
    return plural(row.seats_left, "place", "places"), "info"
