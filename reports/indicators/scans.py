"""The yearly form: the last version that each member team sent counts."""

from typing import Any

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from apmsl.lib import rounding
from members.models import Profession, Scan, ScanAnswer, ScanHeadcount
from reports.enums import Chapter
from reports.indicators.outside import external_figure
from reports.indicators.population import Population
from reports.indicators.records import Column
from reports.indicators.scope import Condition, Scope, matching, once
from reports.indicators.teams import SCANS_SENT, member_teams

LAST_VERSION = "dernière version envoyée du formulaire de l’année"
HEADCOUNT = "headcount"

# What a yes means, as a heading and after the percentage.
PRACTICES = {
    "hosts_trainees": ("Accueil de stagiaires", "accueillent des stagiaires"),
    "prevention": ("Actions de prévention", "mènent des actions de prévention"),
    "therapeutic_education": (
        "Éducation thérapeutique",
        "proposent de l’éducation thérapeutique du patient",
    ),
    "protocols": ("Protocoles", "travaillent avec des protocoles pluriprofessionnels"),
    "involves_users": ("Place des usagers", "impliquent les usagers"),
    "cpts_member": ("Membre d’une CPTS", "sont membres d’une CPTS"),
}


def last_scans(scope: Scope) -> QuerySet[Scan]:
    """The last version of each member team, in project or constituted."""
    return Scan.objects.last_of_year(scope.year, scope.as_of).filter(team__in=member_teams(scope))


def answered_scans(scope: Scope) -> QuerySet[Scan]:
    return last_scans(scope).filter(team__constituted_on__lte=scope.as_of)


def answers(scope: Scope) -> QuerySet[ScanAnswer]:
    return ScanAnswer.objects.filter(scan__in=answered_scans(scope), number__isnull=False)


def headcounts(scope: Scope) -> QuerySet[ScanHeadcount]:
    return ScanHeadcount.objects.filter(scan__in=last_scans(scope), question__key=HEADCOUNT)


def says_yes_to(key: str) -> Condition:
    def condition(scope: Scope) -> Q:
        answers = ScanAnswer.objects.filter(scan=OuterRef("pk"), question__key=key, yes=True)
        return Q(Exists(answers))

    return condition


def categories(scope: Scope) -> Any:
    """How many professions a scan gives a headcount above 0."""
    present = (
        ScanHeadcount.objects.filter(scan=OuterRef("pk"), question__key=HEADCOUNT)
        .filter(headcount__gt=0)
        .order_by()
        .values("scan")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Coalesce(Subquery(present), Value(0), output_field=IntegerField())


SCANS = Population(
    answered_scans,
    columns=(
        Column("Équipe", "team.name"),
        Column("Département", "team.get_department_display"),
        Column("Envoyé le", "submitted_on"),
    ),
    order=("team__sort_name",),
    related=("team",),
    target="team",
    chapter=Chapter.MEMBERS,
    of_members=True,
)

ANSWERS = Population(
    answers,
    columns=(Column("Équipe", "scan.team.name"), Column("Envoyé le", "scan.submitted_on")),
    order=("scan__team__sort_name",),
    related=("scan__team",),
    target="scan.team",
    chapter=Chapter.MEMBERS,
    of_members=True,
)

HEADCOUNTS = Population(
    headcounts,
    columns=(
        Column("Équipe", "scan.team.name"),
        Column("Profession", "profession.label"),
    ),
    order=("scan__team__sort_name", "profession__label"),
    related=("scan__team", "profession"),
    target="scan.team",
    chapter=Chapter.MEMBERS,
    of_members=True,
)


def professions() -> dict[str, str]:
    return dict(Profession.objects.values_list("code", "label"))


@once
def _by_profession(scope: Scope) -> dict[str, int]:
    rows = headcounts(scope).filter(headcount__gt=0).order_by().values_list("profession__code")
    return dict(rows.annotate(Sum("headcount")))


def _largest_professions(scope: Scope) -> dict[str, int | float | None]:
    counts = _by_profession(scope)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:5]
    return {code: rounding.percent(n, sum(counts.values())) for code, n in ranked}


_PATIENTS = ANSWERS.total(
    "patients",
    "number",
    where=matching(question__key="patients"),
    header="Patients",
    one="patient suivi",
    many="patients suivis",
    definition=(
        f"Somme des patients déclarés par les équipes adhérentes constituées ({LAST_VERSION})."
    ),
)


def _patients_share(scope: Scope) -> int | float | None:
    population = external_figure(scope, "region_population")
    return None if population is None else rounding.percent(_PATIENTS.measure(scope), population)


INDICATORS = [
    HEADCOUNTS.total(
        "professionals",
        "headcount",
        header="Effectif",
        one="professionnel",
        many="professionnels",
        definition=(
            f"Somme des effectifs de la {LAST_VERSION} de chaque équipe adhérente, "
            "constituée ou en projet."
        ),
    ),
    HEADCOUNTS.fact(
        "professionals_by_profession",
        _largest_professions,
        names=professions,
        unit="%",
        title="Professions les plus représentées",
        one="des professionnels",
        definition="Les cinq professions les plus nombreuses, en part des effectifs déclarés.",
    ),
    SCANS.count(
        "scans_answered",
        one="équipe a répondu au Scan’équipe",
        many="équipes ont répondu au Scan’équipe",
        title="Équipes qui ont répondu au Scan’équipe",
        definition="Équipes adhérentes constituées qui ont envoyé leur formulaire de l’année.",
    ),
    SCANS_SENT,
    SCANS.mean(
        "categories_mean",
        categories,
        header="Professions",
        title="Professions par équipe",
        one="profession par équipe en moyenne",
        many="professions par équipe en moyenne",
        definition=(
            "Nombre moyen de professions présentes (effectif au-dessus de 0) "
            f"dans les équipes qui ont répondu ({LAST_VERSION})."
        ),
    ),
    ANSWERS.mean(
        "signatories_mean",
        "number",
        where=matching(question__key="signatories"),
        header="Signataires",
        title="Signataires par équipe",
        one="signataire du projet de santé par équipe en moyenne",
        many="signataires du projet de santé par équipe en moyenne",
        definition=(
            "Nombre moyen de signataires du projet de santé, "
            "sur les équipes adhérentes constituées qui l’ont donné."
        ),
    ),
    _PATIENTS,
    ANSWERS.fact(
        "patients_population_pct",
        _patients_share,
        where=matching(question__key="patients"),
        unit="%",
        title="Part de la population suivie",
        one="de la population régionale suivie",
        definition=(
            "Patients déclarés par les équipes, rapportés à la population de la région "
            "(chiffre extérieur de l’année)."
        ),
    ),
    *(
        SCANS.share(
            f"scan_{key}_pct",
            says_yes_to(key),
            header=heading,
            title=f"{heading} : part des équipes",
            one=f"des équipes {words}",
            definition=f"Équipes qui répondent oui, parmi celles qui ont répondu ({LAST_VERSION}).",
        )
        for key, (heading, words) in PRACTICES.items()
    ),
]
