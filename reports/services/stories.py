"""What is told of the actions, from one year to the next."""

from django.db import transaction
from django.db.models import QuerySet

from reports.models import ActionOfYear


@transaction.atomic
def carry_over(actions: QuerySet[ActionOfYear]) -> int:
    """Copy what is told of ``actions`` into the year after their own, but not what belongs to a year:
    that they are new, their picture. One that is told there already stays."""
    chosen = list(actions.order_by("pk"))
    years = {action.year + 1 for action in chosen}
    there = set(ActionOfYear.objects.filter(year__in=years).values_list("year", "key"))
    copies = [
        ActionOfYear(
            year=action.year + 1,
            key=action.key,
            objective=action.objective,
            allowed=action.allowed,
            partners=action.partners,
        )
        for action in chosen
        if (action.year + 1, action.key) not in there
    ]
    # Somebody else may carry them over at the same moment.
    ActionOfYear.objects.bulk_create(copies, ignore_conflicts=True)
    return len(copies)
