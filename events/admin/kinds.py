"""Kinds of action and their series: what the federation proposes, as data."""

from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from apmsl.lib.admin.model import PortalModelAdmin
from events.models import ActionKind, Series


@admin.register(ActionKind)
class ActionKindAdmin(PortalModelAdmin):
    list_display = ("label", "category", "chapter", "counted", "rhythm", "is_active")
    list_filter = (("chapter", ChoicesDropdownFilter), "is_active")
    search_fields = ("label", "code")
    ordering = ("position", "pk")
    fields = (
        ("label", "code"),
        ("category", "chapter"),
        ("counted", "rhythm"),
        "audiences",
        ("position", "is_active"),
    )


@admin.register(Series)
class SeriesAdmin(PortalModelAdmin):
    list_display = ("title", "kind", "code")
    list_select_related = ("kind",)
    search_fields = ("title", "code")
    ordering = ("title", "pk")
    fields = ("title", "code", "kind")
