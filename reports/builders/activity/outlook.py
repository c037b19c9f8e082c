"""What awaits: the words of the staff, and what the agenda of the year after already holds."""

from apmsl.lib import typography
from apmsl.lib.typography import MONTHS, NBSP
from reports.builders.activity.material import Material, PlannedKind
from reports.builders.activity.report import Letter
from reports.builders.activity.shared import table
from reports.builders.figures import Table, Text
from reports.enums import Chapter


def outlook(material: Material) -> Letter | None:
    text, planned = material.text("outlook"), _planned(material)
    if text is None and planned is None:
        return None
    return Letter(
        key=Chapter.OUTLOOK,
        title=str(Chapter.OUTLOOK.label),
        text=text or Text(body=""),
        table=planned,
    )


def _planned(material: Material) -> Table | None:
    return table(
        f"Parmi les actions prévues en{NBSP}{material.year + 1}",
        ("Action", "Quand"),
        [(kind.label, _when(kind)) for kind in material.lists.planned],
        words=True,
    )


def _when(kind: PlannedKind) -> str:
    if kind.count == 1:
        return typography.day(kind.first, year=False)
    first, last = MONTHS[kind.first.month - 1], MONTHS[kind.last.month - 1]
    when = f"en{NBSP}{first}" if first == last else f"{_from(first)} à{NBSP}{last}"
    return f"{typography.plural(kind.count, 'date')}, {when}"


def _from(month: str) -> str:
    """« de mai », « d’août »."""
    return f"d’{month}" if month[0] in "ao" else f"de{NBSP}{month}"
