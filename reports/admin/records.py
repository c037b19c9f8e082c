from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from apmsl.lib.admin.model import PortalModelAdmin
from apmsl.lib.admin.sheets import SheetsModelAdmin
from reports.models import ExternalFigure, ReportText


@admin.register(ExternalFigure)
class ExternalFigureAdmin(SheetsModelAdmin):
    table = "external_figures"
    list_display = ("year", "key", "value", "as_of", "source")
    list_filter = ("year",)
    search_fields = ("key", "source")
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
