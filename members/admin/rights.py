"""What people agreed to, and what they ask about their data."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from apmsl.lib.admin.model import PortalModelAdmin, ReadOnlyModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.typography import typeset
from members.enums import DataRequestKind
from members.models import Consent, DataRequest, User
from members.services import data_rights, erasing


@admin.register(Consent)
class ConsentAdmin(ReadOnlyModelAdmin):
    """The proof: read, never written here."""

    list_display = ("person", "field", "value", "visibility", "given_at", "withdrawn_at")
    list_filter = (("visibility", ChoicesDropdownFilter),)
    list_select_related = ("person",)
    search_fields = ("person__sort_name", "value")
    ordering = ("-given_at", "pk")


class WaitingFilter(admin.SimpleListFilter):
    title = "suite"
    parameter_name = "suite"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("attend", "Attend une réponse"), ("traitee", "Traitée")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[DataRequest]:
        if self.value() == "attend":
            return queryset.waiting()
        return queryset.exclude(handled_on=None) if self.value() == "traitee" else queryset


@admin.register(DataRequest)
class DataRequestAdmin(PortalModelAdmin):
    """Asked on the portal; here it is answered."""

    list_display = ("person", "kind", "team", "asked_at", "shown_state", "due_on")
    list_filter = (WaitingFilter, ("kind", ChoicesDropdownFilter))
    list_select_related = ("person", "team")
    search_fields = ("person__sort_name", "team__search_text", "text")
    ordering = ("-asked_at", "pk")
    readonly_fields = ("kind", "person", "team", "text", "asked_at", "due_on")
    fields = (
        ("kind", "asked_at", "due_on"),
        ("person", "team"),
        "text",
        ("handled_on", "answer"),
    )

    actions_detail = ("erase",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: DataRequest, form: Any, change: bool) -> None:
        """An answer that was written leaves by mail."""
        super().save_model(request, obj, form, change)
        data_rights.answered(request=obj, at=timezone.now())

    @action(description="Effacer cette personne", icon="delete_forever", url_path="effacer")
    def erase(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A page that says what goes and what stays, and asks."""
        asked = self.get_object(request, object_id)
        if asked is None or asked.kind != DataRequestKind.ERASURE or asked.handled_on:
            messages.info(request, "Cette demande n’attend pas d’effacement.")
            return redirect("admin:members_datarequest_changelist")
        if request.method == "POST" and _erase(request, asked):
            return redirect("admin:members_datarequest_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": f"Effacer {asked.person}",
            "asked": asked,
            "obstacles": erasing.obstacles(asked.person, by=cast(User, request.user), on=today()),
            "effects": erasing.effects(asked.person, on=today()),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/members/erase.html", context)

    @display(
        description="suite",
        label={"Traitée": "success", "En retard": "danger", "À traiter": "warning"},
    )
    def shown_state(self, request: DataRequest) -> str:
        if request.handled_on:
            return "Traitée"
        return "En retard" if request.due_on < today() else "À traiter"


def _erase(request: HttpRequest, asked: DataRequest) -> bool:
    by = cast(User, request.user)
    try:
        erasing.erase(request=asked, by=by, on=today(), at=timezone.now())
    except erasing.ErasureRefused as refusal:
        messages.error(request, typeset(str(refusal)))
        return False
    messages.success(request, "Les données de cette personne sont effacées.")
    return True
