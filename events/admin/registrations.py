"""Registrations: found across events, moved together, each move shown before it is made."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateFilter,
)
from unfold.decorators import display

from apmsl.lib.admin.model import link_to
from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.templatetags.french import moment
from apmsl.lib.typography import plural, typeset
from events import services
from events.admin import pages, tabs, undo
from events.admin.fees import PARAMETER, OwesMixin, PaymentFilter, with_received
from events.admin.moves import MovesMixin, Rows, preview
from events.admin.saved import SavedFiltersMixin
from events.admin.statistics import PresenceFilter
from events.enums import RegistrationStatus, SavedList
from events.models import HOLDING, Attendance, Event, Registration

DOWNLOAD = (
    '<button type="submit" formaction="{}" formnovalidate class="border border-primary-600 '
    'text-primary-700 font-medium px-3 py-2 rounded-default cursor-pointer">'
    "Télécharger l’attestation</button>"
)
_NAMED = ("event", "person", "team", "registered_by__person")


@admin.register(Registration)
class RegistrationAdmin(MovesMixin, OwesMixin, SavedFiltersMixin, SheetsModelAdmin):
    table = "registrations"
    saved_list = SavedList.REGISTRATIONS
    list_display = ("who", "event", "team", "shown_status", "registered_on", "presence")
    list_filter = (
        ("event", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        PresenceFilter,
        PaymentFilter,
        ("team", AutocompleteSelectFilter),
        ("team__department", ChoicesDropdownFilter),
        ("event__starts_on", RangeDateFilter),
    )
    list_select_related = ("person__profession", "event", "team", "charge")
    search_fields = ("person__sort_name", "team__search_text", "event__search_text")
    autocomplete_fields = ("team",)
    ordering = ("-event__starts_on", "status", "person__sort_name", "pk")
    fields = (
        "event",
        "person",
        "team",
        "status",
        "reason",
        "registered_on",
        "registered_by",
        "certificate_asked",
        "workshops",
        ("payment", "due", "received"),
        "moves",
    )
    readonly_fields = (
        "event",
        "person",
        "status",
        "reason",
        "registered_on",
        "registered_by",
        "certificate_asked",
        "workshops",
        "payment",
        "due",
        "received",
        "moves",
    )

    def get_queryset(self, request: HttpRequest) -> Rows:
        came = (
            Attendance.objects.filter(session__event=OuterRef("event"), person=OuterRef("person"))
            .order_by()
            .values("person")
            .annotate(n=Count("pk"))
            .values("n")
        )
        rows = with_received(super().get_queryset(request).select_related(*_NAMED))
        return rows.annotate(sessions_attended=Coalesce(Subquery(came), 0))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People are registered from the page of their event, by the rules of its seats."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A registration is cancelled, and remembered."""
        return False

    def get_urls(self) -> list[URLPattern]:
        taking_back = self.admin_site.admin_view(partial(undo.page, self, preview))
        own = [path("annuler-une-action/", taking_back, name="events_registration_undo")]
        return own + super().get_urls()

    # -- of one event ------------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        event_id = _event_of(request)
        current = "attente" if _is_waiting_list(request) else "inscriptions"
        current = "paiements" if _is_money(request) else current
        shown: dict[str, Any] = {"undo": undo.offered(request), "undo_url": undo.url()}
        if event_id:
            shown |= {
                "tabs": tabs.tabs_of(event_id, current),
                "seats_told": _seats_told(event_id, waiting=current == "attente"),
            }
        return super().changelist_view(request, shown | (extra_context or {}))

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        if not _event_of(request):
            return self.list_display
        if _is_money(request):
            return ("who", "team", "shown_status", "payment", "due", "received")
        if _is_waiting_list(request):
            return ("who", "profession", "team", "shown_status", "queued_at")
        return ("who", "profession", "team", "shown_status", "why", "registered_on", "presence")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """First come, first served."""
        if _event_of(request) and _is_waiting_list(request):
            return ("queued_at", "pk")
        return self.ordering

    # -- columns -----------------------------------------------------------------------------------

    @display(description="personne", ordering="person__sort_name")
    def who(self, registration: Registration) -> str:
        return str(registration.person or "Place à compléter")

    @display(description="profession", ordering="person__profession__label")
    def profession(self, registration: Registration) -> str:
        person = registration.person
        return str(person.profession or "–") if person else "–"

    @display(description="motif", ordering="reason")
    def why(self, registration: Registration) -> str:
        beyond = "Hors jauge" if registration.over_capacity else ""
        return " : ".join(filter(None, [beyond, registration.reason])) or "–"

    @display(
        description="état",
        ordering="status",
        label={
            RegistrationStatus.REGISTERED.label: "success",
            RegistrationStatus.CONFIRMED.label: "success",
            RegistrationStatus.WAITLISTED.label: "warning",
            RegistrationStatus.OFFERED.label: "info",
            RegistrationStatus.CANCELLED.label: "danger",
        },
    )
    def shown_status(self, registration: Registration) -> str:
        return registration.get_status_display()

    @display(description="présence", ordering="sessions_attended")
    def presence(self, registration: Any) -> str:
        came = registration.sessions_attended
        return plural(came, "séance") if came else "–"

    @display(description="attestation de présence")
    def certificate_asked(self, registration: Any) -> SafeString | str:
        """A button of the form of this page: opening an address numbers nothing."""
        if not registration.sessions_attended:
            return "Aucune présence notée"
        url = reverse("events:certificate", args=[registration.event_id, registration.pk])
        return format_html(DOWNLOAD, url)

    @display(description="ateliers")
    def workshops(self, registration: Registration) -> SafeString | str:
        """Those chosen, and where they are chosen, or given against the programme with a reason."""
        kept: Any = registration  # the theme asks for each field several times
        if not hasattr(kept, "chosen"):
            kept.chosen = _workshops(registration)
        shown: SafeString | str = kept.chosen
        return shown

    @display(description="historique")
    def moves(self, registration: Registration) -> SafeString | str:
        """Who moved it, when, from what to what, and why."""
        kept: Any = registration  # the theme asks for each field several times
        if not hasattr(kept, "told"):
            rows = ((moment(m.at), _told(m), m.who) for m in services.moves(registration))
            kept.told = format_html_join("", "<p>{}\u00a0: {} ({})</p>", rows)
        shown: SafeString = kept.told
        return shown


