"""Badges to cut out, and the poster of the room: what telephones read on the day."""

import hashlib
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from apmsl.jobs.models import Draft, Kind, Refused, Run
from apmsl.jobs.models.kinds import Params, register
from apmsl.lib import pdf, qr
from events.models import Event, Registration, badge_code, half_days_of, room_token
from members.access import STAFF

BADGES = "badges"
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


# -- as a run: hundreds of them take longer than a page -------------------------------------------
def register_badges() -> None:
    register(Kind(BADGES, draft_badges, _for_the_staff, _back))


def draft_badges(params: Params) -> Draft:
    event = Event.objects.get(pk=params["event"])
    if not event.registrations.registered().exclude(person=None).exists():
        raise Refused("Personne n’a de place pour le moment : il n’y a pas de badge à imprimer.")
    html = badges_html(event)
    digest = hashlib.sha256(html.encode()).hexdigest()
    return Draft(f"badges-{event.code}.pdf", digest, lambda beat: pdf.render(html))


def _for_the_staff(user: Any) -> Q | None:
    return Q() if STAFF.allows(user) else None


def _back(run: Run) -> str:
    return reverse("events:presence", args=[run.params["event"]])


# -- the poster ------------------------------------------------------------------------------------
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
