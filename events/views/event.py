"""The page of an event, and its entry for a calendar."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request, render_part
from events import builders
from events.access import REGISTERS, REGISTERS_COLLEAGUES, WELCOMES, colleagues_of
from events.forms import ColleaguesForm, ReserveForm
from events.models import Event, Registration, SurveyInvitation
from events.models.links import Link, token
from events.models.presence import presence_of
from events.services import conditions
from events.views.about import about
from events.views.preparing import preparation, with_preparation
from members.access import STAFF, teams_led_by


@access(PUBLIC)
@require_safe
def event(request: Request, event_id: int) -> HttpResponse:
    shown = shown_event(request, event_id)
    context = participation(request, shown) | _told(request, shown)
    context["structured_data"] = builders.structured_data(shown)
    return render(request, "events/event.html", context)


@access(PUBLIC)
@require_safe
def calendar(request: Request, event_id: int) -> HttpResponse:
    shown = shown_event(request, event_id)
    registration = _registration(request, shown)
    registered = registration is not None and registration.is_seated
    sequence = shown.versions() + (registration.versions() if registration else 0)
    days = builders.session_days(shown)
    content = builders.calendar(
        shown, days, sequence=sequence, at=timezone.now(), with_link=registered
    )
    name = f'attachment; filename="evenement-{shown.code}.ics"'
    return HttpResponse(
        content, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": name}
    )


def shown_event(request: Request, event_id: int) -> Event:
    seen = with_preparation(Event.objects.visible_to(request.user).with_seats_taken())
    told = seen.select_related("kind", "series", "theme", "host_team")
    return get_object_or_404(told, pk=event_id)


def answer(
    request: Request,
    wanted: Event,
    *,
    mine: Registration | None = None,
    form: ColleaguesForm | None = None,
) -> HttpResponse:
    """The event's page again: only what registering changes for htmx, the form again when wrong."""
    if not request.htmx and form is None:
        return redirect(wanted)
    shown = shown_event(request, wanted.pk)
    context = participation(request, shown, mine=mine, form=form)
    if not request.htmx:
        context |= _told(request, shown)
    return render_part(request, "events/event.html", "participation", context)


def _told(request: Request, shown: Event) -> dict[str, Any]:
    return about(request, shown) | {"sessions": builders.session_days(shown)}


def participation(
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
        "is_welcome": WELCOMES.allows(user),
        "replaces": on <= shown.last_day_to_replace,
        "opens_on": _opens_on(request, shown, mine, on),
    }
    if REGISTERS_COLLEAGUES.allows(user):
        colleagues = colleagues_of(user, on)
        theirs = shown.registrations.live().filter(person__in=colleagues)
        context["colleagues"] = theirs.select_related("person", "charge").by_name()
        context["form"] = form or ColleaguesForm(event=shown, colleagues=colleagues)
        context |= _kept(request, shown, on)
    return context | preparation(shown, mine, on) | _afterwards(request, shown, on)


def _afterwards(request: Request, shown: Event, on: date) -> dict[str, Any]:
    """What awaits whoever was there, whatever became of the registration; the letters of thanks
    bring it too."""
    person = request.user.person if REGISTERS.allows(request.user) else None
    if person is None or not shown.is_over(on):
        return {}
    attended = shown.registrations.came().filter(person=person).first()
    if attended is None:
        return {}
    asked = SurveyInvitation.objects.filter(registration=attended, answered_on=None).exists()
    return {
        "attended": attended,
        "presence": presence_of(person, shown),
        "survey_token": token(Link.SURVEY, attended.pk) if asked else "",
    }


def _kept(request: Request, shown: Event, on: date) -> dict[str, Any]:
    """The seats without a name of the reader's teams, and the form to keep more."""
    teams = teams_led_by(request.user, on)
    kept = shown.registrations.live().nameless().filter(team__in=teams.values("pk"))
    rows = list(kept.select_related("team", "charge").order_by("queued_at", "pk"))
    form = ReserveForm(teams=teams, auto_id="reserve_%s", initial={"kept": len(rows)})
    return {"kept": rows, "reserve_form": form}


def _opens_on(request: Request, shown: Event, mine: Registration | None, on: date) -> date | None:
    """The day from which the reader may register, when it has not come."""
    person = request.user.person if REGISTERS.allows(request.user) else None
    if mine is not None or person is None or STAFF.allows(request.user):
        return None
    opening = conditions.opens_for(shown, [person], request.user, on)
    return opening[1] if opening else None


def _registration(request: Request, shown: Event) -> Registration | None:
    if not REGISTERS.allows(request.user):
        return None
    own = shown.registrations.live().filter(person=request.user.person_id)
    return own.select_related("charge").first()
