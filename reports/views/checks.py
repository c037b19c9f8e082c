"""Where the figures printed in a report lead: what the voted report says, and how it is counted.

Never a name, nor a record: those who may read the records go on from here. The members may check a
voted report; everybody may, where the board wants it. Before the vote, the board and the staff are
led to the figure as it is counted today.
"""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from apmsl.lib.access import PUBLIC, access
from reports import indicators, services
from reports.access import REPORTS, checkable
from reports.builders import proofs
from reports.models import ReportVersion


@access(PUBLIC)
@require_safe
def checks(request: HttpRequest, voted_year: int) -> HttpResponse:
    """All the figures of the last version voted, and the checksums of the files."""
    versions = checkable(request.user, voted_year)
    if not versions:
        return _elsewhere(request, "reports:year", voted_year)
    context = {"year": voted_year, "versions": versions, "last": versions[0]}
    context |= {"chapters": proofs.chapters(versions[0])}
    return render(request, "reports/checks.html", context)


@access(PUBLIC)
@require_safe
def check(request: HttpRequest, voted_year: int, indicator_id: str) -> HttpResponse:
    """A figure in each version that was voted."""
    versions = checkable(request.user, voted_year)
    if not versions:
        return _elsewhere(request, "reports:indicator", voted_year, indicator_id)
    indicator = indicators.REGISTRY.get(indicator_id)
    if indicator is None or indicator_id not in versions[0].checkable:
        raise Http404
    context = {"year": voted_year, "indicator": indicator, "last": versions[0]}
    context |= {
        "proof": proofs.proof(indicator, versions),
        "may_list": REPORTS.allows(request.user),
    }
    return render(request, "reports/check.html", context)


@access(REPORTS)
@require_POST
def open_checks(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """To everybody, or to the members alone."""
    versions = ReportVersion.objects.voted().without_pages()
    version = get_object_or_404(versions, year=year, number=number)
    services.open_checks(version=version, is_open="open" in request.POST)
    return redirect(version)


def _elsewhere(request: HttpRequest, name: str, *given: object) -> HttpResponse:
    """An address says nothing of what exists: whoever is not signed in is asked to sign in."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not REPORTS.allows(request.user):
        raise Http404
    return redirect(name, *given)
