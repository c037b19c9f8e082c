"""What has happened to a registration: for whom it is, and for whoever may act on it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from events import services
from events.access import REGISTERS, registrations_in_reach


@access(REGISTERS)
@require_safe
def moves(request: Request, event_id: int, registration_id: int) -> HttpResponse:
    reach = registrations_in_reach(request.user, today()).filter(event=event_id)
    found = get_object_or_404(reach.select_related("event", "person"), pk=registration_id)
    context = {"event": found.event, "registration": found, "moves": services.moves(found)}
    return render(request, "events/moves.html", context)
