"""Coordinators: who holds a coordinator's post on the reference day."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from members.models import Person, Position
from reports.enums import Chapter
from reports.indicators.population import Population
from reports.indicators.records import Column
from reports.indicators.scope import Scope, matching
from reports.indicators.teams import COORDINATION, constituted_teams
from training.enums import Programme, Result
from training.models import Enrolment


def coordinators(scope: Scope) -> QuerySet[Person]:
    """They hold a post in a constituted member team."""
    posts = (
        Position.objects.coordinators()
        .on(scope.as_of)
        .filter(person=OuterRef("pk"), team__in=constituted_teams(scope))
    )
    return Person.objects.filter(Exists(posts))


def in_network(scope: Scope) -> Q:
    """Registered in the network through any post held, in whatever team."""
    posts = Position.objects.on(scope.as_of).in_network_on(scope.as_of)
    return Q(Exists(posts.filter(person=OuterRef("pk"))))


def followed_pacte(scope: Scope) -> Q:
    enrolments = Enrolment.objects.with_result_by(scope.as_of, Result.GRADUATED, Result.PENDING)
    pacte = enrolments.filter(cohort__programme=Programme.PACTE, person=OuterRef("pk"))
    return Q(Exists(pacte))


PERSON = (Column("Personne", "__str__"), Column("Profession", "profession"))

COORDINATORS = Population(
    coordinators,
    columns=PERSON,
    order=("sort_name",),
    related=("profession",),
    target="self",
    chapter=Chapter.NETWORK,
    of_members=True,
)

NETWORKED = Population(
    lambda scope: Person.objects.filter(in_network(scope)),
    columns=PERSON,
    order=("sort_name",),
    related=("profession",),
    target="self",
    chapter=Chapter.NETWORK,
)

INDICATORS = [
    COORDINATORS.count(
        "coordinators",
        one="coordinateur",
        many="coordinateurs",
        definition=(
            "Personnes qui tiennent un poste de coordination dans une équipe adhérente constituée, "
            "à la date de référence ; chacune compte une fois."
        ),
    ),
    COORDINATORS.share(
        "coordinators_in_network_pct",
        in_network,
        header="Inscrit au réseau",
        title="Part des coordinateurs inscrits au réseau",
        one="des coordinateurs inscrits au réseau",
        definition=(
            "Coordinateurs inscrits au réseau à la date de référence, "
            "par l’un quelconque de leurs postes."
        ),
    ),
    COORDINATORS.share(
        "coordinators_pacte_pct",
        followed_pacte,
        header="PACTE suivi",
        title="Part des coordinateurs qui ont suivi PACTE",
        one="des coordinateurs ont suivi la formation PACTE",
        definition=(
            "Coordinateurs diplômés de PACTE, ou en attente de complément, à la date de référence."
        ),
    ),
    COORDINATORS.share(
        "coordinators_self_employed_pct",
        matching(self_employed=True),
        header="Exerce en libéral",
        title="Part des coordinateurs qui exercent en libéral",
        one="des coordinateurs sont aussi professionnels en libéral",
        definition="Coordinateurs qui sont aussi professionnels en exercice libéral.",
    ),
    *COORDINATION,
]

NETWORK_COORDINATORS = NETWORKED.count(
    "network_coordinators",
    one="coordinateur inscrit au réseau",
    many="coordinateurs inscrits au réseau",
    definition=(
        "Personnes qui tiennent un poste de coordination à la date de référence, dans une équipe "
        "adhérente ou non, et inscrites au réseau."
    ),
)
