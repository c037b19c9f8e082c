"""The relation log on the pages of people and teams, for the staff: « Noter un échange »."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from members.access import STAFF
from members.enums import ExchangeKind
from members.forms import ExchangeForm
from members.models import Exchange, Person, Team, User
from members.services import exchanges

SHOWN = 8


def _now() -> dict[str, Any]:
    return {"kind": ExchangeKind.CALL, "happened_on": today()}


@dataclass(frozen=True)
class Log:
    """The latest exchanges with a person or a team, and the form for one more."""

    subject: Person | Team
    recent: Sequence[Exchange]
    form: ExchangeForm = field(default_factory=lambda: ExchangeForm(initial=_now()))

    @property
    def is_team(self) -> bool:
        return isinstance(self.subject, Team)


def log_of(user: User, subject: Person | Team) -> Log | None:
    """Nothing for those who are not of the staff."""
    if not STAFF.allows(user):
        return None
    recent = subject.exchanges.newest_first().select_related("by__person", "person", "team")
    return Log(subject, list(recent[:SHOWN]))


@access(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def about_person(request: Request, person_id: int) -> HttpResponse:
    seen = Person.objects.visible_to(request.user)
    return _note(request, get_object_or_404(seen, pk=person_id))


@access(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def about_team(request: Request, team_id: int) -> HttpResponse:
    return _note(request, get_object_or_404(Team.objects.visible_to(request.user), pk=team_id))


def _note(request: Request, subject: Person | Team) -> HttpResponse:
    form = ExchangeForm(request.POST or None, initial=_now())
    if request.method == "POST" and form.is_valid():
        whom = {"team" if isinstance(subject, Team) else "person": subject}
        exchanges.note(by=request.user, **whom, **form.cleaned_data)
        messages.success(request, "L’échange est noté.")
        return _back_to(subject)
    return render(request, "members/exchange.html", {"subject": subject, "form": form})


@access(STAFF)
@require_POST
def follow_up_done(request: Request, exchange_id: int) -> HttpResponse:
    exchange = get_object_or_404(Exchange, pk=exchange_id)
    if exchanges.follow_up_done(exchange=exchange, on=today()):
        messages.success(request, "La relance est faite.")
    else:
        messages.info(request, "Cette relance était déjà faite.")
    return _back_to(exchange.team if "team" in request.POST else exchange.person or exchange.team)


def _back_to(subject: Person | Team | None) -> HttpResponseRedirect:
    return redirect(f"{subject.get_absolute_url()}#echanges" if subject else "members:home")
