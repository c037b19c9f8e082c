"""Teams, people and what ties them, as the staff keeps them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from apmsl.lib.admin.model import PortalInline, PortalModelAdmin, ReadOnlyInline
from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.typography import plural, typeset
from members import services
from members.enums import Stage
from members.models import (
    Accompaniment,
    AccompanimentTeam,
    Affiliation,
    FirstContact,
    FormQuestion,
    Membership,
    Person,
    PersonEmail,
    Position,
    Profession,
    Question,
    Scan,
    ScanAnswer,
    ScanForm,
    ScanHeadcount,
    Team,
    User,
)

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

    @display(description="étape", label={str(s.label): c for s, c in STAGE_COLOURS.items()})
    def shown_stage(self, team: Team) -> str:
        return str(team.stage_on(today()).label)


class PersonEmailInline(PortalInline):
    model = PersonEmail
    verbose_name_plural = "adresses électroniques"
    fields = ("address", "is_primary", "visibility")


class AffiliationInline(PortalInline):
    model = Affiliation
    verbose_name_plural = "exercice"
    autocomplete_fields = ("team",)
    fields = ("team", "started_on", "ended_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Affiliation]:
        return super().get_queryset(request).select_related("team").order_by("pk")


class PersonPositionInline(ReadOnlyInline):
    model = Position
    verbose_name_plural = "fonctions"
    fields = ("team", "role", "started_on", "ended_on", "employment")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Position]:
        return super().get_queryset(request).select_related("team").order_by("-started_on", "pk")


@admin.register(Person)
class PersonAdmin(SheetsModelAdmin):
    table = "people"
    list_display = ("last_name", "first_name", "profession", "self_employed", "has_account")
    list_display_links = ("last_name", "first_name")
    list_filter = ("profession", "self_employed")
    list_select_related = ("profession", "account")
    search_fields = ("sort_name", "emails__address", "code")
    ordering = ("sort_name", "pk")
    inlines = (PersonEmailInline, AffiliationInline, PersonPositionInline)
    readonly_fields = ("code",)
    fields = (("first_name", "last_name"), ("profession", "self_employed"), "code")
    actions = ("invite",)

    @admin.action(description="Ouvrir un compte et envoyer l’invitation")
    def invite(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        left = services.invite_people(people=queryset, by=request.user, at=timezone.now())
        for person, reason in left:
            self.message_user(request, typeset(f"{person} : {reason}"), messages.ERROR)
        sent = len(queryset) - len(left)
        if sent:
            self.message_user(request, f"{plural(sent, 'invitation')} en route.", messages.SUCCESS)

    @display(description="compte", boolean=True)
    def has_account(self, person: Person) -> bool:
        return hasattr(person, "account")


@admin.register(Position)
class PositionAdmin(SheetsModelAdmin):
    table = "positions"
    list_display = ("person", "role", "team", "started_on", "ended_on", "employment", "in_network")
    list_filter = (
        ("role", ChoicesDropdownFilter),
        ("team__department", ChoicesDropdownFilter),
        ("started_on", RangeDateFilter),
    )
    list_select_related = ("person", "team")
    search_fields = ("person__sort_name", "team__search_text")
    autocomplete_fields = ("person", "team")
    ordering = ("-started_on", "pk")
    fields = (
        ("person", "team"),
        "role",
        ("started_on", "ended_on"),
        ("employment", "monthly_hours"),
        ("network_joined_on", "network_left_on"),
    )

    @display(description="au réseau", boolean=True)
    def in_network(self, position: Position) -> bool:
        on = today()
        joined, left = position.network_joined_on, position.network_left_on
        return bool(joined and joined <= on and (left is None or left > on))


@admin.register(Membership)
class MembershipAdmin(SheetsModelAdmin):
    table = "memberships"
    list_display = ("year", "member", "shown_status", "euros", "paid_on")
    list_filter = ("year", ("status", ChoicesDropdownFilter), ("paid_on", RangeDateFilter))
    list_select_related = ("team", "person")
    search_fields = ("team__search_text", "person__sort_name")
    autocomplete_fields = ("team", "person")
    ordering = ("-year", "team__sort_name", "pk")
    fields = (("year", "status"), ("team", "person"), ("amount_cents", "paid_on"))

    @display(description="adhérent")
    def member(self, membership: Membership) -> str:
        return str(membership.team or membership.person)

    @display(
        description="état", label={"Payée": "success", "Appelée": "warning", "Annulée": "danger"}
    )
    def shown_status(self, membership: Membership) -> str:
        return membership.get_status_display()

    @display(description="montant")
    def euros(self, membership: Membership) -> str:
        return f"{membership.amount_cents / 100:.2f} €".replace(".", ",")


class ScanAnswerInline(PortalInline):
    model = ScanAnswer
    verbose_name_plural = "réponses"
    fields = ("question", "yes", "number", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScanAnswer]:
        return super().get_queryset(request).select_related("question").order_by("question__key")


class ScanHeadcountInline(ReadOnlyInline):
    model = ScanHeadcount
    verbose_name_plural = "effectifs"
    fields = ("profession", "headcount")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScanHeadcount]:
        rows = super().get_queryset(request).select_related("profession", "question")
        return rows.order_by("-headcount", "pk")


class SentFilter(admin.SimpleListFilter):
    title = "envoi"
    parameter_name = "envoi"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "Envoyés"), ("non", "Brouillons")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Scan]) -> QuerySet[Scan]:
        if self.value() is None:
            return queryset
        return queryset.filter(submitted_on__isnull=self.value() == "non")


@admin.register(Scan)
class ScanAdmin(SheetsModelAdmin):
    table = "scans"
    list_display = ("team", "form", "submitted_on")
    list_filter = ("form", SentFilter, ("team__department", ChoicesDropdownFilter))
    list_select_related = ("team", "form")
    search_fields = ("team__search_text",)
    autocomplete_fields = ("team",)
    ordering = ("-form__year", "team__sort_name", "pk")
    inlines = (ScanAnswerInline, ScanHeadcountInline)


class FormQuestionInline(PortalInline):
    model = FormQuestion
    verbose_name_plural = "questions"
    fields = ("rank", "question", "wording", "help_text", "is_publishable")

    def get_queryset(self, request: HttpRequest) -> QuerySet[FormQuestion]:
        return super().get_queryset(request).select_related("question").order_by("rank", "pk")


@admin.register(ScanForm)
class ScanFormAdmin(PortalModelAdmin):
    list_display = ("year", "sent")
    ordering = ("-year",)
    inlines = (FormQuestionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScanForm]:
        sent = Count("scans", filter=Q(scans__submitted_on__isnull=False))
        return super().get_queryset(request).annotate(sent_count=sent)

    @display(description="envois", ordering="sent_count")
    def sent(self, form: Any) -> int:
        return form.sent_count


@admin.register(Question)
class QuestionAdmin(PortalModelAdmin):
    list_display = ("label", "kind", "key")
    list_filter = (("kind", ChoicesDropdownFilter),)
    search_fields = ("label", "key")
    ordering = ("key",)


@admin.register(Profession)
class ProfessionAdmin(SheetsModelAdmin):
    table = "professions"
    list_display = ("label", "code")
    search_fields = ("label", "code")
    ordering = ("label", "pk")


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


@admin.register(User)
class AccountAdmin(PortalModelAdmin):
    """Accounts are opened by inviting someone; here they are found and closed. The address is its
    owner's to change, and an account is one person's for good."""

    fields = ("email", "person", "is_active", "invited_at", "last_login")
    readonly_fields = ("email", "person", "invited_at", "last_login")
    list_display = ("email", "person", "is_active", "invited_at", "last_login")
    list_filter = ("is_active", ("invited_at", RangeDateFilter))
    list_select_related = ("person",)
    search_fields = ("email", "person__sort_name")
    ordering = ("email",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
