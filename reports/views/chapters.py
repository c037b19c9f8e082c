"""The chapters of the draft: their order, which are printed, those that the staff adds; a preview."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
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
from reports.forms import ChapterForm, TitleForm
from reports.models import ChapterOfYear, ReportText
from reports.services import ChapterRefused
from reports.services import chapters as moves
from reports.views.texts import text_page
from reports.views.years import of_recorded_year

MOVES = {"up": -1, "down": 1}


@access(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
@of_recorded_year
def chapters(request: HttpRequest, year: int) -> HttpResponse:
    """In their order; one of words alone is added by POST, then written."""
    form = ChapterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            added = moves.add(year=year, **form.cleaned_data)
        except ChapterRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = f"« {added.title} » est ajouté à la fin du rapport : écrivez son texte."
            messages.success(request, said)
            return redirect(added)
    rows = list(ChapterOfYear.objects.of_year(year))
    known = {row.key for row in rows}
    usual = [ChapterOfYear(year=year, key=chapter) for chapter in PRINTED if chapter not in known]
    texts = {text.chapter: text for text in ReportText.objects.filter(year=year)}
    told = [(one, texts.get(one.key)) for one in (*rows, *usual)]
    context = {"year": year, "chapters": told, "is_changed": bool(rows), "form": form}
    context |= {"stage": screen.stage(year)}
    return render(request, "reports/chapters.html", context)


@access(STAFF)
@require_POST
@of_recorded_year
def place(request: HttpRequest, year: int, part: str) -> HttpResponse:
    """Up, down, hidden, shown."""
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
@require_POST
@of_recorded_year
def rename(request: HttpRequest, year: int, part: str) -> HttpResponse:
    """One that was added; the others have their title."""
    row = _added(year, part)
    data = request.POST.copy()
    form = TitleForm(data)
    if form.is_valid():
        try:
            moves.rename(chapter=row, **form.cleaned_data)
        except ChapterRefused as refusal:
            form.add_error("title", str(refusal))
            data["seen"] = row.title  # the next answer is to what is shown now
        else:
            messages.success(request, "Le titre est enregistré.")
            return redirect(row)
    return text_page(request, row, title_form=form)


@access(STAFF)
@require_POST
@of_recorded_year
def remove(request: HttpRequest, year: int, part: str) -> HttpResponse:
    row = _added(year, part)
    moves.remove(chapter=row)
    messages.success(request, f"« {row.title} » est retiré du rapport.")
    return redirect("reports:chapters", year)


@access(STAFF)
@require_POST
@of_recorded_year
def usual_order(request: HttpRequest, year: int) -> HttpResponse:
    moves.usual_order(year=year)
    messages.success(request, "Les chapitres sont dans leur ordre habituel.")
    return redirect("reports:chapters", year)


@access(REPORTS)
@require_POST
@of_recorded_year
def preview(request: HttpRequest, year: int, part: str) -> HttpResponse:
    """The PDF of one chapter, which takes seconds."""
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


def _added(year: int, key: str) -> ChapterOfYear:
    return get_object_or_404(ChapterOfYear.objects.of_year(year).added(), key=key)
