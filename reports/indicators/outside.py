"""Figures that no record of the portal can give, as the staff entered them with their source."""

from typing import Any

from django.db.models import QuerySet

from reports.enums import Chapter
from reports.indicators.indicator import Indicator
from reports.indicators.population import Population
from reports.indicators.records import Column
from reports.indicators.scope import Scope, matching, once
from reports.models import ExternalFigure


def _given(scope: Scope) -> QuerySet[ExternalFigure, Any]:
    return ExternalFigure.objects.filter(year=scope.year).values_list("key", "value")


@once
def _figures(scope: Scope) -> dict[str, int]:
    return {key: value for key, value in scope.rows(_given)}


def external_figure(scope: Scope, key: str) -> int | None:
    return _figures(scope).get(key)


OUTSIDE = Population(
    lambda scope: ExternalFigure.objects.filter(year=scope.year),
    columns=(
        Column("Année", "year", is_year=True),
        Column("Valeur", "value"),
        Column("À la date du", "as_of"),
        Column("Source", "source"),
    ),
    chapter=Chapter.COMMUNICATION,
)

# key: (singular, plural, definition, chapter)
WORDS = {
    "site_visitors": (
        "visiteur du site",
        "visiteurs du site",
        "Visiteurs du site internet dans l’année, selon son outil de mesure d’audience",
        Chapter.COMMUNICATION,
    ),
    "site_page_views": (
        "page vue sur le site",
        "pages vues sur le site",
        "Pages vues sur le site internet dans l’année, selon son outil de mesure d’audience",
        Chapter.COMMUNICATION,
    ),
    "linkedin_followers": (
        "abonné sur LinkedIn",
        "abonnés sur LinkedIn",
        "Abonnés de la page LinkedIn de la fédération",
        Chapter.COMMUNICATION,
    ),
    "linkedin_posts": (
        "publication sur LinkedIn",
        "publications sur LinkedIn",
        "Publications de la fédération sur LinkedIn dans l’année",
        Chapter.COMMUNICATION,
    ),
    "linkedin_views": (
        "vue sur LinkedIn",
        "vues sur LinkedIn",
        "Vues des publications de la fédération sur LinkedIn dans l’année",
        Chapter.COMMUNICATION,
    ),
    "flash_diagnosis_sessions": (
        "diagnostic flash réalisé",
        "diagnostics flash réalisés",
        "Autodiagnostics flash commencés dans l’année",
        Chapter.EVOLUTION,
    ),
    "declared_actions": (
        "action réalisée",
        "actions réalisées",
        "Actions menées dans l’année, selon la déclaration de l’équipe salariée",
        Chapter.TEAMS,
    ),
    "declared_participants": (
        "participant en cumul",
        "participants en cumul",
        "Participants aux actions de l’année, en cumul, selon la déclaration de l’équipe salariée",
        Chapter.TEAMS,
    ),
}


def _indicator(key: str) -> Indicator:
    one, many, definition, chapter = WORDS[key]
    return OUTSIDE.fact(
        key,
        lambda scope: external_figure(scope, key),
        where=matching(key=key),
        one=one,
        many=many,
        definition=f"{definition} (chiffre extérieur de l’année).",
        chapter=chapter,
        source="Chiffre extérieur",
    )


INDICATORS = [_indicator(key) for key in WORDS]
