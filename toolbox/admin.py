from collections.abc import Callable
from functools import partial

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from apmsl.lib.admin.model import PortalModelAdmin, ReadOnlyInline
from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.audiences import label
from apmsl.lib.dates import today
from apmsl.lib.typography import plural
from toolbox.enums import LoanStatus
from toolbox.models import Equipment, JobPosting, Loan, Theme, Tool, ToolMonth
from toolbox.services.loans import LoanRefused, approve_loan, refuse_loan, return_loan


@admin.register(Theme)
class ThemeAdmin(PortalModelAdmin):
    list_display = ("label", "code")
    search_fields = ("label", "code")
    ordering = ("label", "pk")


class ToolMonthInline(ReadOnlyInline):
    model = ToolMonth
    verbose_name_plural = "consultations"
    fields = ("month", "views")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ToolMonth]:
        return super().get_queryset(request).order_by("-month")


@admin.register(Tool)
class ToolAdmin(SheetsModelAdmin):
    table = "tools"
    list_display = ("title", "kind", "theme", "published_on", "withdrawn_on", "shown_audiences")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        "theme",
        ("published_on", RangeDateFilter),
    )
    list_select_related = ("theme",)
    search_fields = ("search_text", "code")
    ordering = ("-published_on", "pk")
    inlines = (ToolMonthInline,)
    readonly_fields = ("code",)

    @display(description="publics")
    def shown_audiences(self, tool: Tool) -> str:
        return ", ".join(label(audience) for audience in tool.audiences)


@admin.register(JobPosting)
class JobPostingAdmin(SheetsModelAdmin):
    table = "job_postings"
    list_display = ("title", "kind", "team", "published_on", "closed_on", "views")
    list_filter = (("kind", ChoicesDropdownFilter), ("published_on", RangeDateFilter))
    list_select_related = ("team",)
    search_fields = ("title", "team__search_text")
    autocomplete_fields = ("team",)
    ordering = ("-published_on", "pk")
    readonly_fields = ("code", "views")


@admin.register(Equipment)
class EquipmentAdmin(SheetsModelAdmin):
    table = "equipment"
    list_display = ("name", "copies", "digital_copies")
    search_fields = ("name", "code")
    ordering = ("name", "pk")


@admin.register(Loan)
class LoanAdmin(SheetsModelAdmin):
    table = "loans"
    list_display = ("equipment", "team", "starts_on", "ends_on", "copy", "shown_status")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        "equipment",
        ("starts_on", RangeDateFilter),
    )
    list_select_related = ("equipment", "team")
    search_fields = ("equipment__name", "team__search_text")
    autocomplete_fields = ("equipment", "team")
    ordering = ("-starts_on", "pk")
    readonly_fields = ("code",)
    actions = ("approve", "refuse", "mark_returned")

    @admin.action(description="Accorder (le premier exemplaire libre)")
    def approve(self, request: HttpRequest, queryset: QuerySet[Loan]) -> None:
        self._move(request, queryset, approve_loan)

    @admin.action(description="Refuser")
    def refuse(self, request: HttpRequest, queryset: QuerySet[Loan]) -> None:
        self._move(request, queryset, refuse_loan)

    @admin.action(description="Noter le retour, aujourd’hui")
    def mark_returned(self, request: HttpRequest, queryset: QuerySet[Loan]) -> None:
        self._move(request, queryset, partial(return_loan, on=today()))

    def _move(
        self, request: HttpRequest, queryset: QuerySet[Loan], move: Callable[..., Loan]
    ) -> None:
        """Each loan on its own: one that is refused does not hold the others."""
        moved = 0
        for loan in queryset.select_related("equipment", "team").order_by("requested_on", "pk"):
            before = loan.status
            try:
                moved += move(loan=loan).status != before
            except LoanRefused as refusal:
                messages.error(request, f"{loan.equipment}, {loan.team} : {refusal}")
        messages.info(request, f"{plural(moved, 'prêt modifié', 'prêts modifiés')}.")

    @display(
        description="état",
        label={
            LoanStatus.REQUESTED.label: "warning",
            LoanStatus.APPROVED.label: "info",
            LoanStatus.OUT.label: "info",
            LoanStatus.RETURNED.label: "success",
            LoanStatus.REFUSED.label: "danger",
            LoanStatus.CANCELLED.label: "danger",
        },
    )
    def shown_status(self, loan: Loan) -> str:
        return loan.get_status_display()
