"""What people agreed to, and what they ask about their data."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from apmsl.lib.admin.model import PortalModelAdmin, ReadOnlyModelAdmin
from apmsl.lib.dates import today
from members.models import Consent, DataRequest


@admin.register(Consent)
class ConsentAdmin(ReadOnlyModelAdmin):
    """The proof: read, never written here."""

    list_display = ("person", "field", "value", "visibility", "given_at", "withdrawn_at")
    list_filter = (("visibility", ChoicesDropdownFilter),)
    list_select_related = ("person",)
    search_fields = ("person__sort_name", "value")
    ordering = ("-given_at", "pk")


class WaitingFilter(admin.SimpleListFilter):
    title = "suite"
    parameter_name = "suite"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("attend", "Attend une réponse"), ("traitee", "Traitée")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[DataRequest]:
        if self.value() == "attend":
            return queryset.waiting()
        return queryset.exclude(handled_on=None) if self.value() == "traitee" else queryset


@admin.register(DataRequest)
class DataRequestAdmin(PortalModelAdmin):
    """Asked on the portal; here it is answered."""

    list_display = ("person", "kind", "team", "asked_at", "shown_state", "due_on")
    list_filter = (WaitingFilter, ("kind", ChoicesDropdownFilter))
    list_select_related = ("person", "team")
    search_fields = ("person__sort_name", "team__search_text", "text")
    ordering = ("-asked_at", "pk")
    readonly_fields = ("kind", "person", "team", "text", "asked_at", "due_on")
    fields = (
        ("kind", "asked_at", "due_on"),
        ("person", "team"),
        "text",
        ("handled_on", "answer"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @display(
        description="suite",
        label={"Traitée": "success", "En retard": "danger", "À traiter": "warning"},
    )
    def shown_state(self, request: DataRequest) -> str:
        if request.handled_on:
            return "Traitée"
        return "En retard" if request.due_on < today() else "À traiter"
