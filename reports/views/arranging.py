"""The actions of a chapter of the draft: their order, which are printed, under which titles."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apmsl.lib.access import access
from members.access import STAFF
from reports.builders import arranging, screen
from reports.enums import Chapter
from reports.forms import ActionTitleForm
from reports.models import ActionPlace
from reports.models.actions import SPOKEN_CHAPTERS
from reports.services import ActionRefused
from reports.services import arranging as moves
from reports.views.chapters import MOVES
from reports.views.years import of_recorded_year

View = Callable[Concatenate[HttpRequest, int, Chapter, ...], HttpResponse]


def of_chapter(view: View) -> Callable[..., HttpResponse]:
    """The view of a chapter that has actions; of another, 404."""

    @wraps(view)
    def checked(
        request: HttpRequest, year: int, chapter_of_actions: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if chapter_of_actions not in SPOKEN_CHAPTERS:
            raise Http404
        return view(request, year, Chapter(chapter_of_actions), *args, **kwargs)

    return checked


@access(STAFF)
@require_safe
@of_recorded_year
@of_chapter
def actions(request: HttpRequest, year: int, chapter: Chapter) -> HttpResponse:
    context = {
        "year": year,
        "chapter": chapter,
        "lines": arranging.lines(year, chapter),
        "is_changed": ActionPlace.objects.of_chapter(year, chapter).exists(),
        "stage": screen.stage(year),
    }
    return render(request, "reports/actions.html", context)


@access(STAFF)
@require_POST
@of_recorded_year
@of_chapter
def place(request: HttpRequest, year: int, chapter: Chapter, action_key: str) -> HttpResponse:
    """Up, down, hidden, shown."""
    asked = request.POST.get("to", "")
    try:
        if asked in MOVES:
            moves.move(year=year, chapter=chapter, key=action_key, by=MOVES[asked])
        elif asked in {"hide", "show"}:
            moves.show(year=year, chapter=chapter, key=action_key, shown=asked == "show")
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("reports:actions", year, chapter)


@access(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
@of_recorded_year
@of_chapter
def title(request: HttpRequest, year: int, chapter: Chapter, action_key: str) -> HttpResponse:
    line = _line(year, chapter, action_key)
    data = request.POST.copy() if request.method == "POST" else None
    shown = {"title": line.title, "seen": line.title}
    form = ActionTitleForm(data, initial=shown, usual=line.usual)
    if data is not None and form.is_valid():
        try:
            moves.rename(year=year, chapter=chapter, key=action_key, **form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error("title", str(refusal))
            data["seen"] = line.title  # the next answer is to what is shown now
        else:
            messages.success(request, "Le titre est enregistré.")
            return redirect("reports:actions", year, chapter)
    context = {"year": year, "chapter": chapter, "line": line, "form": form}
    return render(request, "reports/action_title.html", context)


@access(STAFF)
@require_POST
@of_recorded_year
@of_chapter
def as_usual(request: HttpRequest, year: int, chapter: Chapter) -> HttpResponse:
    moves.as_usual(year=year, chapter=chapter)
    messages.success(request, "Les actions ont leur ordre et leurs titres habituels.")
    return redirect("reports:actions", year, chapter)


def _line(year: int, chapter: Chapter, key: str) -> arranging.Line:
    found = next((one for one in arranging.lines(year, chapter) if one.key == key), None)
    if found is None:
        raise Http404
    return found
