"""Figures from outside that the report prints as they are."""

from apmsl.lib import typography
from reports.builders.figures import Landmark
from reports.indicators import Scope
from reports.models import ExternalFigure


def landmarks(scope: Scope) -> dict[str, list[Landmark]]:
    """By chapter, each with its source and the year that it dates from, and what it was before."""
    last_year = ExternalFigure.objects.filter(year=scope.year - 1)
    before = {figure.key: figure.text for figure in last_year}
    found: dict[str, list[Landmark]] = {}
    for figure in ExternalFigure.objects.landmarks(scope.year):
        told = f"{figure.source}, {figure.as_of.year}" if figure.as_of else figure.source
        landmark = Landmark(
            label=typography.typeset(figure.label),
            text=figure.text,
            source=typography.typeset(told),
            before=before.get(figure.key, ""),
        )
        found.setdefault(figure.chapter, []).append(landmark)
    return found
