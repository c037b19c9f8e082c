"""Landmarks from one year to the next."""

from django.db import transaction
from django.db.models import QuerySet

from reports.models import ExternalFigure


@transaction.atomic
def carry_over(figures: QuerySet[ExternalFigure]) -> int:
    """Copy the landmarks among ``figures`` into the year after their own, with their date, which says
    how old they are; one that is there already stays. How many were copied is returned."""
    landmarks = list(figures.exclude(chapter="").order_by("chapter", "pk"))
    years = {landmark.year + 1 for landmark in landmarks}
    there = set(ExternalFigure.objects.filter(year__in=years).values_list("year", "key"))
    copies = [
        ExternalFigure(
            year=landmark.year + 1,
            key=landmark.key,
            value=landmark.value,
            as_of=landmark.as_of,
            source=landmark.source,
            chapter=landmark.chapter,
            label=landmark.label,
            unit=landmark.unit,
        )
        for landmark in landmarks
        if (landmark.year + 1, landmark.key) not in there
    ]
    # Somebody else may carry them over at the same moment.
    ExternalFigure.objects.bulk_create(copies, ignore_conflicts=True)
    return len(copies)
