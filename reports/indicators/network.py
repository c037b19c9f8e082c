"""Local groups and the network's yearly survey."""

from typing import Any

from django.db.models import Count, Max, Min, QuerySet, Sum

from apmsl.lib import rounding
from network.enums import CoordinatorProfile, Organisation
from network.models import LocalGroup, LocalGroupTeam, SurveyAnswer
from reports.enums import Chapter
from reports.indicators.coordinators import NETWORK_COORDINATORS
from reports.indicators.population import Population
from reports.indicators.records import Column
from reports.indicators.scope import Scope

GROUPS = Population(
    lambda scope: LocalGroup.objects.open_on(scope.as_of),
    columns=(Column("Groupe", "name"), Column("Département", "get_department_display")),
    order=("name",),
    target="self",
    chapter=Chapter.NETWORK,
)


def _registered(scope: Scope) -> QuerySet[LocalGroupTeam]:
    """One row a team: the database keeps a team in one group at a time."""
    return LocalGroupTeam.objects.registered_on(scope.as_of)


def survey_answers(scope: Scope) -> QuerySet[SurveyAnswer]:
    """The last answer of each team registered in a group."""
    answers = SurveyAnswer.objects.last_of_year(scope.year, scope.as_of)
    return answers.filter(team__in=_registered(scope).values("team"))


GROUP_TEAMS = Population(
    _registered,
    columns=(
        Column("Équipe", "team.name"),
        Column("Groupe", "group.name"),
        Column("Depuis le", "joined_on"),
    ),
    order=("group__name", "team__sort_name"),
    related=("team", "group"),
    target="team",
    chapter=Chapter.NETWORK,
)

SURVEY = Population(
    survey_answers,
    columns=(
        Column("Équipe", "team.name"),
        Column("Répondu le", "answered_on"),
        Column("Profil", "get_profile_display"),
        Column("Organisation", "get_organisation_display"),
        Column("Heures par mois", "monthly_hours"),
    ),
    order=("team__sort_name",),
    related=("team",),
    target="team",
    chapter=Chapter.NETWORK,
)


def _shares(scope: Scope, field: str) -> dict[str, Any]:
    rows = survey_answers(scope).order_by().values_list(field).annotate(Count("pk"))
    counts: dict[str, int] = dict(sorted(rows))
    return {code: rounding.percent(n, sum(counts.values()), 1) for code, n in counts.items()}


def _hours(scope: Scope) -> list[int | float | None] | None:
    hours = survey_answers(scope).aggregate(
        total=Sum("monthly_hours"),
        number=Count("monthly_hours"),
        least=Min("monthly_hours"),
        most=Max("monthly_hours"),
    )
    if not hours["number"]:
        return None
    average = rounding.mean(hours["total"], hours["number"])
    return [average, float(hours["least"]), float(hours["most"])]


INDICATORS = [
    GROUPS.count(
        "local_groups",
        one="groupe local",
        many="groupes locaux",
        definition="Groupes locaux de coordinateurs, non fermés à la date de référence.",
    ),
    GROUP_TEAMS.count(
        "local_group_teams",
        one="équipe inscrite au réseau",
        many="équipes inscrites au réseau",
        definition="Équipes d’un groupe local ouvert, à la date de référence.",
    ),
    NETWORK_COORDINATORS,
    SURVEY.count(
        "survey_answers",
        one="équipe a répondu à l’enquête du réseau",
        many="équipes ont répondu à l’enquête du réseau",
        title="Équipes qui ont répondu à l’enquête du réseau",
        definition=(
            "Équipes inscrites au réseau qui ont répondu à l’enquête de l’année ; "
            "leur dernière réponse compte."
        ),
    ),
    GROUP_TEAMS.count(
        "survey_base",
        one="équipe interrogée par l’enquête du réseau",
        many="équipes interrogées par l’enquête du réseau",
        definition="Équipes inscrites au réseau à la date de référence.",
    ),
    SURVEY.fact(
        "survey_profile",
        lambda scope: _shares(scope, "profile"),
        names=lambda: dict(CoordinatorProfile.choices),
        unit="%",
        title="Profil des coordinateurs",
        one="des réponses",
        definition="Part des réponses à l’enquête, par profil, avec une décimale.",
    ),
    SURVEY.fact(
        "survey_organisation",
        lambda scope: _shares(scope, "organisation"),
        names=lambda: dict(Organisation.choices),
        unit="%",
        title="Organisation de la coordination",
        one="des réponses",
        definition="Part des réponses à l’enquête, par organisation, avec une décimale.",
    ),
    SURVEY.fact(
        "survey_hours",
        _hours,
        is_number=False,
        title="Heures de coordination par mois",
        one="heure par mois",
        many="heures par mois",
        definition="Heures par mois données à l’enquête : moyenne, minimum et maximum.",
    ),
]
