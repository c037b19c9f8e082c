"""The pages on which the staff makes something of an event: asked or shown first, then done."""

from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.lib.typography import day, plural, typeset
from events import services
from events.admin import tabs
from events.admin.forms import CancelForm, DuplicateForm, PeopleForm, RepeatForm
from events.enums import EventStatus, Rhythm
from events.models import ActionKind, Event, Series
from events.services import attendance, copies

# What each rhythm proposes.
_HOURS = {Rhythm.HALF_DAY: (time(14), time(17)), Rhythm.DAY: (time(9, 30), time(17))}


def _back(event_id: int) -> str:
    return reverse("admin:events_event_change", args=[event_id])


# -- a new one -------------------------------------------------------------------------------------
def choose_kind(page_of: Any, request: HttpRequest) -> HttpResponse:
    chapters: dict[str, list[ActionKind]] = {}
    for kind in ActionKind.objects.proposed():
        chapters.setdefault(kind.get_chapter_display(), []).append(kind)
    context = {
        "title": typeset("Quel événement créez-vous ?"),
        "chapters": chapters,
        "series": Series.objects.select_related("kind").order_by("title", "pk"),
    }
    return tabs.page(page_of, request, "admin/events/choose_kind.html", context)


def proposed(given: dict[str, Any]) -> dict[str, Any]:
    """What the kind, or the series, says of a new event."""
    series = _found(Series.objects.select_related("kind"), given.get("series"))
    kind = series.kind if series else _found(ActionKind.objects.all(), given.get("kind"))
    if kind is None:
        return {}
    starts_at, ends_at = _HOURS.get(Rhythm(kind.rhythm), (None, None))
    values = {
        "kind": kind.pk,
        "title": kind.label,
        "audiences": kind.audiences,
        "starts_at": starts_at,
        "ends_at": ends_at,
    }
    if series:
        values |= {"title": series.title, "series_number": copies.next_number(series)}
    return values


def _found(rows: Any, pk: Any) -> Any:
    return rows.filter(pk=pk).first() if str(pk or "").isdecimal() and len(str(pk)) < 10 else None


def open_sessions(request: HttpRequest, event: Event) -> None:
    """Nobody is noted present without a session."""
    try:
        made = attendance.create_sessions(event=event)
    except attendance.NoSession as refusal:
        messages.info(request, typeset(str(refusal)))
        return
    told = plural(made, "séance est prête", "séances sont prêtes")
    messages.info(request, f"{told} dans l’onglet Programme.")


# -- what a change of the form brings --------------------------------------------------------------
def say_what_follows(request: HttpRequest, before: Any, event: Event, changed: list[str]) -> None:
    """``before`` is the event as it was, with its seats taken."""
    if "capacity" in changed:
        _after_capacity(request, before, event)
    if {"starts_on", "ends_on", "starts_at", "ends_at"} & set(changed):
        _after_dates(request, event)


def _after_capacity(request: HttpRequest, before: Any, event: Event) -> None:
    seated = services.promote(event=event, on=today(), at=timezone.now())
    if seated:
        told = plural(len(seated), "personne sort", "personnes sortent")
        messages.info(request, f"{told} de la liste d’attente.")
    event.seats_taken = before.seats_taken
    if event.seats_missing:
        messages.warning(request, told_of_missing(event))


def told_of_missing(event: Event) -> str:
    """Of an event read with its seats taken: said on its pages, and beside the field."""
    missing = plural(event.seats_missing, "place manque", "places manquent")
    taken = plural(event.seats_taken, "personne a", "personnes ont")
    return typeset(f"{missing} : {taken} une place. Personne n’est désinscrit.")


def _after_dates(request: HttpRequest, event: Event) -> None:
    """Whoever comes is told by ``changes``; what has days of its own has not moved."""
    days = (event.starts_on, event.ends_on)
    left = event.sessions.exclude(held_on__range=days).count()
    left += event.items.exclude(held_on__range=days).count()
    if left:
        told = plural(left, "ligne du programme est", "lignes du programme sont")
        messages.warning(request, typeset(f"{told} hors de ces dates : voyez l’onglet Programme."))


# -- people ----------------------------------------------------------------------------------------
def register_people(page_of: Any, request: HttpRequest, event_id: int) -> HttpResponse:
    event = get_object_or_404(page_of.get_queryset(request), pk=event_id)
    form = PeopleForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _register(request, event, form):
        return redirect(tabs.registrations_url(event_id))
    context = {
        "title": f"Inscrire à « {event} »",
        "event": event,
        "form": form,
        "media": page_of.media + form.media,
        "tabs": tabs.tabs_of(event_id, "inscriptions"),
    }
    return tabs.page(page_of, request, "admin/events/register_people.html", context)


