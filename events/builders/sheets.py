"""The sheet that people sign on entering."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from events.models import Event, Registration

BLANK_LINES = 6  # for those who come without having registered


def attendance_sheet_html(event: Event) -> str:
    """Who is expected, by name, with a box to sign per session: HTML for ``apmsl.lib.pdf``."""
    registrations = (
        Registration.objects.filter(event=event)
        .registered()
        .select_related("person__profession", "team")
        .by_name()
    )
    sessions: list[Any] = list(event.sessions.order_by("number", "pk"))
    context = {
        "event": event,
        "registrations": registrations,
        "sessions": sessions or [None],
        "landscape": len(sessions) > 2,
        "blank_lines": range(BLANK_LINES),
        "federation_name": settings.FEDERATION_NAME,
    }
    return render_to_string("events/pdf/attendance_sheet.html", context)
