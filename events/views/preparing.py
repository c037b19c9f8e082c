"""Choosing one's workshops, or a colleague's."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from events import services
from events.access import REGISTERS, registrations_in_reach
from events.forms import ChoicesForm
from events.models import HOLDING, EventQuerySet, Item, Registration
from events.services import programme


def with_preparation(events: EventQuerySet) -> EventQuerySet:
    """Whether there is something to choose, in the query of the event itself."""
    items = Item.objects.to_choose().filter(event=OuterRef("pk"))
    return events.annotate(has_choices=Exists(items))


def preparation(shown: Any, mine: Registration | None, on: date) -> dict[str, Any]:
    """For the part of the page that registering changes; of an event read ``with_preparation``."""
    if shown.is_over(on) or not shown.has_choices:
        return {"chooses": False}
    chosen = []
    if mine and mine.status in HOLDING:
        rows = mine.choices.select_related("item")
        chosen = [choice.item for choice in rows.order_by("item__held_on", "item__starts_at", "pk")]
    return {"chooses": True, "my_choices": chosen, "holding": HOLDING}


@access(REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request, event_id: int, registration_id: int) -> HttpResponse:
    registration = _within_reach(request, event_id, registration_id)
    form = ChoicesForm(request.POST or None, registration=registration)
    if request.method == "POST" and form.is_valid() and _chosen(request, registration, form):
        messages.success(request, "Les ateliers choisis sont enregistrés.")
        return redirect(registration.event)
    context = {
        "event": registration.event,
        "registration": registration,
        "form": form,
        "whose": "" if registration.person_id == request.user.person_id else registration.person,
    }
    return render(request, "events/choose.html", context)


def _chosen(request: Request, registration: Registration, form: ChoicesForm) -> bool:
    try:
        programme.choose(registration=registration, items=form.items(), by=request.user, on=today())
    except programme.ChoiceRefused as refusal:
        form.refuse(str(refusal), refusal.item)
    except services.Refused as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


def _within_reach(request: Request, event_id: int, registration_id: int) -> Registration:
    reach = registrations_in_reach(request.user, today()).live().filter(event=event_id)
    return get_object_or_404(reach.select_related("event", "person"), pk=registration_id)
