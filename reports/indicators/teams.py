"""Member teams, isolated professionals and first contacts."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from apmsl.lib import rounding
from apmsl.lib.dates import completed_years
from members.enums import Department
from members.models import FirstContact, Membership, Position, Scan, Team
from reports.enums import Chapter
from reports.indicators.population import Population
from reports.indicators.records import Column
from reports.indicators.scope import Condition, Scope, both, matching

NOT_CLOSED = "adhésion de l’année payée, équipe non fermée à la date de référence"


def member_teams(scope: Scope) -> QuerySet[Team]:
    return Team.objects.members_of(scope.year, scope.as_of)


def constituted_teams(scope: Scope) -> QuerySet[Team]:
    """The member teams that are constituted."""
    return member_teams(scope).filter(constituted(scope))


# -- conditions on a team ------------------------------------------------------------------------
def constituted(scope: Scope) -> Q:
    return Q(constituted_on__lte=scope.as_of)


def in_project(scope: Scope) -> Q:
    return Q(constituted_on__isnull=True) | Q(constituted_on__gt=scope.as_of)


def without_aci(scope: Scope) -> Q:
    return constituted(scope) & (Q(aci_signed_on__isnull=True) | Q(aci_signed_on__gt=scope.as_of))


def has_sent_a_scan(scope: Scope) -> Q:
    scans = Scan.objects.filter(
        team=OuterRef("pk"), form__year=scope.year, submitted_on__lte=scope.as_of
    )
    return Q(Exists(scans))


def _posts(scope: Scope) -> QuerySet[Position]:
    return Position.objects.coordinators().on(scope.as_of).filter(team=OuterRef("pk"))


def without_coordinator(scope: Scope) -> Q:
    return constituted(scope) & ~Q(Exists(_posts(scope)))


def with_a_pair(scope: Scope) -> Q:
    people = _posts(scope).order_by().values("team").annotate(n=Count("person", distinct=True))
    return Q(Exact(Coalesce(Subquery(people.values("n")), 0), 2))


single_site: Condition = both(constituted, matching(sites=1))
multi_site: Condition = both(constituted, matching(sites__gt=1))


# -- figures -------------------------------------------------------------------------------------
TEAMS = Population(
    member_teams,
    columns=(
        Column("Équipe", "name"),
        Column("Commune", "city"),
        Column("Département", "get_department_display"),
        Column("Constituée le", "constituted_on"),
        Column("ACI signé le", "aci_signed_on"),
        Column("Sites", "sites"),
    ),
    order=("sort_name",),
    target="self",
    chapter=Chapter.MEMBERS,
    of_members=True,
)

ISOLATED = Population(
    lambda scope: Membership.objects.paid().filter(year=scope.year, person__isnull=False),
    columns=(
        Column("Personne", "person"),
        Column("Profession", "person.profession"),
        Column("Adhésion payée le", "paid_on"),
    ),
    order=("person__sort_name",),
    related=("person__profession",),
    target="person",
    chapter=Chapter.MEMBERS,
    of_members=True,
)

CONTACTS = Population(
    lambda scope: FirstContact.objects.filter(scope.in_year("received_on")),
    columns=(
        Column("Reçu le", "received_on"),
        Column("Département", "get_department_display"),
        Column("Profession", "profession"),
        Column("Par", "get_channel_display"),
    ),
    order=("received_on",),
    related=("profession",),
    chapter=Chapter.PROJECTS,
)


def departments() -> dict[str, str]:
    return dict(Department.choices)


def _founded(scope: Scope) -> QuerySet[Team, Any]:
    return constituted_teams(scope).order_by().values_list("constituted_on")


def _median_age(scope: Scope) -> int | float | None:
    return rounding.median(completed_years(day, scope.as_of) for (day,) in scope.rows(_founded))


MEMBERS = [
    TEAMS.count(
        "teams",
        one="équipe adhérente",
        many="équipes adhérentes",
        definition=f"Équipes constituées et en projet : {NOT_CLOSED}.",
    ),
    TEAMS.count(
        "teams_constituted",
        where=constituted,
        one="équipe constituée",
        many="équipes constituées",
        definition=(
            "Équipes adhérentes dont la date de constitution est au plus tard la date de référence."
        ),
    ),
    TEAMS.count(
        "teams_in_project",
        where=in_project,
        one="équipe en projet",
        many="équipes en projet",
        definition="Équipes adhérentes pas encore constituées à la date de référence.",
    ),
    TEAMS.count(
        "teams_without_aci",
        where=without_aci,
        one="équipe constituée sans ACI",
        many="équipes constituées sans ACI",
        definition=(
            "Équipes adhérentes constituées sans accord conventionnel interprofessionnel (ACI) "
            "signé à la date de référence."
        ),
    ),
    TEAMS.count(
        "teams_single_site",
        where=single_site,
        one="équipe sur un seul site",
        many="équipes sur un seul site",
        definition="Équipes adhérentes constituées qui exercent sur un seul site.",
    ),
    TEAMS.count(
        "teams_multi_site",
        where=multi_site,
        one="équipe sur plusieurs sites",
        many="équipes sur plusieurs sites",
        definition="Équipes adhérentes constituées qui exercent sur plusieurs sites.",
    ),
    TEAMS.share(
        "teams_single_site_pct",
        single_site,
        of=constituted,
        header="Un seul site",
        title="Part des équipes sur un seul site",
        one="des équipes sur un seul site",
        definition="Équipes sur un seul site, parmi les équipes adhérentes constituées.",
    ),
    TEAMS.share(
        "teams_multi_site_pct",
        multi_site,
        of=constituted,
        header="Plusieurs sites",
        title="Part des équipes sur plusieurs sites",
        one="des équipes sur plusieurs sites",
        definition="Équipes sur plusieurs sites, parmi les équipes adhérentes constituées.",
    ),
    TEAMS.breakdown(
        "teams_by_department",
        "department",
        where=constituted,
        names=departments,
        title="Équipes constituées par département",
        one="équipe constituée",
        many="équipes constituées",
        definition="Équipes adhérentes constituées, par département.",
    ),
    TEAMS.fact(
        "teams_median_age",
        _median_age,
        where=constituted,
        title="Ancienneté médiane des équipes",
        one="an d’ancienneté médiane",
        many="ans d’ancienneté médiane",
        definition=(
            "Médiane des années révolues depuis la constitution, "
            "sur les équipes adhérentes constituées."
        ),
    ),
    ISOLATED.count(
        "isolated_professionals",
        one="professionnel isolé adhérent",
        many="professionnels isolés adhérents",
        definition="Personnes dont l’adhésion individuelle de l’année est payée.",
    ),
]

SCANS_SENT = TEAMS.share(
    "scans_answered_pct",
    has_sent_a_scan,
    of=constituted,
    header="Formulaire envoyé",
    title="Part des équipes qui ont répondu au Scan’équipe",
    one="des équipes ont répondu au Scan’équipe",
    definition=(
        "Équipes qui ont envoyé leur formulaire de l’année, parmi les équipes adhérentes constituées."
    ),
)

COORDINATION = [
    TEAMS.share(
        "teams_with_pair_pct",
        with_a_pair,
        of=constituted,
        header="Binôme",
        title="Part des équipes coordonnées par un binôme",
        one="des équipes coordonnées par un binôme",
        definition=(
            "Équipes où exactement deux personnes tiennent un poste de coordination "
            "à la date de référence, parmi les équipes adhérentes constituées."
        ),
    ),
    TEAMS.count(
        "teams_without_coordinator",
        where=without_coordinator,
        one="équipe sans coordination",
        many="équipes sans coordination",
        definition=(
            "Équipes adhérentes constituées où personne ne tient de poste de coordination "
            "à la date de référence."
        ),
    ),
]

FIRST_CONTACTS = [
    CONTACTS.count(
        "first_contacts",
        one="premier contact",
        many="premiers contacts",
        definition=(
            "Demandes sur l’exercice coordonné reçues dans l’année, "
            "qu’un projet existe déjà ou non."
        ),
    ),
    CONTACTS.breakdown(
        "first_contacts_by_department",
        "department",
        names=departments,
        title="Premiers contacts par département",
        one="premier contact",
        many="premiers contacts",
        definition="Premiers contacts reçus dans l’année, par département.",
    ),
]
