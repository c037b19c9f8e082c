"""« Ce que la fédération sait de moi », and of my team: read, take away, have it corrected."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apmsl.lib.access import SIGNED_IN, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from members.access import teams_spoken_for
from members.builders import personal_data
from members.enums import DataRequestKind
from members.forms import DataRequestForm, ErasureForm
from members.models import DataRequest, Person, Team
from members.services import data_rights

ROWS_SHOWN = 20


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: Request) -> HttpResponse:
    person = _me(request)
    form = DataRequestForm(request.POST or None)
    if form.is_valid():
        return _ask(request, DataRequestKind.CORRECTION, form.cleaned_data["text"])
    waiting = DataRequest.objects.waiting().filter(person=person).order_by("-asked_at", "pk")
    context = {"subject": person, "form": form, "waiting": waiting}
    return render(request, "members/data/mine.html", context | _known(person))


@access(SIGNED_IN)
@require_safe
def copy(request: Request) -> HttpResponse:
    return _download(_me(request), "mes-donnees.zip")


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: Request) -> HttpResponse:
    _me(request)
    form = ErasureForm(request.POST or None)
    if form.is_valid():
        return _ask(request, DataRequestKind.ERASURE, form.cleaned_data["text"])
    return render(request, "members/data/erasure.html", {"form": form})


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: Request, team_id: int) -> HttpResponse:
    team = _my_team(request, team_id)
    form = DataRequestForm(request.POST or None)
    if form.is_valid():
        return _ask(request, DataRequestKind.CORRECTION, form.cleaned_data["text"], team)
    waiting = DataRequest.objects.waiting().filter(team=team).order_by("-asked_at", "pk")
    context = {"subject": team, "team": team, "form": form, "waiting": waiting}
    return render(request, "members/data/team.html", context | _known(team))


@access(SIGNED_IN)
@require_safe
def team_copy(request: Request, team_id: int) -> HttpResponse:
    return _download(_my_team(request, team_id), f"equipe-{team_id}-donnees.zip")


def _me(request: Request) -> Person:
    if request.user.person is None:
        raise Http404
    return request.user.person


def _my_team(request: Request, team_id: int) -> Team:
    return get_object_or_404(teams_spoken_for(request.user, today()), pk=team_id)


def _known(of: Person | Team) -> dict[str, Any]:
    by_theme = groupby(personal_data.sections(of), key=lambda section: section.source.theme)
    themes = [(theme, list(sections)) for theme, sections in by_theme]
    return {"themes": themes, "rows_shown": ROWS_SHOWN}


def _ask(
    request: Request, kind: DataRequestKind, text: str, team: Team | None = None
) -> HttpResponse:
    data_rights.ask(
        kind=kind,
        person=_me(request),
        team=team,
        text=text,
        by=request.user,
        on=today(),
        at=timezone.now(),
    )
    messages.success(request, "Votre demande est partie : la fédération répond sous un mois.")
    if team:
        return redirect("members:team_data", team.pk)
    return redirect("members:my_data")


def _download(of: Person | Team, name: str) -> HttpResponse:
    content = personal_data.archive(of, at=timezone.now())
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
