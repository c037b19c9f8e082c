"""Seats kept for a team and named later, and a seat that passes to a colleague."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from apmsl.lib.typography import plural
from events import services
from events.access import REGISTERS, REGISTERS_COLLEAGUES, registrations_in_reach, successors
from events.forms import ReserveForm, SuccessorForm
from events.models import Event, Registration
from events.views.event import answer
from members.access import teams_led_by


@access(REGISTERS_COLLEAGUES)
@require_POST
def reserve(request: Request, event_id: int) -> HttpResponse:
    wanted = get_object_or_404(Event.objects.visible_to(request.user), pk=event_id)
    form = ReserveForm(request.POST, teams=teams_led_by(request.user, today()))
    if not form.is_valid():
        messages.error(request, "Dites combien de places réserver, de 1 à 20.")
        return answer(request, wanted)
    when: dict[str, Any] = {"by": request.user, "on": today(), "at": timezone.now()}
    try:
        kept = services.reserve(event=wanted, **form.cleaned_data, **when)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        number = plural(len(kept), "place réservée", "places réservées")
        messages.success(request, f"{number}, à compléter quand vous saurez qui vient.")
    return answer(request, wanted)


@access(REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: Request, event_id: int, registration_id: int) -> HttpResponse:
    """« Remplacer par… » a colleague."""
    registration = _in_reach(request, event_id, registration_id)
    if registration.person is None:
        return redirect("events:name", event_id, registration_id)
    return _choose(request, registration, services.replace, "Remplacer")


@access(REGISTERS_COLLEAGUES)
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: Request, event_id: int, registration_id: int) -> HttpResponse:
    """For whom a kept seat is."""
    registration = _in_reach(request, event_id, registration_id)
    return _choose(request, registration, services.name, "Attribuer la place")


def _in_reach(request: Request, event_id: int, registration_id: int) -> Registration:
    reach = registrations_in_reach(request.user, today()).select_related("event", "person", "team")
    return get_object_or_404(reach, pk=registration_id, event=event_id)


def _choose(request: Request, registration: Registration, make: Any, label: str) -> HttpResponse:
    event = registration.event
    form = SuccessorForm(request.POST or None, people=_free(registration))
    if request.method == "POST" and form.is_valid():
        when = {"by": request.user, "on": today(), "at": timezone.now()}
        try:
            taken = make(registration=registration, person=form.cleaned_data["person"], **when)
        except services.Refused as refusal:
            form.add_error("person", str(refusal))
        else:
            messages.success(request, f"La place est au nom de {taken.person}.")
            return redirect(event)
    context = {"event": event, "registration": registration, "form": form, "label": label}
    return render(request, "events/successor.html", context)


def _free(registration: Registration) -> Any:
    """The people of the team who have no seat yet."""
    event = registration.event
    holding = event.registrations.live().exclude(status="waitlisted").values("person")
    named = holding.filter(person__isnull=False)
    return successors(registration, today()).exclude(pk__in=named)
