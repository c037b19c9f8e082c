from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import display

from apmsl.jobs.models import Run, RunStatus
from apmsl.lib.admin.model import ReadOnlyModelAdmin


@admin.register(Run)
class RunAdmin(ReadOnlyModelAdmin):
    """What the workers do and did; runs are asked for on the pages, not here."""

    list_display = ("label", "requested_at", "shown_status", "progress", "attempt", "finished_at")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        "kind",
        ("requested_at", RangeDateTimeFilter),
    )
    search_fields = ("label", "key")
    ordering = ("-requested_at", "-pk")

    @display(
        description="état",
        label={
            RunStatus.PENDING.label: "warning",
            RunStatus.RUNNING.label: "info",
            RunStatus.DONE.label: "success",
            RunStatus.FAILED.label: "danger",
        },
    )
    def shown_status(self, run: Run) -> str:
        return run.get_status_display()

    @display(description="avancement")
    def progress(self, run: Run) -> str:
        return f"{run.done} / {run.total}" if run.total else "–"
