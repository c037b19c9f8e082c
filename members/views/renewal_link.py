"""The link of a campaign's letter: it knows the member, and lets nobody in by itself."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from members.models import Campaign, Membership

STAYS = timedelta(days=60)  # after the campaign closes


@access(PUBLIC)
@require_safe
def enter(request: Request, token: str) -> HttpResponse:
    """To the member's file, which asks to sign in."""
    membership = Membership.objects.of_token(token)
    if membership is None:
        return render(request, "members/renewal/link.html", {"altered": True}, status=404)
    campaign = Campaign.objects.filter(form__year=membership.year).first()
    if campaign is None or today() > campaign.closes_on + STAYS:
        return render(request, "members/renewal/link.html", {"altered": False}, status=410)
    if membership.team_id is None:
        return redirect("members:own_renewal", membership.year)
    return redirect("members:renewal", membership.team_id, membership.year)
