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
from reports.forms import CommentForm, TextForm, TitleForm
from reports.models import ChapterOfYear, ReportComment, ReportText
from reports.services import Clash, TextRefused
from reports.views.years import of_recorded_year


@access(REPORTS)
@require_safe
@of_recorded_year
def texts(request: HttpRequest, year: int) -> HttpResponse:
    """All of them, as they will be read."""
    rows = ReportText.objects.filter(year=year).with_comments()
    known = {text.chapter: text for text in rows.select_related("written_by__person")}
    printed = reading.texts(year)
    told = [ChapterOfYear(year=year, key=chapter) for chapter in Chapter]
    told += ChapterOfYear.objects.of_year(year).added()
    context = {
        "year": year,
        "chapters": [(one, known.get(one.key), printed.get(one.key)) for one in told],
        "may_write": STAFF.allows(request.user),
    }
    return render(request, "reports/texts.html", context)


@access(REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
@of_recorded_year
def text(request: HttpRequest, year: int, chapter: str) -> HttpResponse:
    """A text, what is said of it, what it was; the staff writes it by POST."""
    told = chapter_of(year, chapter)
    if request.method != "POST":
        return text_page(request, told)
    if not STAFF.allows(request.user):
        raise Http404
    form = TextForm(request.POST, _text(told))
    if not form.is_valid():
        return text_page(request, told, form=form)
    given = {"writing": form.writing(), "by": request.user, "at": timezone.now()}
    try:
        saved = services.save_text(year=year, chapter=told.key, **given)
    except TextRefused as refusal:
        form.add_error(None, str(refusal))
        return text_page(request, told, form=form)
    if isinstance(saved, Clash):
        return _show_both(request, told, saved)
    messages.success(request, "Le texte est enregistré.")
    return redirect(saved)


@access(REPORTS)
@require_POST
@of_recorded_year
def comment(request: HttpRequest, year: int, chapter: str) -> HttpResponse:
    told = chapter_of(year, chapter)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return text_page(request, told, comment_form=form)
    given = {"body": form.cleaned_data["remark"], "by": request.user, "at": timezone.now()}
    try:
        said = services.comment(year=year, chapter=told.key, **given)
    except TextRefused as refusal:
        form.add_error(None, str(refusal))
        return text_page(request, told, comment_form=form)
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
@of_recorded_year
def take_last_year(request: HttpRequest, year: int, chapter: str) -> HttpResponse:
    told = chapter_of(year, chapter)
    try:
        services.take_last_year(year=year, chapter=told.key, by=request.user, at=timezone.now())
    except TextRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Le texte de {year - 1} est repris : réécrivez-le pour {year}.")
    return redirect(told)


@access(STAFF)
@require_POST
@of_recorded_year
def take_back(request: HttpRequest, year: int, chapter: str, revision: int) -> HttpResponse:
    row = get_object_or_404(ReportText, year=year, chapter=chapter_of(year, chapter).key)
    try:
        services.take_back(text=row, revision=revision, by=request.user, at=timezone.now())
    except TextRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Cette version est reprise. Celle qu’elle remplace est gardée.")
    return redirect(row)


# -- the page of a text ----------------------------------------------------------------------------
def chapter_of(year: int, key: str) -> ChapterOfYear:
    """One of every year, or one that was added to this one."""
    if key in Chapter.values:
        return ChapterOfYear(year=year, key=key)
    return get_object_or_404(ChapterOfYear.objects.of_year(year).added(), key=key)


def _text(chapter: ChapterOfYear) -> ReportText:
    """The row of a text, or what it will be once something is written."""
    rows = ReportText.objects.filter(year=chapter.year, chapter=chapter.key)
    known = rows.select_related("written_by__person").first()
    return known or ReportText(year=chapter.year, chapter=chapter.key)


def _show_both(request: HttpRequest, chapter: ChapterOfYear, clash: Clash) -> HttpResponse:
    """What was typed stays in its field, and now answers what the other wrote."""
    row = _text(chapter)
    data = request.POST.copy()
    data.update(clash.values)  # appended: the last one counts
    data["seen"] = str(clash.theirs.revision)
    told = {
        "clash": clash,
        "changed": differences.changed(clash.before, row.body) if "body" in clash.fields else [],
    }
    return text_page(request, chapter, form=TextForm(data, row), **told)


def text_page(request: HttpRequest, chapter: ChapterOfYear, **more: Any) -> HttpResponse:
    row = _text(chapter)
    people = ("author__person", "resolved_by__person")
    kept = row.pk is not None
    context = {
        "text": row,
        "year": row.year,
        "chapter": chapter,
        "form": TextForm(None, row),
        "comment_form": CommentForm(),
        "title_form": TitleForm(initial={"title": chapter.title, "seen": chapter.title}),
        "printed": markdown.to_html(row.body, top=3),
        "comments": row.comments.select_related(*people).in_order() if kept else [],
        "earlier": services.earlier(row) if kept else [],
        "last_year": not row.body and services.text_of_last_year(row.year, row.chapter),
        "may_write": STAFF.allows(request.user),
        "stage": screen.stage(row.year),
    }
    return render(request, "reports/text.html", context | more)
