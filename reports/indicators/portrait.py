"""The member team in the middle: the « morphotype » of the year (capabilities SCA06 and RPT10).

These figures are declared as all the others, with their list, but stand beside the registry: what
``compute`` gives is read by spreadsheets, which know its figures and their order.
"""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from apmsl.lib.rounding import LEAST
from members.models import Position, ScanHeadcount
from reports.indicators.records import RecordList
from reports.indicators.scans import (
    ANSWERS,
    HEADCOUNT,
    HEADCOUNTS,
    LAST_VERSION,
    SCANS,
    answered_scans,
    categories,
    professions,
)
from reports.indicators.scope import Scope, matching
from reports.indicators.teams import TEAMS, constituted

# Professionals: up to 14, 15 to 24, 25 to 39, 40 and more.
SIZES = (15, 25, 40)
_MIDDLE = (
    f"arrondie à l’unité ; rien sous {LEAST} équipes, car ce serait le chiffre de l’une d’elles."
)


def size_of(people: int) -> int:
    """The least of its class: 0, 15, 25 or 40."""
    return max((least for least in SIZES if people >= least), default=0)


def size_label(least: int) -> str:
    if not least:
        return f"Moins de {SIZES[0]} pros"
    above = next((size for size in SIZES if size > least), None)
    return f"{least} à {above - 1} pros" if above else f"{least} pros et plus"


def _sizes() -> dict[str, str]:
    return {str(least): size_label(least) for least in (0, *SIZES)}


# -- what is measured ------------------------------------------------------------------------------
def _people(scope: Scope) -> Any:
    told = ScanHeadcount.objects.filter(
        scan=OuterRef("pk"), question__key=HEADCOUNT, headcount__gt=0
    )
    return Subquery(told.order_by().values("scan").annotate(n=Sum("headcount")).values("n"))


def _posts(scope: Scope) -> QuerySet[Position, Any]:
    posts = Position.objects.coordinators().on(scope.as_of).filter(team=OuterRef("pk"))
    return posts.order_by().values("team")


def _coordinators(scope: Scope) -> Any:
    people = _posts(scope).annotate(n=Count("person", distinct=True))
    return Coalesce(Subquery(people.values("n")), Value(0))


def _hours(scope: Scope) -> Any:
    return Subquery(_posts(scope).annotate(n=Sum("monthly_hours")).values("n"))


def _told(scope: Scope) -> QuerySet[ScanHeadcount, Any]:
    """Form, profession, people: of the constituted teams alone."""
    rows = _composed(scope).filter(headcount__gt=0).order_by()
    return rows.values_list("scan", "profession__code", "headcount")


def _composed(scope: Scope) -> QuerySet[ScanHeadcount]:
    return HEADCOUNTS.base(scope).filter(scan__in=answered_scans(scope))


def _composition(scope: Scope) -> dict[str, int]:
    """The largest first, then by code."""
    rows = scope.rows(_told)
    teams = len({scan for scan, *_ in rows})
    by_code: dict[str, list[int]] = {}
    for _, code, people in rows:
        by_code.setdefault(code, []).append(people)
    found = {code: _held_by_half(counts, teams) for code, counts in by_code.items()}
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return {code: people for code, people in ranked if people} if teams >= LEAST else {}


def _held_by_half(counts: list[int], teams: int) -> int:
    """The most that one team in two has, or more; a team without the profession has none."""
    half = (teams + 1) // 2
    return sorted(counts, reverse=True)[half - 1] if len(counts) >= half else 0


def _composition_list(scope: Scope) -> RecordList:
    rows = HEADCOUNTS.list(scope, header="Effectif", amount="headcount")
    told = rows.queryset.filter(scan__in=answered_scans(scope), headcount__gt=0)
    return RecordList(told, rows.columns, rows.target)


def _by_size(scope: Scope) -> dict[str, int]:
    teams: dict[int, int] = {}
    for scan, _, people in scope.rows(_told):
        teams[scan] = teams.get(scan, 0) + people
    classes = [size_of(people) for people in teams.values()]
    return {str(least): classes.count(least) for least in (0, *SIZES)} if classes else {}


# -- figures ---------------------------------------------------------------------------------------
PORTRAIT = [
    SCANS.median(
        "typical_professionals",
        _people,
        header="Professionnels",
        title="Professionnels de l’équipe type",
        one="professionnel",
        many="professionnels",
        definition=(
            "Médiane des effectifs des équipes adhérentes constituées qui ont répondu"
            f" ({LAST_VERSION}), {_MIDDLE}"
        ),
    ),
    SCANS.median(
        "typical_categories",
        categories,
        header="Professions",
        title="Professions de l’équipe type",
        one="profession",
        many="professions",
        definition=f"Médiane du nombre de professions présentes ({LAST_VERSION}), {_MIDDLE}",
    ),
    ANSWERS.median(
        "typical_signatories",
        "number",
        where=matching(question__key="signatories"),
        header="Signataires",
        title="Signataires de l’équipe type",
        one="signataire du projet de santé",
        many="signataires du projet de santé",
        definition=f"Médiane des signataires du projet de santé ({LAST_VERSION}), {_MIDDLE}",
    ),
    ANSWERS.median(
        "typical_patients",
        "number",
        where=matching(question__key="patients"),
        header="Patients",
        title="Patients de l’équipe type",
        one="patient suivi",
        many="patients suivis",
        definition=f"Médiane des patients déclarés ({LAST_VERSION}), {_MIDDLE}",
    ),
    TEAMS.median(
        "typical_sites",
        "sites",
        where=constituted,
        header="Sites",
        title="Sites de l’équipe type",
        one="site",
        many="sites",
        definition=f"Médiane des sites des équipes adhérentes constituées, {_MIDDLE}",
    ),
    TEAMS.median(
        "typical_coordinators",
        _coordinators,
        where=constituted,
        header="À la coordination",
        title="Personnes à la coordination de l’équipe type",
        one="personne à la coordination",
        many="personnes à la coordination",
        definition=(
            "Médiane des personnes qui tiennent un poste de coordination à la date de référence,"
            f" dans les équipes adhérentes constituées, {_MIDDLE}"
        ),
    ),
    TEAMS.median(
        "typical_hours",
        _hours,
        where=constituted,
        header="Heures par mois",
        title="Heures de coordination de l’équipe type",
        one="heure de coordination par mois",
        many="heures de coordination par mois",
        definition=(
            "Médiane des heures de coordination par mois, sur les équipes adhérentes constituées"
            f" dont le temps de coordination est connu, {_MIDDLE}"
        ),
    ),
    HEADCOUNTS.fact(
        "typical_composition",
        _composition,
        listing=_composition_list,
        names=professions,
        title="Composition de l’équipe type",
        one="personne",
        many="personnes",
        definition=(
            "Pour chaque profession, le plus grand nombre de personnes que compte au moins une"
            " équipe sur deux, parmi les équipes adhérentes constituées qui ont répondu"
            f" ({LAST_VERSION}) ; rien sous {LEAST} équipes."
        ),
    ),
    SCANS.fact(
        "teams_by_size",
        _by_size,
        listing=lambda scope: SCANS.list(scope, header="Professionnels", amount=_people),
        names=_sizes,
        title="Équipes selon leur taille",
        one="équipe",
        many="équipes",
        definition=(
            "Équipes adhérentes constituées qui ont répondu, selon le nombre de leurs"
            f" professionnels ({LAST_VERSION})."
        ),
    ),
]
