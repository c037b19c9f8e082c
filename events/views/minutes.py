"""Minutes and decisions of an event, and the decisions that wait to be carried out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from events.forms.minutes import MinutesForm, decision_forms
from events.models import Event
from events.services.minutes import keep_minutes, late, open_decisions, participation
from members.access import STAFF


@access(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: Request, event_id: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=event_id)
    form = MinutesForm(request.POST or None, instance=event)
    decisions = decision_forms(event, request.POST or None)
    if request.method == "POST" and form.is_valid() and decisions.is_valid():
        text = form.cleaned_data["minutes"]
        keep_minutes(event=event, minutes=text, decisions=decisions.save(commit=False))
        messages.success(request, "Le compte rendu et les décisions sont enregistrés.")
        return redirect("events:minutes", event_id)
    context = {"event": event, "form": form, "decisions": decisions}
    context["participation"] = participation(event)
    return render(request, "events/minutes.html", context)


@access(STAFF)
@require_safe
def decisions(request: Request) -> HttpResponse:
    on = today()
    rows = [(row, late(row, on)) for row in open_decisions()]
    mine = [row for row in rows if row[0].owner_id == request.user.person_id]
    groups = [("Les miennes", mine), ("Toutes", rows)]
    return render(request, "events/decisions.html", {"groups": groups})
