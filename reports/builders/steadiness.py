"""Since when a figure is what it is: told by the versions of the report that were kept, and by the
history of the records that it counts.

A record that left the list leaves no trace there: the versions alone tell of it.
"""

from datetime import date
from itertools import takewhile

from django.db.models import Max
from django.utils import timezone

from apmsl.lib import typography
from reports.builders import screen
from reports.builders.snapshots import plain
from reports.indicators import Reading, RecordList
from reports.models import ReportVersion


def since_when(reading: Reading, year: int) -> str:
    """Of a year whose report was laid before the board at least once; else nothing."""
    rows = ReportVersion.objects.of_year(year).filter(figures__has_key=reading.id)
    kept = list(rows.only("figures", "made_on", "year", "number"))
    if not kept:
        return ""
    now = plain({reading.id: reading.value})[reading.id]
    same = list(takewhile(lambda one: one.figures[reading.id] == now, kept))
    if same:
        return f"Inchangé depuis la mise en lecture du {typography.day(same[-1].made_on)}."
    last = kept[0]
    if isinstance(now, dict):
        return f"Le détail a changé depuis la mise en lecture du {typography.day(last.made_on)}."
    then = screen.text(Reading(reading.indicator, last.figures[reading.id]))
    day = typography.day(last.made_on)
    return f"{then} à la mise en lecture du {day}, {screen.text(reading)} aujourd’hui."


def last_change(records: RecordList) -> date | None:
    """The last day on which a record of the list was changed; none for those that never were, or that
    keep no history."""
    history = getattr(records.queryset.model, "pgh_event_model", None)
    if history is None:
        return None
    counted = records.queryset.order_by().values("pk")
    found = history.objects.filter(pgh_obj_id__in=counted).aggregate(last=Max("pgh_created_at"))
    return timezone.localdate(found["last"]) if found["last"] else None
