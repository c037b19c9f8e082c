"""The agenda of a month, as a table of its days."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from apmsl.lib import typography
from apmsl.lib.access import PUBLIC, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request, render_part
from events.filters import MonthFilter
from events.models import Event, EventSession
from events.views.agenda import Line, line, month_address, rows_for, views_of

YEARS = range(2000, 2100)
ONE_DAY = timedelta(days=1)


@dataclass
class Day:
    """One cell; ``day`` is None beside the month."""

    day: date | None
    is_today: bool
    lines: list[Line] = field(default_factory=list)


@access(PUBLIC)
@require_safe
def month(request: Request, year: int, month: int) -> HttpResponse:
    first, last = _ends_of(year, month)
    met = Prefetch("sessions", EventSession.objects.order_by("held_on", "number", "pk"))
    of_month = rows_for(request).between(first, last).prefetch_related(met)
    found = MonthFilter(request.GET, queryset=of_month, request=request)
    rows = list(found.qs)
    context = {
        "filter": found,
        "month": first,
        "count": len(rows),
        "weekdays": typography.WEEKDAYS,
        "weeks": _weeks(first, rows, today()),
        "before": first - ONE_DAY,
        "after": last + ONE_DAY,
    }
    addresses = views_of(request, first) | _neighbours(request, first, last)
    return render_part(request, "events/month.html", "results", context | addresses)


def _ends_of(year: int, month: int) -> tuple[date, date]:
    if year not in YEARS or month not in range(1, 13):
        raise Http404
    first = date(year, month, 1)
    return first, (first + timedelta(days=31)).replace(day=1) - ONE_DAY


def _neighbours(request: Request, first: date, last: date) -> dict[str, str]:
    """No link out of the years that have a page, nor to where one is."""
    asked = f"?{request.GET.urlencode()}" if request.GET else ""
    around = {"before_url": first - ONE_DAY, "after_url": last + ONE_DAY}
    if not first <= today() <= last:
        around["now_url"] = today()
    return {
        name: f"{month_address(day)}{asked}" for name, day in around.items() if day.year in YEARS
    }


def _weeks(first: date, rows: Iterable[Event], on: date) -> list[list[Day]]:
    weeks = [
        [Day(day if day.month == first.month else None, day == on) for day in week]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]
    cells = {cell.day: cell for week in weeks for cell in week if cell.day}
    for row in rows:
        for day in _days_of(row):
            if day in cells:
                cells[day].lines.append(line(row, first, on))
    return weeks


def _days_of(row: Event) -> list[date]:
    """The days on which it meets; without sessions, each day from the first to the last."""
    sessions = sorted({session.held_on for session in row.sessions.all()})
    length = (row.ends_on - row.starts_on).days + 1
    return sessions or [row.starts_on + ONE_DAY * rank for rank in range(length)]
