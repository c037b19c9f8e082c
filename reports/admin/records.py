from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from apmsl.lib.admin.model import ReadOnlyModelAdmin, link_to
from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.typography import plural
from reports import services
from reports.enums import Chapter
from reports.forms import ExternalFigureForm
from reports.models import ActionPlace, ChapterOfYear, ExternalFigure, ReportComment, ReportText


@admin.register(ExternalFigure)
class ExternalFigureAdmin(SheetsModelAdmin):
    table = "external_figures"
    form = ExternalFigureForm
    list_display = ("year", "key", "value", "label", "chapter", "as_of", "source")
    list_filter = ("year", ("chapter", ChoicesDropdownFilter))
    search_fields = ("key", "label", "source")
    ordering = ("-year", "key")
    fieldsets = (
        (None, {"fields": ("year", "key", "value", "unit", "as_of", "source")}),
        ("Repère imprimé dans le rapport", {"fields": ("chapter", "label")}),
    )
    actions = ("carry_over",)

    @admin.action(description="Reprendre ces repères l’année suivante")
    def carry_over(self, request: HttpRequest, queryset: QuerySet[ExternalFigure]) -> None:
        count = services.carry_landmarks_over(queryset)
        if not count:
            messages.info(request, "Aucun repère à reprendre : l’année suivante les a déjà.")
            return
        said = plural(count, "repère repris", "repères repris")
        messages.success(request, f"{said}. Vérifiez leur valeur et leur date.")


@admin.register(ReportText)
class ReportTextAdmin(ReadOnlyModelAdmin):
    """Written on its page, where two people who write at once see it."""

    list_display = (
        "name_of_chapter",
        "year",
        "status",
        "beginning",
        "signature",
        "written_by",
        "page",
    )
    list_filter = ("year", ("chapter", ChoicesDropdownFilter), ("status", ChoicesDropdownFilter))
    list_select_related = ("written_by",)
    search_fields = ("body", "signature")
    ordering = ("-year", "chapter", "pk")

    @display(description="chapitre", ordering="chapter")
    def name_of_chapter(self, text: ReportText) -> str:
        return text.name

    @display(description="début")
    def beginning(self, text: ReportText) -> str:
        return f"{text.body[:80]}…" if len(text.body) > 80 else text.body

    @display(description="où l’écrire")
    def page(self, text: ReportText) -> str:
        return link_to(text.get_absolute_url(), "Écrire, relire", "")


@admin.register(ChapterOfYear)
class ChapterOfYearAdmin(ReadOnlyModelAdmin):
    """Put in order on the page of the report."""

    list_display = ("year", "position", "name", "is_shown")
    list_filter = ("year", "is_shown")
    search_fields = ("title",)
    ordering = ("-year", "position", "pk")

    @display(description="chapitre")
    def name(self, chapter: ChapterOfYear) -> str:
        return chapter.name


@admin.register(ActionPlace)
class ActionPlaceAdmin(ReadOnlyModelAdmin):
    """Put in order on the page of their chapter."""

    list_display = ("year", "name_of_chapter", "position", "name", "is_shown")
    list_filter = ("year", "is_shown")
    search_fields = ("key", "title")
    ordering = ("-year", "chapter", "position", "pk")

    @display(description="chapitre", ordering="chapter")
    def name_of_chapter(self, place: ActionPlace) -> str:
        return str(Chapter(place.chapter).label)

    @display(description="action")
    def name(self, place: ActionPlace) -> str:
        return place.name


@admin.register(ReportComment)
class ReportCommentAdmin(ReadOnlyModelAdmin):
    list_display = ("text", "body", "author", "written_at", "resolved_at", "resolved_by")
    list_filter = ("text__year",)
    list_select_related = ("text", "author", "resolved_by")
    search_fields = ("body",)
    ordering = ("-written_at", "-pk")
