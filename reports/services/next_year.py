"""What is told of a year, taken up the year after."""

from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from reports.models import ActionOfYear, ExternalFigure
from reports.models.outside import LAST_YEAR

OfYear = TypeVar("OfYear", ActionOfYear, ExternalFigure)


def carry_landmarks_over(figures: QuerySet[ExternalFigure]) -> int:
    """The landmarks among ``figures``, with their date, which says how old they are."""
    kept = ("value", "as_of", "source", "chapter", "label", "unit")
    return _carry_over(figures.exclude(chapter="").order_by("chapter", "pk"), kept)


def carry_actions_over(actions: QuerySet[ActionOfYear]) -> int:
    """What is told of ``actions``, but not what belongs to a year: that they are new, their picture."""
    return _carry_over(actions.order_by("pk"), ("objective", "allowed", "partners"))


@transaction.atomic
def _carry_over(rows: QuerySet[OfYear], kept: tuple[str, ...]) -> int:
    """Copy each into the year after its own; one that is there already stays. How many were copied."""
    chosen = [row for row in rows if row.year < LAST_YEAR]
    years = {row.year + 1 for row in chosen}
    there = set(rows.model._default_manager.filter(year__in=years).values_list("year", "key"))
    copies = [
        rows.model(year=row.year + 1, key=row.key, **{name: getattr(row, name) for name in kept})
        for row in chosen
        if (row.year + 1, row.key) not in there
    ]
    # Somebody else may carry them over at the same moment.
    rows.model._default_manager.bulk_create(copies, ignore_conflicts=True)
    return len(copies)
