"""Figures that too few teams answered: even a sum would tell what one of them said.

They keep their place in the JSON and on the pages where board and staff open the records themselves;
what is printed or hung on a wall leaves them out.
"""

from django.db.models import Count

from apmsl.lib.rounding import LEAST
from reports.indicators.network import survey_answers
from reports.indicators.scans import PRACTICES, answered_scans, answers, headcounts, last_scans
from reports.indicators.scope import Scope, once

# What is made of the answers to one question of the form, beside the shares of yes.
MADE_OF = {
    "patients": ("patients", "patients_population_pct", "typical_patients"),
    "signatories": ("signatories_mean", "typical_signatories"),
    "headcount": (
        "professionals",
        "professionals_by_profession",
        "categories_mean",
        "typical_professionals",
        "typical_categories",
        "typical_composition",
        "teams_by_size",
    ),
}
_OF_THE_SURVEY = ("survey_profile", "survey_organisation")


def share(practice: str) -> str:
    """The share of teams that say yes."""
    return f"scan_{practice}_pct"


@once
def of_too_few(scope: Scope) -> frozenset[str]:
    """The figures that nobody else is to read."""
    return frozenset((*_of_forms(scope), *_of_survey(scope)))


def _of_forms(scope: Scope) -> list[str]:
    """Nothing where nobody sent a form: there is nothing to tell."""
    if not last_scans(scope).exists():
        return []
    if answered_scans(scope).count() < LEAST:
        return [*(name for names in MADE_OF.values() for name in names), *map(share, PRACTICES)]
    told = _teams_by_question(scope)
    return [name for key, names in MADE_OF.items() if told.get(key, 0) < LEAST for name in names]


def _teams_by_question(scope: Scope) -> dict[str, int]:
    counted = answers(scope).order_by().values_list("question__key").annotate(Count("pk"))
    people = headcounts(scope).filter(headcount__gt=0).order_by()
    return {**dict(counted), "headcount": people.values("scan").distinct().count()}


def _of_survey(scope: Scope) -> list[str]:
    said = survey_answers(scope).aggregate(forms=Count("pk"), hours=Count("monthly_hours"))
    names = ["survey_hours"] if said["hours"] < LEAST else []
    return [*names, *(_OF_THE_SURVEY if said["forms"] < LEAST else ())]
