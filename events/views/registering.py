"""Registering oneself and colleagues from the page of an event."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from apmsl.lib.typography import plural
from events import services
from events.access import (
    REGISTERS,
    REGISTERS_COLLEAGUES,
    colleagues_of,
    registrations_in_reach,
)
from events.forms import ColleaguesForm
from events.models import Event, Registration
from events.views.event import answer


@access(REGISTERS)
@require_POST
def register(request: Request, event_id: int) -> HttpResponse:
    wanted = _wanted(request, event_id)
    user, on, at = request.user, today(), timezone.now()
    try:
        mine = services.register(event=wanted, person=user.person, by=user, on=on, at=at)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
        return answer(request, wanted)
    _tell(request, mine)
    return answer(request, wanted, mine=mine)


@access(REGISTERS_COLLEAGUES)
@require_POST
def register_colleagues(request: Request, event_id: int) -> HttpResponse:
    wanted = _wanted(request, event_id)
    user, on, at = request.user, today(), timezone.now()
    form = ColleaguesForm(request.POST, event=wanted, colleagues=colleagues_of(user, on))
    if not form.is_valid():
        return answer(request, wanted, form=form)
    asked: dict[str, Any] = {
        "people": form.cleaned_data["people"],
        "together": bool(form.cleaned_data.get("together")),
    }
    try:
        done = services.register_colleagues(event=wanted, **asked, by=user, on=on, at=at)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        _tell_colleagues(request, done)
    return answer(request, wanted)


@access(REGISTERS)
@require_POST
def cancel(request: Request, event_id: int, registration_id: int) -> HttpResponse:
    wanted = _wanted(request, event_id)
    on, at = today(), timezone.now()
    reach = registrations_in_reach(request.user, on).filter(event=wanted)
    registration = get_object_or_404(reach.select_related("person"), pk=registration_id)
    try:
        services.cancel(registration=registration, by=request.user, on=on, at=at)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{_whose(request, registration)} est annulée.")
    return answer(request, wanted)


def _whose(request: Request, registration: Registration) -> str:
    if registration.person is None:
        return "La place à compléter"
    mine = registration.person == request.user.person
    return "Votre inscription" if mine else f"L’inscription de {registration.person}"


def _wanted(request: Request, event_id: int) -> Event:
    return get_object_or_404(Event.objects.visible_to(request.user), pk=event_id)


def _tell(request: Request, mine: Registration) -> None:
    if mine.is_waiting:
        text = "L’événement est complet : vous êtes sur liste d’attente."
        messages.warning(request, text)
    else:
        messages.success(request, "Vous êtes inscrit·e. Une confirmation vous est envoyée.")


def _tell_colleagues(request: Request, done: Sequence[Registration]) -> None:
    waiting = sum(registration.is_waiting for registration in done)
    if seated := len(done) - waiting:
        messages.success(request, plural(seated, "personne inscrite", "personnes inscrites") + ".")
    if waiting:
        people = plural(waiting, "personne", "personnes")
        text = f"L’événement est complet : {people} sur liste d’attente."
        messages.warning(request, text)
