"""The report before the board: laid before it, withdrawn, voted, kept."""

import re

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apmsl.jobs.models import Result
from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.storage import attachment
from members.access import MEMBER, STAFF
from reports import services
from reports.access import REPORTS
from reports.builders import snapshots
from reports.forms import ReadingForm, VoteForm
from reports.models import ReportVersion
from reports.services import VersionRefused
from reports.views.years import of_recorded_year

NUMBER = re.compile("[0-9]{1,4}")  # of a version


@access(REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
@of_recorded_year
def versions(request: HttpRequest, year: int) -> HttpResponse:
    """Where the report stands; the staff lays it before the board by POST."""
    rows = ReportVersion.objects.of_year(year).without_pages()
    kept = list(rows.select_related("made_by__person", "result"))
    voted = next((version for version in kept if version.voted_on), None)
    data = request.POST if request.method == "POST" else None
    form = ReadingForm(data, erratum=voted is not None)
    if request.method == "POST":
        if not STAFF.allows(request.user):
            raise Http404
        if form.is_valid() and _laid(request, year, form):
            return redirect("reports:versions", year)
    context = {"year": year, "versions": kept, "voted": voted, "form": form}
    context |= {"current": kept[0] if kept else None, "may_write": STAFF.allows(request.user)}
    return render(request, "reports/versions.html", context)


@access(REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """A version, and what the records say since; its vote is noted by POST."""
    one = _version(year, number)
    form = VoteForm(request.POST or None, initial={"voted_on": today()})
    if request.method == "POST" and form.is_valid() and _voted(request, one, form):
        return redirect(one)
    file = services.file_of(one)
    context = {"year": year, "version": one, "form": form, "since": snapshots.since(one)}
    context |= {"file": file, "may_write": STAFF.allows(request.user)}
    context |= {"printed": services.printer_file_of(one)}
    context |= {"printed_sha256": _checksum(context["printed"])}
    return render(request, "reports/version.html", context)


def _checksum(printed: Result | None) -> str:
    """Nothing of a file that is not made yet, or does not read."""
    try:
        return services.checksum(printed) if printed else ""
    except VersionRefused:
        return ""


@access(STAFF)
@require_POST
def withdraw(request: HttpRequest, year: int, number: int) -> HttpResponse:
    one = _version(year, number)
    try:
        services.withdraw(version=one, on=today())
    except VersionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, "La version est retirée. Corrigez, puis mettez-en une en lecture."
        )
    return redirect("reports:versions", year)


@access(REPORTS)
@require_POST
def file(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Follow the making of the PDF, or get it; « printer »: of the one for a printing house."""
    run = services.request_file(
        version=_version(year, number),
        by=request.user,
        at=timezone.now(),
        printer="printer" in request.POST,
    )
    return redirect(run)


@access(MEMBER)
@require_safe
def voted(request: HttpRequest) -> HttpResponse:
    """The reports that were voted; what an erratum corrected follows it."""
    rows = ReportVersion.objects.voted().without_pages().order_by("-year", "-number")
    return render(request, "reports/voted.html", {"versions": rows.select_related("result")})


@access(MEMBER)
@require_safe
def voted_file(request: HttpRequest, voted_year: int) -> HttpResponseBase:
    """The last version, or the one that an address asks for (« ?version=1 »)."""
    rows = ReportVersion.objects.of_year(voted_year).voted().without_pages()
    asked = request.GET.get("version", "")
    if asked:
        rows = rows.filter(number=int(asked) if NUMBER.fullmatch(asked) else 0)
    found = rows.select_related("result").first()
    if found is None or found.result is None:
        raise Http404
    name = f"rapport-activite-{voted_year}{f'-version-{found.number}' if asked else ''}.pdf"
    return attachment(found.result.file, name)


def _version(year: int, number: int) -> ReportVersion:
    people = ("made_by__person", "recorded_by__person", "corrects", "result")
    rows = ReportVersion.objects.select_related(*people).without_pages()
    rows = rows.defer("corrects__html", "corrects__slides")
    return get_object_or_404(rows, year=year, number=number)


def _laid(request: HttpRequest, year: int, form: Form) -> bool:
    reason = form.cleaned_data.get("reason", "")
    try:
        services.lay_before_board(
            year=year, by=request.user, on=today(), at=timezone.now(), reason=reason
        )
    except VersionRefused as refusal:
        if refusal.field:
            form.add_error(refusal.field, str(refusal))
            return False
        messages.error(
            request, str(refusal)
        )  # the page has no form any more: it says where it stands
    else:
        messages.success(request, "Le rapport est en lecture. Son PDF se prépare.")
    return True


def _voted(request: HttpRequest, version: ReportVersion, form: Form) -> bool:
    on = form.cleaned_data["voted_on"]
    try:
        services.vote(version=version, on=on, by=request.user, today=today())
    except VersionRefused as refusal:
        if not ReportVersion.objects.in_reading().filter(pk=version.pk).exists():
            messages.error(request, str(refusal))  # the page has no form any more
            return True
        form.add_error(refusal.field, str(refusal))
        return False
    messages.success(request, "Le vote est noté. Cette version ne bouge plus.")
    return True
