from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter

from apmsl.lib.admin.model import PortalInline, ReadOnlyInline
from apmsl.lib.admin.sheets import SheetsModelAdmin
from training.models import Cohort, Enrolment, Seminar


class SeminarInline(PortalInline):
    model = Seminar
    verbose_name_plural = "séminaires"
    fields = ("number", "title", "held_on", "mode")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Seminar]:
        return super().get_queryset(request).order_by("number")


class EnrolmentInline(ReadOnlyInline):
    model = Enrolment
    verbose_name_plural = "parcours"
    fields = ("person", "status", "defended_on", "result", "result_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enrolment]:
        rows = super().get_queryset(request).select_related("person")
        return rows.order_by("person__sort_name", "pk")


@admin.register(Cohort)
class CohortAdmin(SheetsModelAdmin):
    table = "cohorts"
    list_display = ("name", "programme", "number", "starts_on", "ends_on", "hours")
    list_filter = (("programme", ChoicesDropdownFilter),)
    search_fields = ("name", "code")
    ordering = ("-starts_on", "pk")
    inlines = (SeminarInline, EnrolmentInline)


@admin.register(Enrolment)
class EnrolmentAdmin(SheetsModelAdmin):
    table = "enrolments"
    list_display = ("person", "cohort", "status", "defended_on", "result", "result_on")
    list_filter = (
        "cohort",
        ("status", ChoicesDropdownFilter),
        ("result", ChoicesDropdownFilter),
        ("defended_on", RangeDateFilter),
    )
    list_select_related = ("person", "cohort")
    search_fields = ("person__sort_name",)
    autocomplete_fields = ("person", "cohort")
    ordering = ("-cohort__starts_on", "person__sort_name", "pk")
