"""The page where one finds, makes, changes and withdraws the addresses of one's calendars."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apmsl.lib.access import PUBLIC, SIGNED_IN, access
from apmsl.lib.htmx import Request
from events import services
from events.models import CalendarFeed


@access(PUBLIC)
@require_safe
def feeds(request: Request) -> HttpResponse:
    context: dict[str, Any] = {"public_url": _address("events:feed_public")}
    if request.user.is_authenticated:
        context["feed"] = CalendarFeed.objects.open().filter(user=request.user).first()
    if feed := context.get("feed"):
        context["mine_url"] = _address("events:feed_mine", feed.token)
        context["agenda_url"] = _address("events:feed_agenda", feed.token)
    return render(request, "events/feeds.html", context)


@access(SIGNED_IN)
@require_POST
def renew(request: Request) -> HttpResponse:
    services.renew_feed(user=request.user, at=timezone.now())
    messages.success(request, "Votre adresse est prête : ajoutez-la à votre calendrier.")
    return redirect("events:feeds")


@access(SIGNED_IN)
@require_POST
def revoke(request: Request) -> HttpResponse:
    services.revoke_feed(user=request.user, at=timezone.now())
    messages.success(request, "Votre adresse est retirée : elle ne mène plus nulle part.")
    return redirect("events:feeds")


def _address(name: str, *arguments: str) -> str:
    return f"{settings.PORTAL_URL}{reverse(name, args=arguments)}"
