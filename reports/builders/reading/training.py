"""The cohorts of the year."""

from datetime import date

from reports.builders.activity.material import CohortOfYear
from reports.indicators import Scope
from training.models import Cohort


def cohorts(scope: Scope) -> list[CohortOfYear]:
    """Begun by the day, and not over before the year: the first to end comes first."""
    found = Cohort.objects.filter(
        starts_on__lte=scope.as_of, ends_on__gte=date(scope.year, 1, 1)
    ).order_by("ends_on", "pk")
    return [
        CohortOfYear(programme=programme, number=number, starts_on=starts_on, ends_on=ends_on)
        for programme, number, starts_on, ends_on in found.values_list(
            "programme", "number", "starts_on", "ends_on"
        )
    ]
