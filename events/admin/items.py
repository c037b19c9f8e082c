"""One thing of the programme, reached from its event."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from apmsl.lib.admin.model import PortalModelAdmin
from events.models import Item


@admin.register(Item)
class ItemAdmin(PortalModelAdmin):
    list_display = ("title", "type", "event", "held_on", "starts_at", "room")
    list_select_related = ("event",)
    search_fields = ("title", "event__search_text")
    ordering = ("-held_on", "starts_at", "pk")
    readonly_fields = ("event",)
    fields = (
        "event",
        ("type", "title"),
        "description",
        ("held_on", "starts_at", "ends_at"),
        ("room", "example_team"),
        ("is_chosen", "capacity"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def response_change(self, request: HttpRequest, obj: Item) -> HttpResponse:
        """Back to the programme that it is part of."""
        if "_continue" in request.POST:
            return super().response_change(request, obj)
        messages.success(request, f"« {obj} » est modifié.")
        return redirect("admin:events_event_programme", obj.event_id)
