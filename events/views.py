"""The agenda: events, and registering to them."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.blocks import Answer
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request, render_part
from apmsl.lib.typography import hours, period, plural
from events import builders, services
from events.access import (
    REGISTERS,
    REGISTERS_COLLEAGUES,
    colleagues_of,
    registrations_in_reach,
)
from events.enums import EventStatus, RegistrationStatus
from events.filters import EventFilter
from events.forms import ColleaguesForm
from events.models import Event, Registration

EVENTS_A_PAGE = 25
EVENTS_ON_THE_HOME_PAGE = 4


# An event in a list, as the parameters of its component.
Line = dict[str, Any]


@access(PUBLIC)
@require_safe
def events(request: Request) -> HttpResponse:
    person = getattr(request.user, "person", None)
    seen = Event.objects.visible_to(request.user).with_seats_taken().with_my_registration(person)
    found = EventFilter(request.GET, queryset=seen, request=request)
    page = Paginator(found.qs, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"filter": found, "page": page, "months": _months(page.object_list)}
    return render_part(request, "events/events.html", "results", context)


@access(PUBLIC)
@require_safe
def event(request: Request, event_id: int) -> HttpResponse:
    shown = _event(request, event_id)
    context = _participation(request, shown) | {"sessions": builders.session_days(shown)}
    return render(request, "events/event.html", context)


@access(PUBLIC)
@require_safe
def calendar(request: Request, event_id: int) -> HttpResponse:
    shown = _event(request, event_id)
    registration = _registration(request, shown)
    registered = registration is not None and registration.status == RegistrationStatus.REGISTERED
    sequence = shown.versions() + (registration.versions() if registration else 0)
    days = builders.session_days(shown)
    content = builders.calendar(
        shown, days, sequence=sequence, at=timezone.now(), with_link=registered
    )
    name = f'attachment; filename="evenement-{shown.code}.ics"'
    return HttpResponse(
        content, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": name}
    )


# -- registering -----------------------------------------------------------------------------------
@access(REGISTERS)
@require_POST
def register(request: Request, event_id: int) -> HttpResponse:
    wanted = _wanted(request, event_id)
    user, on, at = request.user, today(), timezone.now()
    try:
        mine = services.register(event=wanted, person=user.person, by=user, on=on, at=at)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
        return _answer(request, wanted)
    _tell(request, mine)
    return _answer(request, wanted, mine=mine)


@access(REGISTERS_COLLEAGUES)
@require_POST
def register_colleagues(request: Request, event_id: int) -> HttpResponse:
    wanted = _wanted(request, event_id)
    user, on, at = request.user, today(), timezone.now()
    form = ColleaguesForm(request.POST, event=wanted, colleagues=colleagues_of(user, on))
    if not form.is_valid():
        return _answer(request, wanted, form=form)
    people = form.cleaned_data["people"]
    try:
        done = services.register_colleagues(event=wanted, people=people, by=user, on=on, at=at)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        _tell_colleagues(request, done)
    return _answer(request, wanted)


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
        mine = registration.person == request.user.person
        whose = "Votre inscription" if mine else f"L’inscription de {registration.person}"
        messages.success(request, f"{whose} est annulée.")
    return _answer(request, wanted)


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


# -- what the pages show ---------------------------------------------------------------------------
def coming_block(request: HttpRequest, on: date) -> Answer:
    """On the home page: the next events, and where one is registered."""
    person = getattr(request.user, "person", None)
    seen = Event.objects.visible_to(request.user).coming(on)
    rows = seen.with_seats_taken().with_my_registration(person)[:EVENTS_ON_THE_HOME_PAGE]
    return ("events/blocks/coming.html", {"months": _months(rows)})


def _months(rows: Iterable[Event]) -> list[tuple[date, list[Line]]]:
    on = today()
    months = groupby(rows, key=lambda row: row.starts_on.replace(day=1))
    return [(month, [_line(row, month, on) for row in of_month]) for month, of_month in months]


def _line(row: Event, month: date, on: date) -> Line:
    """``end`` only where the leaf of the calendar can show it."""
    status, tone = _badge(row, on)
    within = row.ends_on.replace(day=1) == month
    clock = hours(row.starts_at, row.ends_at) if row.starts_at else ""
    return {
        "event": row,
        "href": row.get_absolute_url(),
        "kind": row.get_category_display(),
        "place": row.where,
        "status": status,
        "tone": tone,
        "end": row.ends_on if within else None,
        "when": clock if within else period(row.starts_on, row.ends_on),
    }


def _badge(row: Any, on: date) -> tuple[str, str]:
    if row.status == EventStatus.CANCELLED:
        return "Annulé", "danger"
    if row.my_status:
        tone = "success" if row.my_status == RegistrationStatus.REGISTERED else "warning"
        return RegistrationStatus(row.my_status).label, tone
    if row.is_over(on) or row.capacity is None:
        return "", "neutral"
    if not row.is_open(on):
        return "Inscriptions closes", "neutral"
    if row.seats_left == 0:
        return "Complet", "warning"
    return plural(row.seats_left, "place", "places"), "info"


def _event(request: Request, event_id: int) -> Event:
    seen = Event.objects.visible_to(request.user).select_related("theme").with_seats_taken()
    return get_object_or_404(seen, pk=event_id)


def _answer(
    request: Request,
    wanted: Event,
    *,
    mine: Registration | None = None,
    form: ColleaguesForm | None = None,
) -> HttpResponse:
    """The event's page again: only what registering changes for htmx, the form again when wrong."""
    if not request.htmx and form is None:
        return redirect(wanted)
    shown = _event(request, wanted.pk)
    context = _participation(request, shown, mine=mine, form=form)
    if not request.htmx:
        context["sessions"] = builders.session_days(shown)
    return render_part(request, "events/event.html", "participation", context)


def _participation(
    request: Request,
    shown: Event,
    *,
    mine: Registration | None = None,
    form: ColleaguesForm | None = None,
) -> dict[str, Any]:
    user, on = request.user, today()
    mine = mine or _registration(request, shown)
    context: dict[str, Any] = {
        "event": shown,
        "mine": mine,
        "rank": mine.rank() if mine and mine.is_waiting else None,
        "is_open": shown.is_open(on),
        "is_over": shown.is_over(on),
        "registers": REGISTERS.allows(user),
    }
    if REGISTERS_COLLEAGUES.allows(user):
        colleagues = colleagues_of(user, on)
        theirs = shown.registrations.live().filter(person__in=colleagues)
        context["colleagues"] = theirs.select_related("person").by_name()
        context["form"] = form or ColleaguesForm(event=shown, colleagues=colleagues)
    return context


def _registration(request: Request, shown: Event) -> Registration | None:
    if not REGISTERS.allows(request.user):
        return None
    return shown.registrations.live().filter(person=request.user.person_id).first()
