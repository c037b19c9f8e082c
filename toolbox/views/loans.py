from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apmsl.lib.access import access
from apmsl.lib.dates import today
from members.access import MEMBER, teams_led_by
from toolbox.access import ACTS_FOR_A_TEAM
from toolbox.forms import LoanForm
from toolbox.models import Equipment, Loan
from toolbox.services.loans import LoanRefused, cancel_loan, request_loan


@access(MEMBER)
@require_safe
def lending(request: HttpRequest) -> HttpResponse:
    on = today()
    context = {
        "items": Equipment.objects.with_free_today(on).order_by("name", "pk"),
        "loans": _of_my_teams(request).order_by("-starts_on", "pk")[:20],
    }
    return render(request, "toolbox/lending.html", context)


@access(MEMBER)
@require_http_methods(["GET", "HEAD", "POST"])
def equipment(request: HttpRequest, equipment_id: int) -> HttpResponse:
    item = get_object_or_404(Equipment.objects.with_free_today(today()), pk=equipment_id)
    form = None
    if ACTS_FOR_A_TEAM.allows(request.user):
        teams = teams_led_by(request.user, today())
        form = LoanForm(request.POST or None, teams=teams, on=today())
        if request.method == "POST" and form.is_valid() and _requested(request, item, form):
            return redirect("toolbox:lending")
    held = item.loans.holding().filter(ends_on__gte=today()).order_by("starts_on", "pk")
    return render(request, "toolbox/equipment.html", {"item": item, "form": form, "held": held})


@access(ACTS_FOR_A_TEAM)
@require_POST
def cancel(request: HttpRequest, loan_id: int) -> HttpResponse:
    cancel_loan(loan=get_object_or_404(_of_my_teams(request), pk=loan_id))
    messages.success(request, "La demande de prêt est annulée.")
    return redirect("toolbox:lending")


def _requested(request: HttpRequest, item: Equipment, form: LoanForm) -> bool:
    try:
        request_loan(equipment=item, **form.cleaned_data, on=today())
    except LoanRefused as refusal:
        form.add_error("starts_on", str(refusal))
        return False
    messages.success(request, "Votre demande de prêt est enregistrée : la fédération vous répond.")
    return True


def _of_my_teams(request: HttpRequest) -> QuerySet[Loan]:
    teams = teams_led_by(request.user, today())
    return Loan.objects.filter(team__in=teams).select_related("equipment", "team")