def _register(request: HttpRequest, event: Event, form: PeopleForm) -> bool:
    people = list(form.cleaned_data["people"])
    by: Any = request.user
    try:
        registrations = services.register_colleagues(
            event=event, people=people, by=by, on=today(), at=timezone.now()
        )
    except services.Refused as refusal:
        form.add_error("people", str(refusal))
        return False
    waiting = sum(registration.is_waiting for registration in registrations)
    seated = plural(len(registrations) - waiting, "personne inscrite", "personnes inscrites")
    queued = f", {waiting} sur liste d’attente" if waiting else ""
    messages.success(request, f"{seated}{queued}.")
    return True


# -- never deleted with its registrations, cancelled, or made again --------------------------------
def refuse_to_delete(page_of: Any, request: HttpRequest, event: Event) -> HttpResponse:
    context = {
        "title": typeset(f"« {event} » ne peut pas être supprimé"),
        "event": event,
        "count": event.registrations.count(),
        "registrations_url": tabs.registrations_url(event.pk),
        "tabs": tabs.tabs_of(event.pk, ""),
    }
    return tabs.page(page_of, request, "admin/events/not_deleted.html", context)


def cancel_event(page_of: Any, request: HttpRequest, event_id: int) -> HttpResponse:
    event = get_object_or_404(page_of.get_queryset(request), pk=event_id)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _cancel(request, event, form.cleaned_data["reason"])
        messages.success(
            request, typeset("L’événement est annulé ; les personnes inscrites sont prévenues.")
        )
        return redirect(_back(event_id))
    context = {"title": f"Annuler « {event} »", "event": event, "form": form}
    return tabs.page(page_of, request, "admin/events/cancel_event.html", context)


def _cancel(request: HttpRequest, event: Event, reason: str) -> None:
    by: Any = request.user
    services.cancel_event(event=event, by=by, on=today(), at=timezone.now(), reason=reason)


def duplicate(page_of: Any, request: HttpRequest, event_id: int) -> HttpResponse:
    event = get_object_or_404(page_of.get_queryset(request), pk=event_id)
    form = DuplicateForm(request.POST or None, initial={"title": event.title})
    if request.method == "POST" and form.is_valid():
        try:
            copy = copies.duplicate(event=event, **form.cleaned_data)
        except copies.NotCopied as refusal:
            form.add_error("starts_on", typeset(str(refusal)))
        else:
            messages.success(request, f"« {copy} » est prévu le {day(copy.starts_on)}.")
            return redirect(_back(copy.pk))
    context = {
        "title": f"Dupliquer « {event} »",
        "form": form,
        "lead": "Tout est repris, sauf les inscriptions, les présences, les photos, le compte rendu "
        "et les documents d’après.",
        "submit": "Dupliquer",
        "back": _back(event_id),
    }
    return tabs.page(page_of, request, "admin/members/form.html", context)


def repeat(page_of: Any, request: HttpRequest, event_id: int) -> HttpResponse:
    """Shown first: which days, which numbers; then made at once, or not at all."""
    event = get_object_or_404(page_of.get_queryset(request), pk=event_id)
    form = RepeatForm(request.POST or None, event=event, initial={"series": event.series_id})
    planned: list[copies.Planned] = []
    if request.method == "POST" and form.is_valid():
        if "apply" in request.POST:
            return _repeat(request, event, form)
        planned = _planned(form)
    context = {
        "title": f"Créer une série d’après « {event} »",
        "event": event,
        "form": form,
        "planned": planned,
        "new": sum(not one.exists for one in planned),
        "EventStatus": EventStatus,
        "back": _back(event_id),
    }
    return tabs.page(page_of, request, "admin/events/repeat.html", context)


def _planned(form: RepeatForm) -> list[copies.Planned]:
    try:
        return copies.preview(
            event=form.event, days=form.days(), series=form.cleaned_data["series"]
        )
    except copies.NotCopied as refusal:
        form.add_error(None, str(refusal))
        return []


def _repeat(request: HttpRequest, event: Event, form: RepeatForm) -> HttpResponse:
    try:
        made = form.make()
    except copies.NotCopied as refusal:
        messages.error(request, str(refusal))
        return redirect(_back(event.pk))
    told = plural(len(made), "événement créé", "événements créés")
    messages.success(request, f"{told}.")
    listed = reverse("admin:events_event_changelist")
    return redirect(f"{listed}?pk__in={','.join(str(one.pk) for one in made)}" if made else listed)
