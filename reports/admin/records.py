from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from apmsl.lib.admin.model import PortalModelAdmin
from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.typography import plural
from reports import services
from reports.models import ExternalFigure, ReportText


@admin.register(ExternalFigure)
class ExternalFigureAdmin(SheetsModelAdmin):
    table = "external_figures"
    list_display = ("year", "key", "value", "label", "chapter", "as_of", "source")
    list_filter = ("year", ("chapter", ChoicesDropdownFilter))
    search_fields = ("key", "label", "source")
    fieldsets = (
        (None, {"fields": ("year", "key", "value", "unit", "as_of", "source")}),
        ("Repère imprimé dans le rapport", {"fields": ("chapter", "label")}),
    )
    actions = ("carry_over",)

    @admin.action(description="Reprendre ces repères l’année suivante")
    def carry_over(self, request: HttpRequest, queryset: QuerySet[ExternalFigure]) -> None:
        count = services.carry_over(queryset)
        if not count:
            messages.info(request, "Aucun repère à reprendre : l’année suivante les a déjà.")
            return
        said = plural(count, "repère repris", "repères repris")
        messages.success(request, f"{said}. Vérifiez leur valeur et leur date.")

    ordering = ("-year", "key")


@admin.register(ReportText)
class ReportTextAdmin(PortalModelAdmin):
    list_display = ("year", "chapter", "beginning", "signature", "written_by")
    list_filter = ("year", ("chapter", ChoicesDropdownFilter))
    list_select_related = ("written_by",)
    search_fields = ("body", "signature")
    ordering = ("-year", "chapter", "pk")

    @display(description="début")
    def beginning(self, text: ReportText) -> str:
        return f"{text.body[:80]}…" if len(text.body) > 80 else text.body

    def save_model(self, request: HttpRequest, obj: ReportText, form: Any, change: bool) -> None:
        obj.written_by = request.user  # type: ignore[assignment]  # the admin is for accounts
        super().save_model(request, obj, form, change)
