"""An action on registrations that was a slip is taken back, for a while, by whoever made it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.lib.typography import plural, typeset
from events import services
from events.admin import tabs
from events.models import Registration

LASTS = timedelta(hours=1)
MOST = 1_000  # remembered in the session
_KEY = "registrations_moved"


def remember(request: HttpRequest, told: str, moved: Sequence[Registration]) -> None:
    """The last action only: the one before it is forgotten."""
    if not moved:
        return
    request.session.pop(_KEY, None)
    if len(moved) > MOST:
        return
    request.session[_KEY] = {
        "at": timezone.now().isoformat(),
        "told": typeset(told),
        "versions": services.last_versions(moved),
        "back": request.get_full_path(),
    }


def offered(request: HttpRequest) -> dict[str, Any]:
    """What the list says of the action that may still be taken back; empty without one."""
    kept = request.session.get(_KEY)
    if not kept or timezone.now() - datetime.fromisoformat(kept["at"]) > LASTS:
        return {}
    return {
        "told": kept["told"],
        "at": datetime.fromisoformat(kept["at"]),
        "versions": {int(pk): version for pk, version in kept["versions"].items()},
        "back": kept["back"],
    }


def page(page_of: Any, preview: Any, request: HttpRequest) -> HttpResponse:
    """``preview`` is that of every move: the same table tells what would come back."""
    kept = offered(request)
    if not kept:
        messages.error(request, typeset("Il n’y a plus d’action à annuler : tout reste en l’état."))
        return redirect("admin:events_registration_changelist")
    if request.method == "POST":
        _say(request, _put_back(request, kept))
        del request.session[_KEY]
        return redirect(kept["back"])
    done: list[services.PutBack] = []
    rows = Registration.objects.filter(pk__in=kept["versions"])
    steps = services.rehearse(
        events=set(rows.order_by().values_list("event", flat=True)),
        chosen=set(kept["versions"]),
        make=lambda: done.append(_put_back(request, kept)),
    )
    context = {
        "title": typeset("Annuler cette action ?"),
        "effect": typeset(
            f"{kept['told']}. Chaque inscription reprend son état d’avant. Un courriel déjà parti "
            "ne se rattrape pas : un autre dit que c’était une erreur. Qui a reçu une place "
            "entre-temps la garde."
        ),
        "notes": [typeset(text) for text in _left(done[0])],
        "back": kept["back"],
        "submit": "Oui, annuler cette action" if done[0].back else "",
    }
    return tabs.page(page_of, request, "admin/events/confirm_action.html", context | preview(steps))


def url() -> str:
    return reverse("admin:events_registration_undo")


def _put_back(request: HttpRequest, kept: dict[str, Any]) -> services.PutBack:
    user: Any = request.user
    return services.put_back(versions=kept["versions"], by=user, on=today(), at=timezone.now())


def _say(request: HttpRequest, done: services.PutBack) -> None:
    told = plural(len(done.back), "inscription a repris son", "inscriptions ont repris leur")
    messages.success(request, f"{told} état d’avant.")
    for text in _left(done):
        messages.warning(request, typeset(text))


def _left(done: services.PutBack) -> list[str]:
    told = []
    if done.moved_since:
        rows = plural(
            len(done.moved_since),
            "inscription a changé depuis et reste",
            "inscriptions ont changé depuis et restent",
        )
        told.append(f"{rows} en l’état.")
    if done.seatless:
        rows = plural(
            len(done.seatless), "inscription reste en l’état", "inscriptions restent en l’état"
        )
        told.append(f"{rows} : la place a été donnée entre-temps. Vous pouvez placer hors jauge.")
    return told
