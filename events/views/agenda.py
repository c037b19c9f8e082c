"""The agenda: events as a list, and the next ones on the home page."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.blocks import Answer
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request, render_part
from apmsl.lib.typography import hours, period, plural
from events.enums import EventStatus, RegistrationStatus
from events.filters import EventFilter
from events.models import SEATED, Event, EventQuerySet

EVENTS_A_PAGE = 25
EVENTS_ON_THE_HOME_PAGE = 4


# An event in a list, as the parameters of its component.
Line = dict[str, Any]


@access(PUBLIC)
@require_safe
def events(request: Request) -> HttpResponse:
    found = EventFilter(request.GET, queryset=rows_for(request), request=request)
    page = Paginator(found.qs, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"filter": found, "page": page, "months": _months(page.object_list)}
    return render_part(
        request, "events/events.html", "results", context | views_of(request, today())
    )


def coming_block(request: HttpRequest, on: date) -> Answer:
    """On the home page: the next events, and where one is registered."""
    rows = rows_for(request).coming(on)[:EVENTS_ON_THE_HOME_PAGE]
    return ("events/blocks/coming.html", {"months": _months(rows)})


def rows_for(request: HttpRequest) -> EventQuerySet:
    """What whoever looks may see, with what a line says of it."""
    person = getattr(request.user, "person", None)
    seen = Event.objects.visible_to(request.user).select_related("kind", "series")
    return seen.with_seats_taken().with_my_registration(person)


def views_of(request: HttpRequest, month: date) -> dict[str, str]:
    """The addresses of the list and of a month, both filtered as the page is."""
    query = request.GET.copy()
    query.pop("page", None)
    asked = f"?{query.urlencode()}" if query else ""
    listed, by_month = reverse("events:events"), month_address(month)
    return {"list_url": f"{listed}{asked}", "month_url": f"{by_month}{asked}"}


def month_address(month: date) -> str:
    return reverse("events:month", args=[month.year, month.month])


def _months(rows: Iterable[Event]) -> list[tuple[date, list[Line]]]:
    on = today()
    months = groupby(rows, key=lambda row: row.starts_on.replace(day=1))
    return [(month, [line(row, month, on) for row in of_month]) for month, of_month in months]


def line(row: Event, month: date, on: date) -> Line:
    """``end`` only where the leaf of the calendar can show it."""
    status, tone = badge(row, on)
    within = row.ends_on.replace(day=1) == month
    clock = hours(row.starts_at, row.ends_at) if row.starts_at else ""
    return {
        "event": row,
        "href": row.get_absolute_url(),
        "kind": row.edition or row.kind.label,
        "place": row.where,
        "status": status,
        "tone": tone,
        "new": row.is_new,
        "end": row.ends_on if within else None,
        "when": clock if within else period(row.starts_on, row.ends_on),
    }


def badge(row: Any, on: date) -> tuple[str, str]:
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
