"""Choosing one's workshops or a colleague's, and answering the event's questions."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from events import services
from events.access import REGISTERS, registrations_in_reach
from events.forms import AnswersForm, ChoicesForm
from events.models import HOLDING, EventQuerySet, Item, Registration, RegistrationQuestion
from events.services import programme, questions
from members.access import STAFF


def with_preparation(events: EventQuerySet) -> EventQuerySet:
    """Whether there is something to choose, in the query of the event itself."""
    items = Item.objects.to_choose().filter(event=OuterRef("pk"))
    questions = RegistrationQuestion.objects.filter(event=OuterRef("pk"))
    return events.annotate(has_choices=Exists(items), has_questions=Exists(questions))


def preparation(shown: Any, mine: Registration | None, on: date) -> dict[str, Any]:
    """For the part of the page that registering changes; of an event read ``with_preparation``."""
    over = shown.is_over(on)
    context: dict[str, Any] = {
        "chooses": shown.has_choices and not over,
        "asks": shown.has_questions and not over,
        "holding": HOLDING,
    }
    if context["chooses"] and mine and mine.status in HOLDING:
        rows = mine.choices.select_related("item")
        rows = rows.order_by("item__held_on", "item__starts_at", "pk")
        context["my_choices"] = [choice.item for choice in rows]
    if context["asks"] and mine:
        context["my_answers"] = list(
            mine.answers.select_related("question").order_by("question__position", "pk")
        )
        answered = [answer.question_id for answer in context["my_answers"]]
        missing = shown.questions.filter(required=True).exclude(pk__in=answered)
        context["is_awaited"] = missing.exists() or not answered
    return context


@access(REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request, event_id: int, registration_id: int) -> HttpResponse:
    registration = _within_reach(request, event_id, registration_id)
    data = request.POST if request.method == "POST" else None
    overrules = STAFF.allows(request.user)
    form = ChoicesForm(data, registration=registration, overrules=overrules)
    if form.is_valid() and _chosen(request, registration, form):
        messages.success(request, "Les ateliers choisis sont enregistrés.")
        return redirect(registration.event)
    return render(request, "events/choose.html", _context(request, registration, form))


@access(REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: Request, event_id: int, registration_id: int) -> HttpResponse:
    registration = _within_reach(request, event_id, registration_id)
    data = request.POST if request.method == "POST" else None
    form = AnswersForm(data, event=registration.event, registration=registration)
    if form.is_valid() and _answered(request, registration, form):
        messages.success(request, "Les réponses sont enregistrées.")
        if form.has_lost_a_question:
            messages.info(request, "Une question a été retirée entre-temps.")
        return redirect(registration.event)
    return render(request, "events/answers.html", _context(request, registration, form))


def _answered(request: Request, registration: Registration, form: AnswersForm) -> bool:
    given = form.answers()
    try:
        questions.answer(registration=registration, answers=given, by=request.user, on=today())
    except services.Refused as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


def _context(request: Request, registration: Registration, form: Form) -> dict[str, Any]:
    own = registration.person_id == request.user.person_id
    return {
        "event": registration.event,
        "registration": registration,
        "form": form,
        "whose": "" if own else registration.person or "cette place",
    }


def _chosen(request: Request, registration: Registration, form: ChoicesForm) -> bool:
    try:
        programme.choose(
            registration=registration,
            items=form.items(),
            by=request.user,
            on=today(),
            overruling=_decision(form),
        )
    except programme.ChoiceRefused as refusal:
        form.refuse(str(refusal), refusal.item)
    except services.Refused as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


def _decision(form: ChoicesForm) -> programme.Decision | None:
    """Of the staff, whose form alone asks for a reason."""
    reason = form.cleaned_data.get("reason", "").strip()
    return programme.Decision(reason, timezone.now()) if reason else None


def _within_reach(request: Request, event_id: int, registration_id: int) -> Registration:
    reach = registrations_in_reach(request.user, today()).live().filter(event=event_id)
    return get_object_or_404(reach.select_related("event", "person"), pk=registration_id)
