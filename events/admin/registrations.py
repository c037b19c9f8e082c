"""Registrations: found across events, moved together, each move shown before it is made."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateFilter,
)
from unfold.decorators import display

from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.typography import plural
from events import services
from events.enums import RegistrationStatus
from events.models import Attendance, Registration

Rows = QuerySet[Registration]


@admin.register(Registration)
class RegistrationAdmin(SheetsModelAdmin):
    table = "registrations"
    list_display = ("person", "event", "team", "shown_status", "registered_on", "presence")
    list_filter = (
        ("event", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("team", AutocompleteSelectFilter),
        ("team__department", ChoicesDropdownFilter),
        ("event__starts_on", RangeDateFilter),
    )
    list_select_related = ("person", "event", "team")
    search_fields = ("person__sort_name", "team__search_text", "event__search_text")
    autocomplete_fields = ("team",)
    ordering = ("-event__starts_on", "status", "person__sort_name", "pk")
    actions = ("confirm", "put_on_waiting_list", "cancel_with_mail", "mark_present")
    fields = ("event", "person", "team", "status", "registered_on", "registered_by")
    readonly_fields = ("event", "person", "status", "registered_on", "registered_by")

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

    # -- columns -----------------------------------------------------------------------------------

    @display(
        description="état",
        ordering="status",
        label={
            RegistrationStatus.REGISTERED.label: "success",
            RegistrationStatus.WAITLISTED.label: "warning",
            RegistrationStatus.CANCELLED.label: "danger",
        },
    )
    def shown_status(self, registration: Registration) -> str:
        return registration.get_status_display()

    @display(description="présence", ordering="sessions_attended")
    def presence(self, registration: Any) -> str:
        came = registration.sessions_attended
        return plural(came, "séance") if came else "–"

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
            "À toutes les séances de l’événement. Aucun courriel n’est envoyé.",
            _presence,
        )

    def _move(
        self,
        request: HttpRequest,
        queryset: Rows,
        action: str,
        title: str,
        effect: str,
        make: Callable[[HttpRequest, Rows], None],
    ) -> HttpResponse | None:
        if "apply" in request.POST:
            make(request, queryset)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "effect": effect,
            "action": action,
            "registrations": queryset.select_related("person", "event", "team"),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/events/confirm_action.html", context)


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
