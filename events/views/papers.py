"""What is printed before the day: the sheet to sign, the badges, the poster of the room."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apmsl.jobs import services as jobs
from apmsl.lib import pdf
from apmsl.lib.access import access
from apmsl.lib.htmx import Request
from events import builders
from events.access import WELCOMES
from events.builders.badges import BADGES
from events.models import Event


@access(WELCOMES)
@require_safe
def attendance_sheet(request: Request, event_id: int) -> HttpResponse:
    event = _event(event_id)
    return _file(builders.attendance_sheet_html(event), f"emargement-{event.code}.pdf")


@access(WELCOMES)
@require_POST
def badges(request: Request, event_id: int) -> HttpResponse:
    """Drawn by a worker: two hundred of them take ten seconds."""
    event = _event(event_id)
    run = jobs.request(
        kind=BADGES,
        key=f"{BADGES}:{event.pk}",
        label=f"Badges : {event.title}"[:200],
        params={"event": event.pk},
        user=request.user,
        at=timezone.now(),
    )
    return redirect(run)


@access(WELCOMES)
@require_safe
def poster(request: Request, event_id: int) -> HttpResponse:
    event = _event(event_id)
    return _file(builders.poster_html(event), f"affiche-{event.code}.pdf")


def _event(event_id: int) -> Event:
    return get_object_or_404(Event.objects.select_related("kind"), pk=event_id)


def _file(html: str, name: str) -> HttpResponse:
    return HttpResponse(
        pdf.render(html),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
