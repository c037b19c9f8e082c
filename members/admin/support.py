"""First contacts and accompaniments."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from apmsl.lib.admin.model import PortalInline
from apmsl.lib.admin.sheets import SheetsModelAdmin
from members.models import (
    Accompaniment,
    AccompanimentTeam,
    FirstContact,
)


@admin.register(FirstContact)
class FirstContactAdmin(SheetsModelAdmin):
    table = "first_contacts"
    list_display = ("received_on", "department", "profession", "channel", "code")
    list_filter = (
        ("received_on", RangeDateFilter),
        ("department", ChoicesDropdownFilter),
        ("channel", ChoicesDropdownFilter),
    )
    list_select_related = ("profession",)
    search_fields = ("code", "notes")
    ordering = ("-received_on", "pk")


class AccompanimentTeamInline(PortalInline):
    model = AccompanimentTeam
    verbose_name_plural = "équipes accompagnées"
    autocomplete_fields = ("team",)
    fields = ("team", "professionals", "committee_on", "outcome")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccompanimentTeam]:
        return super().get_queryset(request).select_related("team").order_by("pk")


@admin.register(Accompaniment)
class AccompanimentAdmin(SheetsModelAdmin):
    table = "accompaniments"
    list_display = ("code", "kind", "started_on", "ended_on", "sessions", "team_count")
    list_filter = (("kind", ChoicesDropdownFilter), ("started_on", RangeDateFilter))
    search_fields = ("code", "accompaniment_teams__team__search_text")
    ordering = ("-started_on", "pk")
    inlines = (AccompanimentTeamInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Accompaniment]:
        return super().get_queryset(request).annotate(teams=Count("accompaniment_teams"))

    @display(description="équipes", ordering="teams")
    def team_count(self, accompaniment: Any) -> int:
        return accompaniment.teams
