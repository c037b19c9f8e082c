"""The relation log: every exchange, searched, and those to take up again."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from apmsl.lib.admin.model import PortalModelAdmin
from apmsl.lib.dates import today
from members.enums import Department
from members.models import Exchange


class FollowUpFilter(admin.SimpleListFilter):
    title = "relance"
    parameter_name = "relance"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("due", "À faire aujourd’hui ou en retard"),
            ("awaiting", "Prévue"),
            ("done", "Faite"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Exchange]:
        found: dict[str | None, QuerySet[Exchange]] = {
            "due": queryset.due_on(today()),
            "awaiting": queryset.to_follow_up(),
            "done": queryset.filter(done_on__isnull=False),
        }
        return found.get(self.value(), queryset)


class MineFilter(admin.SimpleListFilter):
    title = "noté par"
    parameter_name = "moi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "Moi")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Exchange]:
        mine: QuerySet[Exchange] = queryset
        return mine.filter(by=request.user.pk) if self.value() == "oui" else mine


class TeamDepartmentFilter(admin.SimpleListFilter):
    title = "département de l’équipe"
    parameter_name = "departement"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Department.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Exchange]:
        found: QuerySet[Exchange] = queryset
        return found.filter(team__department=self.value()) if self.value() else found


@admin.register(Exchange)
class ExchangeAdmin(PortalModelAdmin):
    list_display = ("happened_on", "kind", "person", "team", "summary", "follow_up", "by")
    list_display_links = ("happened_on", "summary")
    list_filter = (
        FollowUpFilter,
        MineFilter,
        ("kind", ChoicesDropdownFilter),
        TeamDepartmentFilter,
        ("happened_on", RangeDateFilter),
    )
    list_select_related = ("person", "team", "by__person")
    search_fields = ("summary", "asked", "answered", "person__sort_name", "team__search_text")
    ordering = ("-happened_on", "-pk")
    autocomplete_fields = ("person", "team")
    readonly_fields = ("by",)

    @display(description="relance")
    def follow_up(self, exchange: Exchange) -> str:
        if exchange.done_on:
            return f"faite le {exchange.done_on:%d/%m/%Y}"
        return f"le {exchange.follow_up_on:%d/%m/%Y}" if exchange.follow_up_on else "–"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.by = request.user
        super().save_model(request, obj, form, change)
