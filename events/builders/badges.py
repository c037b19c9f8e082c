"""Badges to cut out, and the poster of the room: what telephones read on the day."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from apmsl.lib import qr
from events.models import Event, Registration, badge_code, half_days_of, room_token

A_PAGE = 10
LONG_NAME = 18  # letters of the longer of both names, above which they are set smaller


def badges_html(event: Event) -> str:
    """Those who have a seat, by name, ten to a page."""
    rows = Registration.objects.filter(event=event).registered().exclude(person=None)
    rows = rows.select_related("person__profession", "team").by_name()
    badges = [_badge(row) for row in rows]
    pages = [badges[start : start + A_PAGE] for start in range(0, len(badges), A_PAGE)]
    context = {"event": event, "pages": pages, "federation_name": settings.FEDERATION_NAME}
    return render_to_string("events/pdf/badges.html", context)


def _badge(row: Registration) -> dict[str, Any]:
    person: Any = row.person
    return {
        "person": person,
        "long": max(len(person.first_name), len(person.last_name)) > LONG_NAME,
        "profession": person.profession.label if person.profession else "",
        "team": row.team.name if row.team else "",
        "code": qr.picture(badge_code(row)),
    }


def poster_html(event: Event) -> str:
    address = settings.PORTAL_URL + reverse("events:here", args=[room_token(event)])
    context = {
        "event": event,
        "halves": half_days_of(event),
        "address": address,
        "code": qr.picture(address),
        "federation_name": settings.FEDERATION_NAME,
    }
    return render_to_string("events/pdf/poster.html", context)
