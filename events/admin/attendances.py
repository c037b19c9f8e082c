"""Who came, as a list: looked through, exported, and taken in from a sheet filled in on paper."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from apmsl.lib.admin.sheets import SheetsModelAdmin
from events.models import Attendance


@admin.register(Attendance)
class AttendanceAdmin(SheetsModelAdmin):
    """Noted in the grid and at the welcome desk; here, in bulk."""

    table = "attendances"
    list_display = ("person", "event", "session", "half_days", "noted_at")
    list_filter = (
        ("session__event", AutocompleteSelectFilter),
        ("session__held_on", RangeDateFilter),
    )
    list_select_related = ("person", "session__event")
    search_fields = ("person__sort_name", "session__event__search_text")
    ordering = ("-session__held_on", "person__sort_name", "pk")
    fields = ("session", "person", "half_days", "noted_at")
    readonly_fields = ("session", "person", "noted_at")

    def has_add_permission(self, request: object) -> bool:
        return False

    @admin.display(description="événement", ordering="session__event__title")
    def event(self, attendance: Attendance) -> str:
        return attendance.session.event.title
