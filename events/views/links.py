"""The link of a mail: who is registered to what, and what they may do there without signing in.

The link names one registration in one life: taken up again, it has another link. Whoever holds the
mail acts for its reader, on this registration only.
"""

from typing import Any

import pghistory
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from events import services
from events.enums import EventStatus
from events.models import Registration

MOVES: dict[str, tuple[Any, str]] = {
    "come": (services.confirm_coming, "C’est noté : vous venez."),
    "accept": (services.accept, "La place est à vous."),
    "decline": (services.decline, "C’est noté : la place va à la personne suivante."),
    "cancel": (services.cancel, "Votre inscription est annulée."),
}


@access(PUBLIC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: Request, registration_token: str) -> HttpResponse:
    known = Registration.objects.select_related("event__kind", "person", "team", "charge")
    found = known.of_token(registration_token)
    if found is None:
        return _unlisted(render(request, "events/link_over.html", status=404))
    if request.method == "POST":
        _move(request, found)
        return _unlisted(redirect("events:link", registration_token))
    return _unlisted(render(request, "events/link.html", _context(found)))


def _move(request: Request, registration: Registration) -> None:
    make, told = MOVES.get(request.POST.get("move", ""), (None, ""))
    if make is None:
        return
    try:
        with pghistory.context(link=True):
            make(registration=registration, by=None, on=today(), at=timezone.now())
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)


def _context(registration: Registration) -> dict[str, Any]:
    event, at = registration.event, timezone.now()
    until = registration.offer_until
    return {
        "registration": registration,
        "event": event,
        "moves": services.moves(registration),
        "rank": registration.rank() if registration.is_waiting else None,
        "is_over": event.is_over(today()),
        "is_cancelled": event.status == EventStatus.CANCELLED,
        "too_late": until is not None and until <= at,
    }


def _unlisted(response: HttpResponse) -> HttpResponse:
    """The address is a key: no search engine keeps it, no other site is told it."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response
