"""Kinds of action and their series: what the federation proposes, as data."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from apmsl.lib.admin.model import PortalModelAdmin, ReadOnlyInline
from events.enums import EventStatus
from events.models import ActionKind, Event, Series


@admin.register(ActionKind)
class ActionKindAdmin(PortalModelAdmin):
    list_display = (
        "label",
        "counted_as",
        "chapter",
        "counted",
        "rhythm",
        "planned_or_held",
        "is_active",
    )
    list_filter = (("chapter", ChoicesDropdownFilter), "is_active")
    search_fields = ("label", "code")
    ordering = ("position", "pk")
    fieldsets = (
        (None, {"fields": (("label", "code"), ("position", "is_active"))}),
        ("Proposé à un nouvel événement", {"fields": ("audiences", "rhythm")}),
        ("Dans le rapport d’activité", {"fields": (("category", "chapter"), "counted")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActionKind]:
        stands = Count("events", filter=~Q(events__status=EventStatus.CANCELLED))
        kinds: QuerySet[ActionKind] = super().get_queryset(request)
        return kinds.annotate(events_count=stands)

    def get_readonly_fields(self, request: HttpRequest, obj: ActionKind | None = None) -> Any:
        """The code is what files and addresses name it by."""
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: ActionKind | None = None) -> bool:
        """One that has events is no longer proposed, never deleted."""
        return obj is None or not (obj.events.exists() or obj.series.exists())

    @display(description="compté comme", ordering="category")
    def counted_as(self, kind: ActionKind) -> str:
        return kind.get_category_display() or "À part"

    @display(description="événements", ordering="events_count")
    def planned_or_held(self, kind: Any) -> int:
        return kind.events_count


class SeriesEventInline(ReadOnlyInline):
    """Each number, and what became of it."""

    model = Event
    verbose_name_plural = "événements de la série"
    tab = False
    fields = ("series_number", "title", "starts_on", "status", "cancel_reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return super().get_queryset(request).order_by("-series_number", "-starts_on", "pk")


@admin.register(Series)
class SeriesAdmin(PortalModelAdmin):
    list_display = ("title", "kind", "events_made", "last_number")
    list_select_related = ("kind",)
    search_fields = ("title", "code")
    ordering = ("title", "pk")
    fields = (("title", "code"), "kind")
    inlines = (SeriesEventInline,)
    actions_detail = ("plan_next",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        rows: QuerySet[Series] = super().get_queryset(request)
        return rows.annotate(
            events_count=Count("events"), greatest_number=Max("events__series_number")
        )

    def has_delete_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        return obj is None or not obj.events.exists()

    @action(description="Préparer le suivant", icon="add", url_path="suivant")
    def plan_next(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect(f"{reverse('admin:events_event_add')}?series={object_id}")

    @display(description="événements", ordering="events_count")
    def events_made(self, series: Any) -> int:
        return series.events_count

    @display(description="dernier numéro", ordering="greatest_number")
    def last_number(self, series: Any) -> str:
        return str(series.greatest_number or "–")
