"""The cohort of each programme: of those begun by the reference day, the one that ends last."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from django.db.models import QuerySet

from reports.enums import Chapter
from reports.indicators.indicator import Indicator
from reports.indicators.population import Population
from reports.indicators.records import Column
from reports.indicators.scope import Condition, Scope, both, matching, once
from training.enums import Programme, Result
from training.models import Cohort, Enrolment, Seminar

COHORT = "promotion commencée à la date de référence qui se termine le plus tard"
NAMES = {
    Programme.PACTE: "de PACTE",
    Programme.COMMUNICATION: "du module communication",
}


class Last(NamedTuple):
    """Of a programme, the cohort that counts."""

    programme: str
    pk: int
    number: int
    hours: int


def _last(scope: Scope) -> QuerySet[Cohort, Any]:
    begun = Cohort.objects.filter(starts_on__lte=scope.as_of)
    last = begun.order_by("programme", "-ends_on", "pk").distinct("programme")
    return last.values_list(*Last._fields)


@once
def _cohorts(scope: Scope) -> dict[str, Last]:
    found = (Last(*row) for row in scope.rows(_last))
    return {cohort.programme: cohort for cohort in found}


def _keys(scope: Scope) -> list[int]:
    return [cohort.pk for cohort in _cohorts(scope).values()]


COHORTS = Population(
    lambda scope: Cohort.objects.filter(pk__in=_keys(scope)),
    columns=(
        Column("Promotion", "name"),
        Column("Numéro", "number"),
        Column("Du", "starts_on"),
        Column("Au", "ends_on"),
        Column("Heures", "hours"),
    ),
    target="self",
    chapter=Chapter.TRAINING,
)

ENROLMENTS = Population(
    lambda scope: Enrolment.objects.started().filter(cohort__in=_keys(scope)),
    columns=(
        Column("Personne", "person"),
        Column("Promotion", "cohort"),
        Column("État", "get_status_display"),
        Column("Soutenance le", "defended_on"),
        Column("Résultat", "get_result_display"),
        Column("Résultat le", "result_on"),
    ),
    order=("person__sort_name",),
    related=("person", "cohort"),
    target="person",
    chapter=Chapter.TRAINING,
)

SEMINARS = Population(
    lambda scope: Seminar.objects.filter(scope.in_year("held_on"), cohort__in=_keys(scope)),
    columns=(
        Column("Promotion", "cohort"),
        Column("Séminaire", "number"),
        Column("Le", "held_on"),
        Column("Modalité", "get_mode_display"),
    ),
    order=("held_on",),
    related=("cohort",),
    target="cohort",
    chapter=Chapter.TRAINING,
)


def _read(scope: Scope, programme: Programme, field: str) -> Any:
    cohort = _cohorts(scope).get(programme)
    return cohort and getattr(cohort, field)


def _number(scope: Scope, programme: Programme) -> str | None:
    """A name more than a quantity: text, as the records have it."""
    cohort = _cohorts(scope).get(programme)
    return str(cohort.number) if cohort else None


def _with_result(result: Result) -> Condition:
    return lambda scope: matching(result=result, result_on__lte=scope.as_of)(scope)


def _programme(programme: Programme) -> list[Indicator]:
    exists = partial(_has_begun, programme=programme)
    number, *teaching = _teaching(programme, exists)
    beginners, *results = _people(programme, partial(ENROLMENTS.count, exists=exists))
    return [number, beginners, *teaching, *results]


def _teaching(programme: Programme, exists: Callable[[Scope], bool]) -> list[Indicator]:
    """Which cohort, and what it was taught."""
    name = NAMES[programme]
    return [
        COHORTS.fact(
            f"{programme}_cohort",
            partial(_number, programme=programme),
            where=matching(programme=programme),
            exists=exists,
            is_number=False,
            title=f"Numéro de la promotion {name}",
            one=f"promotion {name}",
            definition=f"Numéro de la {COHORT}.",
        ),
        COHORTS.fact(
            f"{programme}_hours",
            partial(_read, programme=programme, field="hours"),
            where=matching(programme=programme),
            exists=exists,
            one=f"heure de formation {name}",
            many=f"heures de formation {name}",
            definition="Heures de formation de la promotion.",
        ),
        SEMINARS.count(
            f"{programme}_seminars",
            where=matching(cohort__programme=programme),
            exists=exists,
            one=f"séminaire {name}",
            many=f"séminaires {name}",
            definition="Séminaires de la promotion datés de l’année.",
        ),
    ]


def _people(programme: Programme, enrolled: Callable[..., Indicator]) -> list[Indicator]:
    """Who began, and what became of them."""
    name, here = NAMES[programme], matching(cohort__programme=programme)
    return [
        enrolled(
            f"{programme}_enrolled",
            where=here,
            one=f"inscrit au début de la promotion {name}",
            many=f"inscrits au début de la promotion {name}",
            definition="Personnes inscrites au début de la promotion, abandons compris.",
        ),
        enrolled(
            f"{programme}_defended",
            where=both(here, lambda scope: scope.in_year("defended_on")),
            one=f"soutenance {name}",
            many=f"soutenances {name}",
            definition="Soutenances de la promotion dans l’année.",
        ),
        enrolled(
            f"{programme}_graduated",
            where=both(here, _with_result(Result.GRADUATED)),
            one=f"diplômé {name}",
            many=f"diplômés {name}",
            definition="Personnes de la promotion diplômées à la date de référence.",
        ),
        enrolled(
            f"{programme}_pending",
            where=both(here, _with_result(Result.PENDING)),
            one=f"résultat {name} en attente de complément",
            many=f"résultats {name} en attente de complément",
            definition=(
                "Personnes de la promotion en attente de complément à la date de référence."
            ),
        ),
    ]


def _has_begun(scope: Scope, programme: Programme) -> bool:
    return programme in _cohorts(scope)


INDICATORS = [indicator for programme in NAMES for indicator in _programme(programme)]
