"""The texts of the draft: written by the staff, commented by staff and board until each is ready."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apmsl.lib import markdown
from apmsl.lib.access import access
from members.access import STAFF
from reports import services
from reports.access import REPORTS
from reports.builders import differences, reading, screen
from reports.enums import Chapter
from reports.forms import CommentForm, TextForm
from reports.models import ReportComment, ReportText
from reports.services import Clash, TextRefused


@access(REPORTS)
@require_safe
def texts(request: HttpRequest, year: int) -> HttpResponse:
    """All of them, as they will be read."""
    _draft_of(year)
    rows = ReportText.objects.filter(year=year).with_comments()
    known = {text.chapter: text for text in rows.select_related("written_by__person")}
    printed = reading.texts(year)
    context = {
        "year": year,
        "chapters": [(c, known.get(c), printed.get(c)) for c in Chapter],
        "may_write": STAFF.allows(request.user),
    }
    return render(request, "reports/texts.html", context)


@access(REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, year: int, chapter: str) -> HttpResponse:
    """A text, what is said of it, what it was; the staff writes it by POST."""
    told = _chapter(year, chapter)
    if request.method != "POST":
        return _page(request, _text(year, told))
    if not STAFF.allows(request.user):
        raise Http404
    form = TextForm(request.POST, _text(year, told))
    if not form.is_valid():
        return _page(request, _text(year, told), form=form)
    saved = services.save_text(
        year=year, chapter=told, writing=form.writing(), by=request.user, at=timezone.now()
    )
    if isinstance(saved, Clash):
        return _show_both(request, saved)
    messages.success(request, "Le texte est enregistré.")
    return redirect(saved)


@access(REPORTS)
@require_POST
def comment(request: HttpRequest, year: int, chapter: str) -> HttpResponse:
    told = _chapter(year, chapter)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _page(request, _text(year, told), comment_form=form)
    said = services.comment(
        year=year,
        chapter=told,
        body=form.cleaned_data["remark"],
        by=request.user,
        at=timezone.now(),
    )
    return redirect(f"{said.text.get_absolute_url()}#remarques")


@access(REPORTS)
@require_POST
def resolve(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Seen to; said again, it is open anew."""
    said = get_object_or_404(ReportComment.objects.select_related("text"), pk=comment_id)
    if "reopen" in request.POST:
        services.reopen(comment=said)
    else:
        services.resolve(comment=said, by=request.user, at=timezone.now())
    return redirect(f"{said.text.get_absolute_url()}#remarques")


@access(STAFF)
@require_POST
def take_last_year(request: HttpRequest, year: int, chapter: str) -> HttpResponse:
    told = _chapter(year, chapter)
    try:
        services.take_last_year(year=year, chapter=told, by=request.user, at=timezone.now())
    except TextRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Le texte de {year - 1} est repris : réécrivez-le pour {year}.")
    return redirect("reports:text", year, told)


@access(STAFF)
@require_POST
def take_back(request: HttpRequest, year: int, chapter: str, revision: int) -> HttpResponse:
    row = get_object_or_404(ReportText, year=year, chapter=_chapter(year, chapter))
    try:
        services.take_back(text=row, revision=revision, by=request.user, at=timezone.now())
    except TextRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Cette version est reprise. Celle qu’elle remplace est gardée.")
    return redirect(row)


# -- the page of a text ----------------------------------------------------------------------------
def _draft_of(year: int) -> None:
    if year not in screen.recorded_years():
        raise Http404


def _chapter(year: int, chapter: str) -> Chapter:
    _draft_of(year)
    if chapter not in Chapter.values:
        raise Http404
    return Chapter(chapter)


def _text(year: int, chapter: Chapter) -> ReportText:
    """The row of a text, or what it will be once something is written."""
    rows = ReportText.objects.filter(year=year, chapter=chapter)
    known = rows.select_related("written_by__person").first()
    return known or ReportText(year=year, chapter=chapter)


def _show_both(request: HttpRequest, clash: Clash) -> HttpResponse:
    """What was typed stays in its field, and now answers what the other wrote."""
    row = _text(clash.theirs.year, Chapter(clash.theirs.chapter))
    data = request.POST.copy()
    data.update(clash.values)  # appended: the last one counts
    data["seen"] = str(clash.theirs.revision)
    told = {
        "clash": clash,
        "changed": differences.changed(clash.before, row.body) if "body" in clash.fields else [],
    }
    return _page(request, row, form=TextForm(data, row), **told)


def _page(request: HttpRequest, row: ReportText, **more: Any) -> HttpResponse:
    people = ("author__person", "resolved_by__person")
    kept = row.pk is not None
    last_year = ReportText.objects.written().filter(year=row.year - 1, chapter=row.chapter)
    context = {
        "text": row,
        "year": row.year,
        "chapter": Chapter(row.chapter),
        "form": TextForm(None, row),
        "comment_form": CommentForm(),
        "printed": markdown.to_html(row.body, top=3),
        "comments": row.comments.select_related(*people).in_order() if kept else [],
        "earlier": services.earlier(row) if kept else [],
        "last_year": not row.body and last_year.exists(),
        "may_write": STAFF.allows(request.user),
        "stage": screen.stage(row.year),
    }
    return render(request, "reports/text.html", context | more)
