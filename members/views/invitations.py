"""The link of an invitation: it says what awaits, and begins it once asked to."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from apmsl.lib.typography import typeset
from members.models import Invitation
from members.services import accounts, invitations
from members.services.invitations import InvitationOver

ALTERED = (
    "Votre logiciel de messagerie a peut-être coupé l’adresse : ouvrez-la depuis le bouton du"
    " message, ou copiez-la en entier."
)
NOT_YOURS = (
    "Vous êtes connecté·e avec un autre compte que celui à qui elle s’adresse : déconnectez-vous,"
    " puis rouvrez le lien."
)


@access(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, invitation_token: str) -> HttpResponse:
    found = Invitation.objects.select_related("team", "invited_by__person").of_token(
        invitation_token
    )
    if found is None:
        return _over(request, ALTERED, status=404)
    try:
        invitations.check(found, on=today(), at=timezone.now())
        if request.user.is_authenticated and not invitations.is_for(found, request.user):
            return _over(request, NOT_YOURS, status=409)
        if request.method == "POST":
            return _enter(request, found)
    except (InvitationOver, accounts.InvitationRefused) as refusal:
        return _over(request, str(refusal), status=410)
    return render(request, "members/invitation.html", {"invitation": found})


def _enter(request: Request, invitation: Invitation) -> HttpResponse:
    invitations.accept(invitation=invitation, on=today(), at=timezone.now())
    if request.user.is_authenticated:
        messages.success(request, typeset(f"Bienvenue : {invitation.team}."))
        return redirect("members:home")
    messages.success(
        request,
        "C’est noté. Donnez votre adresse : un code vous est envoyé, et vous entrez.",
    )
    return redirect("account_request_login_code")


def _over(request: Request, reason: str, *, status: int) -> HttpResponse:
    context = {"reason": typeset(reason)}
    return render(request, "members/invitation_over.html", context, status=status)
