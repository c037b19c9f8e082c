"""The account of a team: who keeps it, whom it invites, who leaves."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apmsl.lib.access import SIGNED_IN, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from apmsl.lib.typography import typeset
from members.access import may_name_managers, teams_kept
from members.forms import InvitationForm, ManagerForm
from members.models import Invitation, Person, Team, TeamManager
from members.services import invitations, managers
from members.services.invitations import InvitationRefused
from members.services.managers import ManagersRefused


@access(SIGNED_IN)
@require_safe
def account(request: Request, team_id: int) -> HttpResponse:
    return _page(request, _team(request, team_id))


@access(SIGNED_IN)
@require_POST
def invite(request: Request, team_id: int) -> HttpResponse:
    team, on = _team(request, team_id), today()
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, team, invite=form)
    role, at = form.cleaned_data["role"], timezone.now()
    try:
        invitations.invite(team=team, guest=form.guest, role=role, by=request.user, on=on, at=at)
    except InvitationRefused as refusal:
        form.add_error("email", typeset(str(refusal)))
        return _page(request, team, invite=form)
    messages.success(request, "L’invitation est en route.")
    return redirect("members:team_account", team.pk)


@access(SIGNED_IN)
@require_POST
def send_again(request: Request, invitation_id: int) -> HttpResponse:
    invitation = _invitation(request, invitation_id)
    if invitation.sent_at.date() == timezone.now().date():
        messages.info(request, "Cette invitation est déjà partie aujourd’hui.")
        return redirect("members:team_account", invitation.team_id)
    return _attempt(
        request,
        invitation.team_id,
        "L’invitation repart.",
        lambda: invitations.send_again(invitation=invitation, on=today(), at=timezone.now()),
    )


@access(SIGNED_IN)
@require_POST
def take_back(request: Request, invitation_id: int) -> HttpResponse:
    invitation = _invitation(request, invitation_id)
    return _attempt(
        request,
        invitation.team_id,
        "L’invitation est retirée : son lien ne mène plus nulle part.",
        lambda: invitations.withdraw(invitation=invitation, at=timezone.now()),
    )


@access(SIGNED_IN)
@require_POST
def name(request: Request, team_id: int) -> HttpResponse:
    team, on = _team(request, team_id), today()
    if not may_name_managers(request.user, team, on):
        raise Http404
    form = ManagerForm(request.POST, people=_candidates(team, on))
    if not form.is_valid():
        return _page(request, team, manager=form)
    person = form.cleaned_data["person"]
    return _attempt(
        request,
        team.pk,
        f"{person} gère désormais le compte de l’équipe.",
        lambda: managers.name(team=team, person=person, on=on),
    )


@access(SIGNED_IN)
@require_POST
def withdraw(request: Request, manager_id: int) -> HttpResponse:
    """By those who name managers, or by oneself."""
    kept = TeamManager.objects.filter(team__in=teams_kept(request.user, today()).values("pk"))
    manager = get_object_or_404(kept.select_related("team", "person"), pk=manager_id)
    oneself = manager.person_id == request.user.person_id
    if not oneself and not may_name_managers(request.user, manager.team, today()):
        raise Http404
    return _attempt(
        request,
        manager.team_id,
        f"{manager.person} ne gère plus le compte de l’équipe.",
        lambda: managers.withdraw(manager=manager, on=today()),
    )


def _team(request: Request, team_id: int) -> Team:
    return get_object_or_404(teams_kept(request.user, today()), pk=team_id)


def _invitation(request: Request, invitation_id: int) -> Invitation:
    own = Invitation.objects.filter(team__in=teams_kept(request.user, today()).values("pk"))
    return get_object_or_404(own.select_related("team"), pk=invitation_id)


def _attempt(request: Request, team_id: int, said: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except (InvitationRefused, ManagersRefused) as refusal:
        messages.error(request, typeset(str(refusal)))
    else:
        messages.success(request, typeset(said))
    return redirect("members:team_account", team_id)


def _candidates(team: Team, on: date) -> Any:
    kept = team.managers.open().values("person")
    return Person.objects.in_team(team, on).exclude(pk__in=kept).by_name()


def _page(request: Request, team: Team, **forms: Any) -> HttpResponse:
    on = today()
    kept = team.managers.filter(ended_on=None) | team.managers.on(on)
    context = {
        "team": team,
        "managers": kept.select_related("person__account").order_by("started_on", "pk"),
        "may_name": may_name_managers(request.user, team, on),
        "pending": team.invitations.pending().order_by("-sent_at", "pk"),
        "departures": team.departures.prepared(on)
        .select_related("person", "successor")
        .order_by("last_day", "pk"),
        "now": timezone.now(),
        "invite": InvitationForm(),
        "manager": ManagerForm(people=_candidates(team, on)),
        **forms,
    }
    return render(request, "members/team_account.html", context)
