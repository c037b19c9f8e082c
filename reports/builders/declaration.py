"""The draft of what a team declares each year to the health insurance for its agreement (ACI): what
the portal knows of its year, in the order of the declaration, ready to be copied. What it does not
know, it asks for; it reckons no point.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string

# Axis, then its indicators: key, title, what the team is to write of what no record tells.
# Source: agreement of 20 April 2017 with its first amendment (JO of 3 August 2022).
ORDER = (
    (
        "Accès aux soins",
        (
            (
                "hours",
                "Horaires d’ouverture et soins non programmés",
                "Vos horaires, samedi matin compris, et les soins non programmés de chaque jour.",
            ),
            (
                "crisis",
                "Réponse aux crises sanitaires graves",
                "Le plan de préparation, sa mise à jour, et les actions menées s’il y a eu crise.",
            ),
            (
                "services",
                "Diversité des services",
                "Les spécialistes et les consultations que vos patients trouvent sur place.",
            ),
            (
                "public_health",
                "Missions de santé publique",
                "Pour chaque mission : le besoin, les actions, les personnes touchées.",
            ),
            (
                "users",
                "Implication des usagers",
                "Ce que vous leur avez demandé, comment, et ce qui en a été fait.",
            ),
            (
                "sas",
                "Participation au service d’accès aux soins (SAS)",
                "La part des médecins généralistes qui y participent.",
            ),
        ),
    ),
    (
        "Travail en équipe",
        (
            (
                "coordination",
                "Fonction de coordination",
                "Les missions du poste et le temps qui leur est donné.",
            ),
            (
                "protocols",
                "Protocoles pluriprofessionnels",
                "Le titre de chaque protocole, les professions, les patients suivis en nombre.",
            ),
            (
                "concertation",
                "Concertation pluriprofessionnelle",
                "Les réunions de l’année : nombre, professions présentes, comptes rendus.",
            ),
            (
                "trainees",
                "Formation des futurs professionnels",
                "Le nombre de stages, par profession et par maître de stage.",
            ),
            (
                "outside",
                "Coordination externe",
                "Vos partenaires, et ce que vous avez fait ensemble.",
            ),
            (
                "quality",
                "Démarche qualité",
                "Le niveau atteint et ce qui a été amélioré.",
            ),
            (
                "pathways",
                "Parcours : insuffisance cardiaque, surpoids de l’enfant",
                "Les parcours que l’équipe a mis en place.",
            ),
        ),
    ),
    (
        "Système d’information",
        (
            (
                "software",
                "Système d’information partagé",
                "Le logiciel, son label, et les professionnels qui y ont accès.",
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Heading:
    key: str
    title: str
    to_write: str
    known: Sequence[str]


@dataclass(frozen=True, slots=True)
class Axis:
    number: int
    title: str
    headings: Sequence[Heading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """``team`` and ``beside`` stand before and after the headings: who the team is, what else it did
    in the year."""

    name: str
    year: int
    team: Sequence[str]
    axes: Sequence[Axis]
    beside: Sequence[str]

    @property
    def known(self) -> int:
        """Headings of which the records tell something."""
        return sum(bool(heading.known) for axis in self.axes for heading in axis.headings)

    @property
    def headings(self) -> int:
        return sum(len(axis.headings) for axis in self.axes)

    @property
    def text(self) -> str:
        """All of it without layout, for a word processor or the form of the health insurance."""
        return render_to_string("reports/declaration.txt", {"declaration": self})


def declaration(
    *,
    name: str,
    year: int,
    team: Iterable[str],
    known: Mapping[str, Sequence[str]],
    beside: Iterable[str],
) -> Declaration:
    """``known``: by key, what the records tell."""
    return Declaration(
        name=name,
        year=year,
        team=list(team),
        axes=[
            Axis(
                number,
                title,
                [Heading(key, named, asked, known.get(key, ())) for key, named, asked in headings],
            )
            for number, (title, headings) in enumerate(ORDER, start=1)
        ],
        beside=list(beside),
    )
