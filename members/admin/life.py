"""What the staff follows teams by: thresholds, and the steps of a coordinator's welcome."""

from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from apmsl.lib.admin.model import PortalModelAdmin
from members.models import Threshold, WelcomeStep


@admin.register(Threshold)
class ThresholdAdmin(PortalModelAdmin):
    list_display = ("key", "value", "applies_from", "source")
    list_filter = (("key", ChoicesDropdownFilter),)
    search_fields = ("source",)
    ordering = ("key", "-applies_from", "pk")


@admin.register(WelcomeStep)
class WelcomeStepAdmin(PortalModelAdmin):
    list_display = ("label", "rank", "is_proposed")
    search_fields = ("label",)
    ordering = ("rank", "pk")
