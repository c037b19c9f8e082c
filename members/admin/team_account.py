"""Who keeps the accounts of teams, whom they invite, who leaves: prepared on the team's page, read
here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from apmsl.lib.admin.model import ReadOnlyModelAdmin
from apmsl.lib.dates import today
from members.models import Departure, Invitation, TeamManager


@admin.register(TeamManager)
class TeamManagerAdmin(ReadOnlyModelAdmin):
    list_display = ("team", "person", "started_on", "ended_on")
    list_filter = (("team__department", ChoicesDropdownFilter), ("started_on", RangeDateFilter))
    list_select_related = ("team", "person")
    search_fields = ("team__search_text", "person__sort_name")
    ordering = ("-started_on", "pk")


class PendingFilter(admin.SimpleListFilter):
    title = "suite"
    parameter_name = "suite"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("attend", "En attente"), ("acceptee", "Acceptée")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Invitation]:
        if self.value() == "attend":
            return queryset.pending()
        return queryset.exclude(accepted_at=None) if self.value() == "acceptee" else queryset


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyModelAdmin):
    list_display = ("name", "email", "team", "role", "sent_at", "shown_state")
    list_filter = (PendingFilter, ("team__department", ChoicesDropdownFilter))
    list_select_related = ("team",)
    search_fields = ("email", "last_name", "team__search_text")
    ordering = ("-sent_at", "pk")

    @display(description="nom", ordering="last_name")
    def name(self, invitation: Invitation) -> str:
        return invitation.name

    @display(
        description="suite",
        label={"Acceptée": "success", "En attente": "info", "Expirée": "warning"},
    )
    def shown_state(self, invitation: Invitation) -> str:
        if invitation.accepted_at:
            return "Acceptée"
        if invitation.withdrawn_at:
            return "Retirée"
        return "Expirée" if invitation.is_late_at(timezone.now()) else "En attente"


class ComingFilter(admin.SimpleListFilter):
    title = "date"
    parameter_name = "date"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("a-venir", "À venir")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Departure]:
        return queryset.prepared(today()) if self.value() == "a-venir" else queryset


@admin.register(Departure)
class DepartureAdmin(ReadOnlyModelAdmin):
    list_display = ("person", "team", "last_day", "leaves_team", "successor")
    list_filter = (ComingFilter, ("team__department", ChoicesDropdownFilter))
    list_select_related = ("person", "team", "successor")
    search_fields = ("person__sort_name", "team__search_text")
    ordering = ("-last_day", "pk")
