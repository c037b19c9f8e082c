"""Teams, as the staff keeps them."""

from collections.abc import Iterator
from typing import Any, Self

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from apmsl.lib.admin.model import PortalInline, ReadOnlyInline
from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.identifiers import compacted, finess_key_holds
from apmsl.lib.typography import plural, typeset
from members.enums import Stage
from members.models import (
    Campaign,
    Membership,
    Position,
    Site,
    Team,
    TeamFact,
)
from members.services import campaigns, following

OFFICIAL_NUMBERS = ("siret", "finess")
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
        known = self.value() in Stage.values  # an address may say anything
        return queryset.at_stage(self.value(), today()) if known else queryset


class VacancyFilter(admin.SimpleListFilter):
    title = "coordination"
    parameter_name = "coordination"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("vacante", "Vacante (équipes adhérentes constituées)")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Team]) -> QuerySet[Team]:
        return queryset.without_coordinator(today()) if self.value() == "vacante" else queryset


class AttentionFilter(admin.SimpleListFilter):
    """The work lists, as the dashboard counts them."""

    title = "à suivre"
    parameter_name = "suivi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(following.TEAM_LISTS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Team]) -> QuerySet[Team]:
        known = self.value() in following.TEAM_LISTS
        return queryset.needing(self.value(), today()) if known else queryset


class TeamFactInline(PortalInline):
    model = TeamFact
    fk_name = "team"
    verbose_name_plural = "histoire"
    autocomplete_fields = ("other_team",)
    fields = ("happened_on", "kind", "other_team", "note", "document")
    formfield_overrides = {models.TextField: {"widget": UnfoldAdminTextareaWidget({"rows": 2})}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[TeamFact]:
        rows = super().get_queryset(request).select_related("team", "other_team")
        return rows.order_by("-happened_on", "pk")


class SiteInline(PortalInline):
    model = Site
    verbose_name_plural = "sites"
    fields = ("label", "address", "postcode", "city", "insee_code", "latitude", "longitude")


class OfficialNumber(forms.CharField):
    @classmethod
    def like(cls, field: forms.CharField) -> Self:
        """Spaces do not count in the length of what is typed; the model's own rules follow."""
        widget = field.widget
        widget.attrs.pop("maxlength", None)
        return cls(
            label=field.label,
            required=False,
            help_text=field.help_text,
            widget=widget,
            max_length=40,
        )

    def to_python(self, value: Any) -> str:
        return compacted(value or "")


class TeamForm(forms.ModelForm):
    """Official numbers are typed with or without spaces."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in OFFICIAL_NUMBERS:
            if field := self.fields.get(name):
                self.fields[name] = OfficialNumber.like(field)

    def clean(self) -> dict[str, Any]:
        """The database holds the rest; these two it leaves to whoever types."""
        given = super().clean() or {}
        constituted, signed = given.get("constituted_on"), given.get("aci_signed_on")
        if constituted and signed and signed < constituted:
            self.add_error("aci_signed_on", "L’ACI ne se signe pas avant la constitution.")
        closed = given.get("closed_on")
        if signed and closed and closed < signed:
            self.add_error("closed_on", "Une équipe ne ferme pas avant de signer son ACI.")
        return given


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
        AttentionFilter,
        ("legal_form", ChoicesDropdownFilter),
        "system_editor",
        ("constituted_on", RangeDateFilter),
    )
    search_fields = ("search_text", "code")
    ordering = ("sort_name", "pk")
    inlines = (TeamFactInline, SiteInline, TeamPositionInline, TeamMembershipInline)
    readonly_fields = ("code",)
    form = TeamForm
    fieldsets = (
        (None, {"fields": (("name", "kind"), ("sites", "code"))}),
        ("Lieu", {"fields": (("city", "postcode"), ("insee_code", "department"))}),
        ("Point sur la carte", {"fields": (("latitude", "longitude"),)}),
        ("Vie de l’équipe", {"fields": (("constituted_on", "aci_signed_on"), "closed_on")}),
        (
            "Structure",
            {
                "fields": (
                    ("legal_form", "cpts"),
                    ("siret", "finess"),
                    ("information_system", "system_editor"),
                )
            },
        ),
    )

    actions = ("add_to_campaign",)
    actions_detail = ("open_account", "prepare_departure")

    @action(description="Compte de l’équipe", url_path="compte")
    def open_account(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return redirect("members:team_account", object_id)

    @action(description="Préparer un départ", url_path="depart")
    def prepare_departure(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return redirect("members:departure", object_id)

    @admin.action(description="Ajouter à la campagne d’adhésion en cours")
    def add_to_campaign(self, request: HttpRequest, queryset: QuerySet[Team]) -> None:
        campaign = Campaign.objects.opened().order_by("-form__year").first()
        if campaign is None:
            self.message_user(request, "Aucune campagne n’est lancée.", messages.ERROR)
            return
        added = campaigns.add_teams(campaign=campaign, teams=queryset.open_on(today()))
        opened = plural(added, "dossier ouvert", "dossiers ouverts")
        self.message_user(request, f"Campagne {campaign.year} : {opened}.", messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for warning in _warnings(obj):
            self.message_user(request, typeset(warning), messages.WARNING)

    @display(description="étape", label={str(s.label): c for s, c in STAGE_COLOURS.items()})
    def shown_stage(self, team: Team) -> str:
        return str(team.stage_on(today()).label)


def _warnings(team: Team) -> Iterator[str]:
    """What is kept as it was typed, but looks wrong."""
    if team.finess and not finess_key_holds(team.finess):
        yield f"FINESS {team.finess} : la clé ne correspond pas. Un chiffre est-il inversé ?"
    for name in OFFICIAL_NUMBERS:
        if number := getattr(team, name):
            same = Team.objects.filter(**{name: number}).exclude(pk=team.pk).by_name().first()
            if same:
                yield f"{name.upper()} {number} : c’est aussi celui de {same}."
