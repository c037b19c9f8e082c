"""A sheet of registrations of one event: shown as it would be taken in, then taken in."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.lib.typography import plural, typeset
from events import services
from events.admin import tabs
from events.admin.moves import preview
from events.enums import RegistrationStatus
from events.forms.sheets import SheetForm
from events.models import Event
from events.services import sheets
from members.models import Person

_SALT = "events.intake"
_AN_HOUR = 3600


def page(page_of: Any, request: HttpRequest, event_id: int) -> HttpResponse:
    event = page_of.get_queryset(request).get(pk=event_id)
    if request.method == "POST" and "lines" in request.POST:
        return _take_in(request, event)
    form = SheetForm(request.POST or None, request.FILES or None, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            return _shown(page_of, request, event, form.lines)
        except services.Refused as refusal:
            form.add_error("file", typeset(str(refusal)))
    context = {
        "title": f"Importer des inscriptions à « {event} »",
        "form": form,
        "lead": typeset(
            "Partez de la feuille Inscriptions (XLSX) de cet événement, ou de la vôtre. La page "
            "suivante montre ce qui changerait : rien n’est fait avant. Une ligne fausse, et rien "
            "n’est pris."
        ),
        "submit": "Lire le fichier",
        "back": tabs.registrations_url(event_id),
    }
    return tabs.page(page_of, request, "admin/members/form.html", context)


def _shown(
    page_of: Any, request: HttpRequest, event: Event, lines: list[sheets.Line]
) -> HttpResponse:
    people = {line.person.pk for line in lines}
    steps = services.rehearse(
        events={event.pk}, chosen=set(), make=lambda: _make(request, event, lines)
    )
    steps = [replace(step, chosen=step.registration.person_id in people) for step in steps]
    told = plural(len(lines), "ligne lue", "lignes lues")
    same = len(lines) - sum(step.chosen for step in steps)
    context = {
        "title": f"Importer des inscriptions à « {event} »",
        "effect": typeset(
            f"{told}, dont {same} sans changement. Qui ne trouve pas de place attend."
        ),
        "lines": signing.dumps([[line.person.pk, line.status] for line in lines], salt=_SALT),
        "back": reverse("admin:events_event_take_in", args=[event.pk]),
        "submit": "Oui, importer ces inscriptions" if steps else "",
    }
    return tabs.page(page_of, request, "admin/events/confirm_action.html", context | preview(steps))


def _take_in(request: HttpRequest, event: Event) -> HttpResponse:
    """What was shown, and nothing else: the lines come back signed."""
    try:
        given = signing.loads(request.POST["lines"], salt=_SALT, max_age=_AN_HOUR)
    except signing.BadSignature:
        messages.error(request, typeset("Cette page a plus d’une heure : relisez le fichier."))
        return redirect("admin:events_event_take_in", event.pk)
    people = Person.objects.filter(erased_on=None).in_bulk([pk for pk, _ in given])
    lines = [
        sheets.Line(people[pk], RegistrationStatus(status)) for pk, status in given if pk in people
    ]
    try:
        _make(request, event, lines)
    except services.Refused as refusal:
        messages.error(request, typeset(str(refusal)))
    else:
        told = plural(len(lines), "inscription importée", "inscriptions importées")
        messages.success(request, f"{told}.")
    return redirect(tabs.registrations_url(event.pk))


def _make(request: HttpRequest, event: Event, lines: list[sheets.Line]) -> None:
    user: Any = request.user
    sheets.take_in(event=event, lines=lines, by=user, on=today(), at=timezone.now())
