"""First contacts and accompaniments."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from apmsl.lib import audiences
from apmsl.lib.admin.model import PortalInline, PortalModelAdmin
from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.typography import short_day
from members.enums import Department
from members.models import Accompaniment, AccompanimentTeam, FirstContact, Person


class ChargeFilter(admin.SimpleListFilter):
    title = "suivi"
    parameter_name = "suivi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("moi", "Les miens"),
            ("retard", "En retard"),
            ("moi-retard", "Les miens, en retard"),
            ("action", "Avec une prochaine action"),
            ("personne", "À faire, sans chargé·e de mission"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = self.value() or ""
        if wanted == "action":
            return queryset.planned()
        if wanted == "personne":
            return queryset.unheld()
        if "moi" in wanted:
            queryset = queryset.in_charge_of(request.user.person_id)
        return queryset.overdue(today()) if "retard" in wanted else queryset


class OfficerFilter(admin.SimpleListFilter):
    """One query, whoever is there: the staff of today."""

    title = "chargé·e de mission"
    parameter_name = "officer__id__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(person.pk), str(person)) for person in staff()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value() or ""
        known = chosen.isdecimal() and len(chosen) < 19
        return queryset.in_charge_of(int(chosen)) if known else queryset


def staff() -> QuerySet[Person]:
    return audiences.people("staff", today()).order_by("sort_name", "pk")


class FollowedAdmin(PortalModelAdmin):
    """What somebody of the staff has in charge: the officer is one of the staff of today."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "officer":
            kwargs["queryset"] = staff()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"officer": request.user.person_id, **super().get_changeform_initial_data(request)}

    @display(description="pour le", ordering="next_action_on", label={"late": "danger"})
    def due(self, followed: Any) -> Any:
        if followed.next_action_on is None:
            return None
        state = "late" if followed.next_action_on < today() else "coming"
        return state, short_day(followed.next_action_on)


@admin.register(FirstContact)
class FirstContactAdmin(FollowedAdmin, SheetsModelAdmin):
    table = "first_contacts"
    list_display = ("received_on", "department", "profession", "officer", "next_action", "due")
    list_filter = (
        ChargeFilter,
        OfficerFilter,
        ("received_on", RangeDateFilter),
        ("department", ChoicesDropdownFilter),
        ("channel", ChoicesDropdownFilter),
    )
    list_select_related = ("profession", "officer")
    search_fields = ("code", "notes", "next_action", "team__search_text")
    autocomplete_fields = ("team",)
    ordering = ("-received_on", "pk")
    fieldsets = (
        (None, {"fields": (("received_on", "channel"), ("department", "profession"), "notes")}),
        ("Suivi", {"fields": (("officer", "team"), ("next_action", "next_action_on"))}),
    )


class AccompanimentTeamInline(PortalInline):
    model = AccompanimentTeam
    verbose_name_plural = "équipes accompagnées"
    autocomplete_fields = ("team",)
    fields = ("team", "professionals", "committee_on", "outcome")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccompanimentTeam]:
        return super().get_queryset(request).select_related("team").order_by("pk")


class AccompaniedDepartmentFilter(admin.SimpleListFilter):
    title = "département"
    parameter_name = "departement"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Department.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Some accompany teams of several départements: each is counted once."""
        if not self.value():
            return queryset
        rows = AccompanimentTeam.objects.filter(team__department=self.value())
        return queryset.filter(pk__in=rows.values("accompaniment"))


@admin.register(Accompaniment)
class AccompanimentAdmin(FollowedAdmin, SheetsModelAdmin):
    table = "accompaniments"
    list_display = (
        *("code", "kind", "started_on", "ended_on", "sessions", "team_count"),
        *("officer", "next_action", "due"),
    )
    list_filter = (
        ChargeFilter,
        OfficerFilter,
        ("kind", ChoicesDropdownFilter),
        ("started_on", RangeDateFilter),
        AccompaniedDepartmentFilter,
    )
    list_select_related = ("officer",)
    fieldsets = (
        (None, {"fields": (("kind", "sessions"), ("started_on", "ended_on"))}),
        ("Suivi", {"fields": ("officer", ("next_action", "next_action_on"))}),
    )
    search_fields = ("code", "accompaniment_teams__team__search_text")
    ordering = ("-started_on", "pk")
    inlines = (AccompanimentTeamInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Accompaniment]:
        return super().get_queryset(request).annotate(teams=Count("accompaniment_teams"))

    @display(description="équipes", ordering="teams")
    def team_count(self, accompaniment: Any) -> int:
        return accompaniment.teams
