"""People who come without having registered: found, or new."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from apmsl.lib.text import normalise
from events import services
from events.access import WELCOMES
from events.forms.walk_ins import NewcomerForm
from events.models import Event, HalfDay, Registration, half_days_of
from events.models.presence import current
from members.models import Person

FOUND = 20


@access(WELCOMES)
@require_http_methods(["GET", "POST"])
def walk_in(request: Request, event_id: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=event_id)
    form = NewcomerForm(request.POST if request.POST.get("new") else None)
    if request.method == "POST":
        registration = _welcomed(request, event, form)
        if registration is not None:
            text = f"{registration.person} est noté·e présent·e."
            messages.success(request, text)
            return redirect(_back(request, event))
    sought = request.GET.get("q", "").strip()
    context = {"event": event, "form": form, "sought": sought, "people": _people(sought)}
    return render(request, "events/walk_in.html", context | {"back": _back(request, event)})


def half_now(event: Event) -> HalfDay | None:
    return current(half_days_of(event), today(), timezone.localtime().time())


def _welcomed(request: Request, event: Event, form: NewcomerForm) -> Registration | None:
    given: Any = {
        "event": event,
        "half": half_now(event),
        "by": request.user,
        "on": today(),
        "at": timezone.now(),
    }
    person_id = request.POST.get("person", "")
    if person_id.isdecimal() and len(person_id) < 19:
        person = get_object_or_404(Person, pk=person_id, erased_on=None)
        return services.welcome(person=person, **given)
    if not form.is_valid():
        return None
    newcomer = services.Newcomer(**form.cleaned_data)
    return services.welcome_newcomer(newcomer=newcomer, **given)


def _people(sought: str) -> list[Person]:
    words = normalise(sought).split()
    if not words:
        return []
    people = Person.objects.filter(erased_on=None)
    for word in words:
        people = people.filter(sort_name__contains=word)
    return list(people.with_links_on(today()).by_name()[:FOUND])


def _back(request: Request, event: Event) -> str:
    where = request.GET.get("retour") or request.POST.get("retour")
    name = "events:check_in" if where == "accueil" else "events:presence"
    return reverse(name, args=[event.pk])
