"""From which year on a figure is counted otherwise: as its declaration says, and as the staff does.

The one place where both meet; whatever shows a break asks here.
"""

from collections.abc import Iterable

from reports.indicators.indicator import Break, Indicator
from reports.models import DefinitionBreak


def breaks(indicators: Iterable[Indicator]) -> dict[str, list[Break]]:
    """By figure, the first one first, of those that have any: one query for all."""
    found = {one.id: list(one.breaks) for one in indicators}
    told = DefinitionBreak.objects.filter(figure__in=found).order_by("year")
    for figure, year, reason in told.values_list("figure", "year", "reason"):
        found[figure].append(Break(year, reason))
    return {name: sorted(of, key=lambda one: one.year) for name, of in found.items() if of}


def breaks_of(indicator: Indicator) -> list[Break]:
    return breaks([indicator]).get(indicator.id, [])
