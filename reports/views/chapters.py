"""The chapters of the draft: their order, which are printed, those that the staff adds; a preview."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apmsl.jobs.models import Refused
from apmsl.lib.access import access
from members.access import STAFF
from reports import services
from reports.access import REPORTS
from reports.builders import screen
from reports.enums import PRINTED, Chapter
from reports.forms import ChapterForm, WrittenChapterForm
from reports.models import ChapterOfYear
from reports.models.chapters import ADDED
from reports.services import ChapterRefused
from reports.services import chapters as moves

MOVES = {"up": -1, "down": 1}


@access(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def chapters(request: HttpRequest, year: int) -> HttpResponse:
    """In their order; one of words alone is added by POST."""
    _draft_of(year)
    form = ChapterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            added = moves.add(year=year, **form.cleaned_data)
        except ChapterRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"« {added.title} » est ajouté à la fin du rapport.")
            return redirect("reports:chapters", year)
    rows = list(ChapterOfYear.objects.of_year(year))
    known = {row.key for row in rows}
    usual = [ChapterOfYear(year=year, key=chapter) for chapter in PRINTED if chapter not in known]
    context = {"year": year, "chapters": [*rows, *usual], "is_changed": bool(rows), "form": form}
    return render(request, "reports/chapters.html", context | {"stage": screen.stage(year)})


@access(STAFF)
@require_POST
def place(request: HttpRequest, year: int, part: str) -> HttpResponse:
    """Up, down, hidden, shown."""
    _draft_of(year)
    asked = request.POST.get("to", "")
    try:
        if asked in MOVES:
            moves.move(year=year, key=part, by=MOVES[asked])
        elif asked in {"hide", "show"}:
            moves.show(year=year, key=part, shown=asked == "show")
    except ChapterRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("reports:chapters", year)


@access(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def chapter(request: HttpRequest, year: int, part: str) -> HttpResponse:
    """One that was added; the others have their text's page."""
    row = _added(year, part)
    data = request.POST.copy() if request.method == "POST" else None
    shown = {"title": row.title, "body": row.body, "seen": moves.state_of(row)}
    form, context = WrittenChapterForm(data, initial=shown), {"year": year, "chapter": row}
    if data is not None and form.is_valid():
        try:
            moves.rewrite(chapter=row, **form.cleaned_data)
        except ChapterRefused as refusal:
            form.add_error(None, str(refusal))
            data["seen"] = moves.state_of(row)  # the next answer is to what is shown now
            context["theirs"] = row
        else:
            messages.success(request, "Le chapitre est enregistré.")
            return redirect("reports:chapters", year)
    return render(request, "reports/chapter.html", context | {"form": form})


@access(STAFF)
@require_POST
def remove(request: HttpRequest, year: int, part: str) -> HttpResponse:
    row = _added(year, part)
    moves.remove(chapter=row)
    messages.success(request, f"« {row.title} » est retiré du rapport.")
    return redirect("reports:chapters", year)


@access(STAFF)
@require_POST
def usual_order(request: HttpRequest, year: int) -> HttpResponse:
    _draft_of(year)
    moves.usual_order(year=year)
    messages.success(request, "Les chapitres sont dans leur ordre habituel.")
    return redirect("reports:chapters", year)


@access(REPORTS)
@require_POST
def preview(request: HttpRequest, year: int, part: str) -> HttpResponse:
    """The PDF of one chapter, which takes seconds."""
    _draft_of(year)
    told = Chapter.NETWORK.value if part == Chapter.TRAINING else part  # printed within it
    if told not in PRINTED:
        _added(year, told)
    try:
        run = services.request_preview(
            year=year, chapter=told, user=request.user, at=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:texts", year)
    return redirect(run)


def _draft_of(year: int) -> None:
    if year not in screen.recorded_years():
        raise Http404


def _added(year: int, key: str) -> ChapterOfYear:
    _draft_of(year)
    return get_object_or_404(ChapterOfYear, year=year, key=key, key__startswith=ADDED)
