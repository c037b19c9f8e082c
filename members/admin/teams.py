"""Teams, as the staff keeps them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from apmsl.lib.admin.model import ReadOnlyInline
from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.typography import plural
from members.enums import Stage
from members.models import (
    Campaign,
    Membership,
    Position,
    Team,
)
from members.services import campaigns

STAGE_COLOURS = {
    Stage.IN_PROJECT: "warning",
    Stage.CONSTITUTED: "info",
    Stage.ACI_SIGNED: "success",
    Stage.CLOSED: "danger",
}


class StageFilter(admin.SimpleListFilter):
    title = "étape"
    parameter_name = "etape"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Stage.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Team]) -> QuerySet[Team]:
        return queryset.at_stage(self.value(), today()) if self.value() else queryset


class VacancyFilter(admin.SimpleListFilter):
    title = "coordination"
    parameter_name = "coordination"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("vacante", "Vacante (équipes adhérentes constituées)")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Team]) -> QuerySet[Team]:
        return queryset.without_coordinator(today()) if self.value() == "vacante" else queryset


class TeamPositionInline(ReadOnlyInline):
    model = Position
    verbose_name_plural = "fonctions"
    fields = ("person", "role", "started_on", "ended_on", "employment", "network_joined_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Position]:
        return super().get_queryset(request).select_related("person").order_by("-started_on", "pk")


class TeamMembershipInline(ReadOnlyInline):
    model = Membership
    verbose_name_plural = "adhésions"
    fields = ("year", "status", "amount_cents", "paid_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).order_by("-year", "pk")


@admin.register(Team)
class TeamAdmin(SheetsModelAdmin):
    table = "teams"
    list_display = ("name", "city", "department", "shown_stage", "sites", "constituted_on")
    list_filter = (
        ("department", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        StageFilter,
        VacancyFilter,
        ("constituted_on", RangeDateFilter),
    )
    search_fields = ("search_text", "code")
    ordering = ("sort_name", "pk")
    inlines = (TeamPositionInline, TeamMembershipInline)
    readonly_fields = ("code",)
    fieldsets = (
        (None, {"fields": (("name", "kind"), ("sites", "code"))}),
        ("Lieu", {"fields": (("city", "postcode"), ("insee_code", "department"))}),
        ("Point sur la carte", {"fields": (("latitude", "longitude"),)}),
        ("Vie de l’équipe", {"fields": (("constituted_on", "aci_signed_on"), "closed_on")}),
    )

    actions = ("add_to_campaign",)

    @admin.action(description="Ajouter à la campagne d’adhésion en cours")
    def add_to_campaign(self, request: HttpRequest, queryset: QuerySet[Team]) -> None:
        campaign = Campaign.objects.opened().order_by("-form__year").first()
        if campaign is None:
            self.message_user(request, "Aucune campagne n’est lancée.", messages.ERROR)
            return
        added = campaigns.add_teams(campaign=campaign, teams=queryset.open_on(today()))
        opened = plural(added, "dossier ouvert", "dossiers ouverts")
        self.message_user(request, f"Campagne {campaign.year} : {opened}.", messages.SUCCESS)

    @display(description="étape", label={str(s.label): c for s, c in STAGE_COLOURS.items()})
    def shown_stage(self, team: Team) -> str:
        return str(team.stage_on(today()).label)
