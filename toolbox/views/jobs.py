from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apmsl.lib.access import PUBLIC, access
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request, render_part
from members.access import teams_led_by
from toolbox.access import ACTS_FOR_A_TEAM
from toolbox.filters import JobFilter
from toolbox.forms import JobForm
from toolbox.models import JobPosting
from toolbox.services.counting import count_job
from toolbox.services.jobs import close_job, publish_job


@access(PUBLIC)
@require_safe
def jobs(request: Request) -> HttpResponse:
    open_jobs = JobPosting.objects.open_on(today()).select_related("team")
    found = JobFilter(request.GET, queryset=open_jobs.order_by("-published_on", "pk"))
    page = Paginator(found.qs, 25).get_page(request.GET.get("page"))
    context = {"filter": found, "page": page, "publishes": ACTS_FOR_A_TEAM.allows(request.user)}
    return render_part(request, "toolbox/jobs.html", "results", context)


@access(PUBLIC)
@require_safe
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    seen = JobPosting.objects.visible_to(request.user).select_related("team")
    job = get_object_or_404(seen, pk=job_id)
    count_job(job=job, user=request.user, on=today())
    mine = teams_led_by(request.user, today()).filter(pk=job.team_id).exists()
    return render(request, "toolbox/job.html", {"job": job, "is_mine": mine})


@access(ACTS_FOR_A_TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    form = JobForm(request.POST or None, teams=teams_led_by(request.user, today()))
    if request.method == "POST" and form.is_valid():
        job = publish_job(**form.cleaned_data, on=today())
        messages.success(request, "Votre offre est publiée. Pensez à la retirer une fois pourvue.")
        return redirect(job)
    return render(request, "toolbox/job_form.html", {"form": form})


@access(ACTS_FOR_A_TEAM)
@require_POST
def close(request: HttpRequest, job_id: int) -> HttpResponse:
    mine = JobPosting.objects.filter(team__in=teams_led_by(request.user, today()))
    close_job(job=get_object_or_404(mine, pk=job_id), on=today())
    messages.success(request, "L’offre est retirée.")
    return redirect("toolbox:jobs")
