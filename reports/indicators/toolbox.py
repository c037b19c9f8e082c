"""The toolbox: documents and their views, job postings, lending."""

from datetime import date

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Collate

from reports.enums import Chapter
from reports.indicators.indicator import Kind
from reports.indicators.population import Population
from reports.indicators.records import Column
from reports.indicators.scope import Scope
from toolbox.models import Equipment, JobPosting, Loan, Tool, ToolMonth


def _months(scope: Scope) -> QuerySet[ToolMonth]:
    """From January to the month of the reference day, which counts whole."""
    months = (date(scope.year, 1, 1), date(scope.year, scope.as_of.month, 1))
    return ToolMonth.objects.filter(month__range=months)


TOOLS = Population(
    lambda scope: Tool.objects.published_on_day(scope.as_of),
    columns=(
        Column("Outil", "title"),
        Column("Type", "get_kind_display"),
        Column("Publié le", "published_on"),
    ),
    order=("title",),
    target="self",
    chapter=Chapter.COMMUNICATION,
)

MONTHS = Population(
    _months,
    columns=(Column("Outil", "tool.title"), Column("Mois du", "month")),
    order=("tool__title", "month"),
    related=("tool",),
    target="tool",
    chapter=Chapter.COMMUNICATION,
)

JOBS = Population(
    lambda scope: JobPosting.objects.filter(scope.in_year("published_on")),
    columns=(
        Column("Offre", "title"),
        Column("Type", "get_kind_display"),
        Column("Équipe", "team"),
        Column("Publiée le", "published_on"),
    ),
    order=("published_on",),
    related=("team",),
    target="self",
    chapter=Chapter.COMMUNICATION,
)

EQUIPMENT = Population(
    lambda scope: Equipment.objects.all(),
    columns=(
        Column("Matériel", "name"),
        Column("Exemplaires", "copies"),
        Column("Versions numériques", "digital_copies"),
    ),
    order=("name",),
    target="self",
    chapter=Chapter.TEAMS,
)

LOANS = Population(
    lambda scope: Loan.objects.filter(scope.in_year("requested_on")),
    columns=(
        Column("Matériel", "equipment"),
        Column("Équipe", "team"),
        Column("Demandé le", "requested_on"),
        Column("Du", "starts_on"),
        Column("Au", "ends_on"),
        Column("État", "get_status_display"),
    ),
    order=("requested_on",),
    related=("equipment", "team"),
    target="equipment",
    chapter=Chapter.TEAMS,
)


def _most_viewed(scope: Scope) -> list[str]:
    """Ties by code, compared as bytes whatever the database's language."""
    viewed = _months(scope).order_by().values(code=Collate(F("tool__code"), "C"))
    ranked = viewed.annotate(seen=Sum("views")).order_by("-seen", "code")
    return [row["code"] for row in ranked[:5]]


def titles() -> dict[str, str]:
    return dict(Tool.objects.values_list("code", "title"))


INDICATORS = [
    TOOLS.count(
        "tools",
        one="outil en ligne",
        many="outils en ligne",
        definition="Outils publiés et non retirés à la date de référence.",
    ),
    TOOLS.count(
        "tools_new",
        where=lambda scope: scope.in_year("published_on"),
        one="nouvel outil",
        many="nouveaux outils",
        definition="Outils en ligne publiés dans l’année.",
    ),
    MONTHS.total(
        "tool_views",
        "views",
        header="Consultations",
        one="consultation d’outil",
        many="consultations d’outils",
        definition="Consultations des outils dans l’année, outils retirés compris.",
    ),
    MONTHS.fact(
        "tools_top5",
        _most_viewed,
        kind=Kind.RANKING,
        names=titles,
        title="Outils les plus consultés",
        one="outil le plus consulté",
        many="outils les plus consultés",
        definition="Les cinq outils les plus consultés dans l’année.",
    ),
    JOBS.count(
        "job_postings",
        one="offre publiée",
        many="offres publiées",
        definition="Offres d’emploi et de reprise publiées dans l’année.",
    ),
    JOBS.total(
        "job_posting_views",
        "views",
        header="Consultations",
        one="consultation d’offre",
        many="consultations d’offres",
        definition="Consultations des offres publiées dans l’année.",
    ),
    EQUIPMENT.count(
        "equipment",
        one="matériel à emprunter",
        many="matériels à emprunter",
        definition="Sortes de matériel proposées au prêt.",
    ),
    LOANS.count(
        "loan_requests",
        one="demande de prêt",
        many="demandes de prêt",
        definition="Demandes de prêt de matériel reçues dans l’année.",
    ),
]