def _workshops(registration: Registration) -> SafeString | str:
    rows = registration.choices.select_related("item").order_by("item__starts_at", "pk")
    chosen = format_html_join("", "<p>{}</p>", ((row.item.title,) for row in rows))
    if not (registration.status in HOLDING and registration.event.items.to_choose().exists()):
        return chosen or "–"
    url = reverse("events:choose", args=[registration.event_id, registration.pk])
    return chosen + link_to(url, "Choisir les ateliers", "")


def _told(move: services.Move) -> str:
    told = f"{move.before} → {move.after}" if move.before else move.after
    return f"{told}, {move.reason}" if move.reason else told


def _seats_told(event_id: int, *, waiting: bool) -> str:
    """What is lacking: more are promised than there are, or a party waits for as many together."""
    event = Event.objects.with_seats_taken().filter(pk=event_id).first()
    if event is not None and event.seats_missing:
        return pages.told_of_missing(event)
    short = services.short_of(event) if event is not None and waiting else 0
    if not short:
        return ""
    lacking = plural(short, "place manque", "places manquent")
    return typeset(f"{lacking} au groupe en tête de la liste, qui entre tous ensemble.")


def _event_of(request: HttpRequest) -> int | None:
    """The event whose registrations are listed, where they are of one."""
    given = request.GET.get("event__id__exact", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _is_waiting_list(request: HttpRequest) -> bool:
    return request.GET.get("status__exact") == RegistrationStatus.WAITLISTED


def _is_money(request: HttpRequest) -> bool:
    return PARAMETER in request.GET
