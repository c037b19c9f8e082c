"""« Je suis là »: what the square code on the wall of the room leads to.

It opens without an account and names nobody: only whoever knows a registration notes it.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apmsl.lib import limits
from apmsl.lib.access import PUBLIC, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from events import services
from events.enums import EventStatus
from events.forms.walk_ins import ArrivalForm
from events.models import Event, HalfDay, Registration, Tap, event_of_room, half_days_of
from events.models.presence import letting_in, those_here

FAILURES, WITHIN = 30, 600  # per address and event: a whole room may share one address
UNKNOWN = "Aucune inscription ne correspond : vérifiez, ou présentez-vous à l’accueil."
TOO_MANY = "Trop d’essais : présentez-vous à l’accueil, ou réessayez dans dix minutes."


@access(PUBLIC)
@never_cache
@require_http_methods(["GET", "POST"])
def here(request: Request, room_token: str) -> HttpResponse:
    event = event_of_room(room_token)
    if event is None or event.status == EventStatus.CANCELLED:
        raise Http404
    halves = half_days_of(event)
    half = letting_in(halves, today(), timezone.localtime().time())
    mine = _mine(request, event)
    form = ArrivalForm(request.POST if request.method == "POST" else None)
    noted = None
    if request.method == "POST" and half is not None:
        noted = mine if request.POST.get("me") else _known(request, event, form)
        if noted is not None and noted.person_id:
            _note(request, event, noted.person_id, half)
    context = {
        "event": event,
        "half": half,
        "halves": halves,
        "form": form,
        "mine": mine,
        "noted": noted,
        "is_here": _is_here(mine, half),
    }
    return render(request, "events/here.html", context)


def _mine(request: Request, event: Event) -> Registration | None:
    person = getattr(request.user, "person_id", None)
    if person is None:
        return None
    seated = event.registrations.registered().select_related("person")
    return seated.filter(person=person).first()


def _known(request: Request, event: Event, form: ArrivalForm) -> Registration | None:
    who = f"{event.pk}:{get_adapter().get_client_ip(request)}"
    if limits.exhausted("arrival", who, most=FAILURES):
        form.add_error(None, TOO_MANY)
        return None
    if not form.is_valid():
        return None
    found = form.registration_to(event)
    if found is None:
        limits.failed("arrival", who, within=WITHIN)
        form.add_error(None, UNKNOWN)
    return found


def _note(request: Request, event: Event, person: int, half: HalfDay) -> None:
    by: Any = request.user if request.user.is_authenticated else None
    tap = Tap(person, half, is_here=True, at=timezone.now())
    services.note(event=event, taps=[tap], by=by)


def _is_here(mine: Registration | None, half: HalfDay | None) -> bool:
    return bool(mine and half and (mine.person_id, half) in those_here([half]))
