from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apmsl.lib.access import access
from apmsl.lib.blocks import Answer
from members.access import BOARD, MEMBER, STAFF
from training.enums import EnrolmentStatus
from training.models import Cohort, Enrolment


@access(MEMBER)
@require_safe
def cohorts(request: HttpRequest) -> HttpResponse:
    found = Cohort.objects.with_counts().order_by("-starts_on", "pk")
    mine = Enrolment.objects.filter(person=request.user.person_id).select_related("cohort")
    context = {"cohorts": found, "mine": mine.order_by("-cohort__starts_on", "pk")}
    return render(request, "training/cohorts.html", context)


@access(MEMBER)
@require_safe
def cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Results are each person's own: the others see who is in the cohort, the staff how it went."""
    cohort = get_object_or_404(Cohort.objects.with_counts(), pk=cohort_id)
    people = cohort.enrolments.started().select_related("person__profession")
    context = {
        "cohort": cohort,
        "seminars": cohort.seminars.order_by("number"),
        "enrolments": people.order_by("person__sort_name", "pk"),
        "knows_results": (STAFF | BOARD).allows(request.user),
        "mine": cohort.enrolments.filter(person=request.user.person_id).first(),
    }
    return render(request, "training/cohort.html", context)


def my_training_block(request: HttpRequest, on: date) -> Answer:
    """On the home page: one's running cohorts and their next seminar."""
    person_id = getattr(request.user, "person_id", None)
    if person_id is None:
        return None
    running = Cohort.objects.filter(
        ends_on__gte=on,
        enrolments__person=person_id,
        enrolments__status=EnrolmentStatus.ENROLLED,
    )
    found = [
        (cohort, cohort.seminars.filter(held_on__gte=on).order_by("held_on", "pk").first())
        for cohort in running.order_by("starts_on", "pk")
    ]
    return ("training/blocks/my_training.html", {"cohorts": found}) if found else None
