from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HTMX_STOP_POLLING

from apmsl.jobs import services
from apmsl.jobs.models import Run, kinds
from apmsl.lib import typography
from apmsl.lib.access import SIGNED_IN, access
from apmsl.lib.storage import attachment

SHOWN = 100  # failures on a page


@access(SIGNED_IN)
@require_safe
@never_cache
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Where a run stands; the page asks again by itself until it is over."""
    run = _visible_run(request, run_id)
    kind = kinds.get(run.kind)
    context = {"run": run, "back": kind.back(run) if kind and kind.back else ""}
    if kind and kind.whole:
        context |= _parts(run)
    if kind and kind.aside and not run.is_in_flight:
        context |= {"aside": kind.aside(run)}
    if not request.htmx:
        return render(request, "jobs/run.html", context)
    status = 200 if run.is_in_flight else HTMX_STOP_POLLING
    return render(request, "jobs/run.html#state", context, status=status)


@access(SIGNED_IN)
@require_safe
def download(request: HttpRequest, run_id: int) -> HttpResponseBase:
    run = get_object_or_404(
        Run.objects.visible_to(request.user).done().select_related("result"), pk=run_id
    )
    return attachment(run.result.file, run.result.filename)


@access(SIGNED_IN)
@require_POST
def again(request: HttpRequest, run_id: int) -> HttpResponse:
    run = get_object_or_404(Run.objects.visible_to(request.user).with_failures(), pk=run_id)
    return redirect(services.again(run=run, user=request.user, at=timezone.now()))


def _parts(run: Run) -> dict[str, Any]:
    """Of a batch: how many are made, and what could not be, each with its reason."""
    failed = Run.objects.parts_of(run).failed().order_by("wholes__position")
    advance = f"{typography.number(run.done)} sur {typography.number(run.total)}"
    return {
        "is_batch": True,
        "advance": advance,
        "made": Run.objects.parts_of(run).done().count(),
        "failed": failed[:SHOWN],
        "failures": failed.count(),
    }


def _visible_run(request: HttpRequest, run_id: int) -> Run:
    runs = Run.objects.visible_to(request.user).select_related("result")
    return get_object_or_404(runs, pk=run_id)
