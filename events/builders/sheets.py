"""The sheet that people sign on entering."""

from django.conf import settings
from django.template.loader import render_to_string

from events.models import Event, HalfDay, Registration, half_days_of

BLANK_LINES = 6  # for those who come without having registered


def attendance_sheet_html(event: Event) -> str:
    """Who is expected, by name, with a box to sign per half-day: HTML for ``apmsl.lib.pdf``."""
    registrations = (
        Registration.objects.filter(event=event)
        .registered()
        .select_related("person__profession", "team")
        .by_name()
    )
    halves: list[HalfDay | None] = [*half_days_of(event)]
    context = {
        "event": event,
        "registrations": registrations,
        "halves": halves or [None],
        "landscape": len(halves) > 2,
        "blank_lines": range(BLANK_LINES),
        "federation_name": settings.FEDERATION_NAME,
    }
    return render_to_string("events/pdf/attendance_sheet.html", context)
