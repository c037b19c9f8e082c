"""Registrations: found across events, moved together, each move shown before it is made."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateFilter,
)
from unfold.decorators import display

from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.templatetags.french import moment
from apmsl.lib.typography import plural
from events import services
from events.admin import tabs
from events.admin.saved import SavedFiltersMixin
from events.admin.statistics import PresenceFilter
from events.enums import RegistrationStatus, SavedList
from events.models import Attendance, Registration

Rows = QuerySet[Registration]
SHOWN = 50  # names of a preview


@admin.register(Registration)
class RegistrationAdmin(SavedFiltersMixin, SheetsModelAdmin):
    table = "registrations"
    saved_list = SavedList.REGISTRATIONS
    list_display = ("who", "event", "team", "shown_status", "registered_on", "presence")
    list_filter = (
        ("event", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        PresenceFilter,
        ("team", AutocompleteSelectFilter),
        ("team__department", ChoicesDropdownFilter),
        ("event__starts_on", RangeDateFilter),
    )
    list_select_related = ("person__profession", "event", "team")
    search_fields = ("person__sort_name", "team__search_text", "event__search_text")
    autocomplete_fields = ("team",)
    ordering = ("-event__starts_on", "status", "person__sort_name", "pk")
    actions = ("confirm", "put_on_waiting_list", "cancel_with_mail", "mark_present")
    fields = (
        "event",
        "person",
        "team",
        "status",
        "reason",
        "registered_on",
        "registered_by",
        "moves",
    )
    readonly_fields = (
        "event",
        "person",
        "status",
        "reason",
        "registered_on",
        "registered_by",
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
        return super().get_queryset(request).annotate(sessions_attended=Coalesce(Subquery(came), 0))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People are registered from the page of their event, by the rules of its seats."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A registration is cancelled, and remembered."""
        return False

    # -- of one event ------------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        event_id = _event_of(request)
        current = "attente" if _is_waiting_list(request) else "inscriptions"
        shown = {"tabs": tabs.tabs_of(event_id, current)} if event_id else {}
        return super().changelist_view(request, shown | (extra_context or {}))

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        if not _event_of(request):
            return self.list_display
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

    @display(description="de l’inscription à aujourd’hui")
    def moves(self, registration: Registration) -> SafeString | str:
        """Who moved it, when, from what to what, and why."""
        rows = ((moment(move.at), _told(move), move.who) for move in services.moves(registration))
        return format_html_join("", "<p>{}\u00a0: {} ({})</p>", rows)

    # -- actions: shown first, then made -----------------------------------------------------------

    @admin.action(description="Confirmer (donner une place)")
    def confirm(self, request: HttpRequest, queryset: Rows) -> HttpResponse | None:
        return self._move(
            request,
            queryset,
            "confirm",
            "Donner une place à ces personnes ?",
            "Chacune reçoit un courriel de confirmation, dans la limite des places libres.",
            _status(RegistrationStatus.REGISTERED),
        )

    @admin.action(description="Mettre sur liste d’attente")
    def put_on_waiting_list(self, request: HttpRequest, queryset: Rows) -> HttpResponse | None:
        return self._move(
            request,
            queryset,
            "put_on_waiting_list",
            "Mettre ces personnes sur liste d’attente ?",
            "Chacune est prévenue ; les places libérées vont aux suivantes de la liste.",
            _status(RegistrationStatus.WAITLISTED),
        )

    @admin.action(description="Annuler, avec un courriel")
    def cancel_with_mail(self, request: HttpRequest, queryset: Rows) -> HttpResponse | None:
        return self._move(
            request,
            queryset,
            "cancel_with_mail",
            "Annuler ces inscriptions ?",
            "Chacune est prévenue ; les places libérées vont aux suivantes de la liste.",
            _status(RegistrationStatus.CANCELLED),
        )

    @admin.action(description="Marquer présent·e à toutes les séances")
    def mark_present(self, request: HttpRequest, queryset: Rows) -> HttpResponse | None:
        return self._move(
            request,
            queryset,
            "mark_present",
            "Noter la présence de ces personnes ?",
            "À toutes les séances de leur événement.",
            _presence,
            writes=False,
        )

    def _move(
        self,
        request: HttpRequest,
        queryset: Rows,
        action: str,
        title: str,
        effect: str,
        make: Callable[[HttpRequest, Rows], None],
        *,
        writes: bool = True,
    ) -> HttpResponse | None:
        if "apply" in request.POST:
            make(request, queryset)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "effect": effect,
            "action": action,
            "registrations": queryset.select_related("person", "event", "team")[:SHOWN],
            "count": queryset.count(),
            "mails": _with_address(queryset).count() if writes else 0,
            "chosen": request.POST.getlist("_selected_action"),
            "across": request.POST.get("select_across") == "1",
            "back": request.get_full_path(),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/events/confirm_action.html", context)


def _told(move: services.Move) -> str:
    told = f"{move.before} → {move.after}" if move.before else move.after
    return f"{told}, {move.reason}" if move.reason else told


def _event_of(request: HttpRequest) -> int | None:
    """The event whose registrations are listed, where they are of one."""
    given = request.GET.get("event__id__exact", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _is_waiting_list(request: HttpRequest) -> bool:
    return request.GET.get("status__exact") == RegistrationStatus.WAITLISTED


def _with_address(rows: Rows) -> Rows:
    """Those whom a mail reaches, or whoever registered them: see ``events.mails``."""
    reached = Q(person__emails__isnull=False) | Q(person__account__isnull=False)
    reached |= Q(registered_by__isnull=False)
    return rows.filter(reached, person__isnull=False).order_by().distinct()


def _status(status: RegistrationStatus) -> Callable[[HttpRequest, Rows], None]:
    def make(request: HttpRequest, queryset: Rows) -> None:
        changes = services.change_status(
            registrations=queryset, status=status, by=request.user, on=today(), at=timezone.now()
        )
        changed = plural(len(changes.changed), "inscription modifiée", "inscriptions modifiées")
        messages.success(request, f"{changed}.")
        if changes.promoted:
            out = plural(len(changes.promoted), "personne sort", "personnes sortent")
            messages.info(request, f"{out} de la liste d’attente.")
        if changes.left:
            left = plural(len(changes.left), "inscription reste", "inscriptions restent")
            messages.warning(
                request, f"{left} en l’état : plus de place libre, ou événement annulé."
            )

    return make


def _presence(request: HttpRequest, queryset: Rows) -> None:
    try:
        new = services.mark_present(registrations=queryset)
    except services.NoSession as refusal:
        messages.error(request, str(refusal))
        return
    messages.success(request, f"{plural(new, 'présence notée', 'présences notées')}.")
