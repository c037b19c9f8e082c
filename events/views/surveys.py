"""The satisfaction survey: answered by a link without signing in, read from five answers on."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.charts import Bars, Item
from apmsl.lib.dates import today
from events.forms.surveys import MARKS, SurveyForm
from events.models import Event, SurveyInvitation
from events.models.links import Link, registration_of
from events.services.surveys import AlreadyAnswered, Results, answer, survey_results
from members.access import BOARD, STAFF


@access(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def survey(request: HttpRequest, survey_token: str) -> HttpResponse:
    registration = registration_of(Link.SURVEY, survey_token)
    invitation = SurveyInvitation.objects.filter(registration=registration).first()
    if registration is None or invitation is None:
        raise Http404
    event = registration.event
    context: dict[str, Any] = {"event": event, "answered": invitation.answered_on is not None}
    form = SurveyForm(request.POST or None, event=event)
    if request.method == "POST" and not context["answered"] and form.is_valid():
        try:
            answer(invitation=invitation, opinion=form.opinion(), on=today())
        except AlreadyAnswered:
            context["answered"] = True
        else:
            return redirect("events:survey", survey_token)
    return render(request, "events/survey.html", context | {"form": form})


@access(STAFF | BOARD)
@require_safe
def results(request: HttpRequest, event_id: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=event_id)
    found = survey_results(event)
    context = {"event": event, "results": found, "charts": _charts(found)}
    return render(request, "events/survey_results.html", context)


def _charts(found: Results) -> list[tuple[Bars, list[str]]]:
    """Each drawing with what was written beside it."""
    if not found.shown:
        return []
    words = {int(mark): label for mark, label in MARKS}
    marks = [Item(words[mark], found.satisfaction[mark]) for mark in (5, 4, 3, 2, 1)]
    charts = [(Bars(key="satisfaction", title="Satisfaction", items=marks), list[str]())]
    for rank, row in enumerate(found.objectives, start=1):
        items = [Item(label, n) for label, n in row.counts.items()]
        drawn = Bars(key=f"objectif-{rank}", title=row.objective.text, items=items)
        charts.append((drawn, row.comments))
    return charts
