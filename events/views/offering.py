"""Accepting or leaving an offered seat from the page of the event."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from events import services
from events.access import REGISTERS, registrations_in_reach
from events.models import Event
from events.views.event import answer


@access(REGISTERS)
@require_POST
def accept(request: Request, event_id: int, registration_id: int) -> HttpResponse:
    return _move(request, event_id, registration_id, services.accept, "La place est acceptée.")


@access(REGISTERS)
@require_POST
def decline(request: Request, event_id: int, registration_id: int) -> HttpResponse:
    told = "La place va à la personne suivante de la liste d’attente."
    return _move(request, event_id, registration_id, services.decline, told)


def _move(
    request: Request, event_id: int, registration_id: int, make: Callable[..., Any], told: str
) -> HttpResponse:
    wanted = get_object_or_404(Event.objects.visible_to(request.user), pk=event_id)
    reach = registrations_in_reach(request.user, today()).filter(event=wanted)
    registration = get_object_or_404(reach, pk=registration_id)
    try:
        make(registration=registration, by=request.user, on=today(), at=timezone.now())
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return answer(request, wanted)
