"""People, the posts they hold and their accounts."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from apmsl.lib.admin.model import PortalInline, PortalModelAdmin, ReadOnlyInline
from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.typography import plural, typeset
from members import services
from members.admin.duplicates import DuplicatesAdmin
from members.models import (
    Affiliation,
    ContactDetail,
    Person,
    PersonEmail,
    Position,
    Profession,
    User,
    WelcomeDone,
)
from members.models.attention import WELCOME_DAYS
from members.services.contacts import CONFIRMED_FOR


class PersonEmailInline(PortalInline):
    model = PersonEmail
    verbose_name_plural = "adresses électroniques"
    fields = ("address", "is_primary", "visibility")
    readonly_fields = ("visibility",)  # its owner's choice


class ContactDetailInline(PortalInline):
    model = ContactDetail
    verbose_name_plural = "téléphones et adresses"
    fields = ("kind", "value", "visibility")
    readonly_fields = ("visibility",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactDetail]:
        return super().get_queryset(request).order_by("kind", "value", "pk")


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


class ConfirmedFilter(admin.SimpleListFilter):
    title = "coordonnées"
    parameter_name = "coordonnees"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("anciennes", "Pas confirmées depuis un an")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Person]:
        if self.value() != "anciennes":
            return queryset
        return queryset.not_confirmed_since(today() - CONFIRMED_FOR)


@admin.register(Person)
class PersonAdmin(DuplicatesAdmin):
    list_display = (
        "last_name",
        "first_name",
        "profession",
        "self_employed",
        "has_account",
        "checked_on",
    )
    list_display_links = ("last_name", "first_name")
    list_filter = ("profession", "self_employed", ConfirmedFilter)
    list_select_related = ("profession", "account")
    search_fields = ("sort_name", "emails__address", "code")
    ordering = ("sort_name", "pk")
    inlines = (PersonEmailInline, ContactDetailInline, AffiliationInline, PersonPositionInline)
    readonly_fields = ("code", "checked_on")
    fields = (
        ("first_name", "last_name"),
        ("profession", "self_employed"),
        ("code", "checked_on"),
    )
    actions = ("invite", "compare")

    @admin.action(description="Ouvrir un compte et envoyer l’invitation")
    def invite(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        left = services.invite_people(
            people=queryset, by=request.user, on=today(), at=timezone.now()
        )
        for person, reason in left:
            self.message_user(request, typeset(f"{person} : {reason}"), messages.ERROR)
        sent = len(queryset) - len(left)
        if sent:
            self.message_user(request, f"{plural(sent, 'invitation')} en route.", messages.SUCCESS)

    @display(description="compte", boolean=True)
    def has_account(self, person: Person) -> bool:
        return hasattr(person, "account")


class WelcomeFilter(admin.SimpleListFilter):
    title = "accueil"
    parameter_name = "accueil"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("a-faire", f"À accueillir (en poste depuis moins de {WELCOME_DAYS} jours)")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Position]) -> QuerySet[Position]:
        return queryset.to_welcome(today()) if self.value() == "a-faire" else queryset


class DescriptionFilter(admin.SimpleListFilter):
    """A job description is read again every year."""

    title = "fiche de poste"
    parameter_name = "fiche"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("a-revoir", "Coordination : absente, ou pas revue depuis un an")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Position]) -> QuerySet[Position]:
        return queryset.to_describe(today()) if self.value() == "a-revoir" else queryset


class WelcomeInline(PortalInline):
    """What was done, and when; who notes it is written by itself."""

    model = WelcomeDone
    verbose_name_plural = "accueil"
    fields = ("step", "done_on", "noted_by")
    readonly_fields = ("noted_by",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[WelcomeDone]:
        rows = super().get_queryset(request).select_related("step", "noted_by__person")
        return rows.order_by("done_on", "pk")


@admin.register(Position)
class PositionAdmin(SheetsModelAdmin):
    table = "positions"
    list_display = ("person", "role", "team", "started_on", "ended_on", "employment", "in_network")
    list_filter = (
        ("role", ChoicesDropdownFilter),
        ("team__department", ChoicesDropdownFilter),
        ("employment", ChoicesDropdownFilter),
        ("started_on", RangeDateFilter),
        WelcomeFilter,
        DescriptionFilter,
    )
    inlines = (WelcomeInline,)
    list_select_related = ("person", "team")
    search_fields = ("person__sort_name", "team__search_text")
    autocomplete_fields = ("person", "team")
    ordering = ("-started_on", "pk")
    fields = (
        ("person", "team"),
        ("role", "leadership"),
        ("started_on", "ended_on"),
        ("employment", "monthly_hours"),
        ("time_given", "time_unit"),
        ("network_joined_on", "network_left_on"),
        ("job_description", "described_on"),
        ("formalisation", "formal_document"),
    )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for row in formset.forms:
            if isinstance(row.instance, WelcomeDone) and row.instance.noted_by is None:
                row.instance.noted_by = cast(User, request.user)
        super().save_formset(request, form, formset, change)

    @display(description="au réseau", boolean=True)
    def in_network(self, position: Position) -> bool:
        on = today()
        joined, left = position.network_joined_on, position.network_left_on
        return bool(joined and joined <= on and (left is None or left > on))


@admin.register(Profession)
class ProfessionAdmin(SheetsModelAdmin):
    table = "professions"
    list_display = ("label", "code")
    search_fields = ("label", "code")
    ordering = ("label", "pk")


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
    actions = ("forget_second_factors",)

    @admin.action(description="Retirer la deuxième preuve (téléphone ou clé perdus)")
    def forget_second_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        by: Any = request.user
        at = timezone.now()
        done = [services.forget_second_factors(user=user, by=by, at=at) for user in queryset]
        told = plural(sum(done), "compte donnera", "comptes donneront")
        messages.info(request, typeset(f"{told} une nouvelle deuxième preuve d’identité."))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
