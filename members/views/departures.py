"""« Préparer un départ »: what to hand over, to whom, and until when."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apmsl.lib.access import SIGNED_IN, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from apmsl.lib.typography import day, typeset
from members.access import teams_kept
from members.forms import DepartureForm
from members.models import Departure, Person, Team
from members.services import departures
from members.services.departures import DepartureRefused


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: Request, team_id: int) -> HttpResponse:
    team, on = get_object_or_404(Team.objects.open_on(today()), pk=team_id), today()
    keeps = teams_kept(request.user, on).filter(pk=team.pk).exists()
    person = _person(request, team, on, keeps=keeps)
    if person is None:
        people = Person.objects.in_team(team, on).select_related("profession").by_name()
        return render(request, "members/departure.html", {"team": team, "people": people})
    form = _form(request, team, person, on, keeps=keeps)
    if request.method == "POST" and form.is_valid():
        try:
            return _done(request, team, form, on)
        except DepartureRefused as refusal:
            form.add_error(None, typeset(str(refusal)))
    context = {"team": team, "person": person, "form": form, "keeps": keeps}
    context["matters"] = departures.matters_of(team, person, on)
    return render(request, "members/departure.html", context)


def _person(request: Request, team: Team, on: date, *, keeps: bool) -> Person | None:
    """Of whom: those who keep the account choose; the others speak of themselves."""
    people = Person.objects.in_team(team, on)
    if not keeps:
        return get_object_or_404(people, pk=request.user.person_id or 0)
    chosen = request.GET.get("personne", "")
    if not chosen:
        return None
    if not chosen.isdecimal() or len(chosen) > 15:
        raise Http404
    return get_object_or_404(people, pk=int(chosen))


def _form(request: Request, team: Team, person: Person, on: date, *, keeps: bool) -> DepartureForm:
    return DepartureForm(
        request.POST or None,
        person=person,
        held=departures.roles_held(team, person, on),
        colleagues=Person.objects.in_team(team, on).exclude(pk=person.pk).by_name(),
        may_invite=keeps,
    )


def _done(request: Request, team: Team, form: DepartureForm, on: date) -> HttpResponse:
    departure = departures.prepare(
        team=team, plan=form.plan, by=request.user, on=on, at=timezone.now()
    )
    last = day(departure.last_day)
    messages.success(request, typeset(f"C’est prêt : {departure.person} reste jusqu’au {last}."))
    return redirect(team)


@access(SIGNED_IN)
@require_POST
def cancel(request: Request, departure_id: int) -> HttpResponse:
    on = today()
    rows: Any = Departure.objects.prepared(on).select_related("team", "person", "successor")
    departure = get_object_or_404(rows, pk=departure_id)
    if not departures.may_prepare(request.user, departure.team, departure.person, on):
        raise Http404
    team = departure.team
    departures.cancel(departure=departure, by=request.user, on=on, at=timezone.now())
    messages.success(request, "Le départ est annulé : tout continue comme avant.")
    return redirect(team)
