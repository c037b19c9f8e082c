"""What the demonstration's events tell of themselves: the programme of the regional day, a public
evening to come, and their line of the agreement. Nothing that a year's figures count.

Run again it changes nothing.
"""

from datetime import date, time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from events.enums import Category, ContributorRole, ItemType, QuestionType
from events.models import (
    ActionKind,
    Contributor,
    Event,
    EventPartner,
    EventSession,
    Item,
    Objective,
    RegistrationQuestion,
)

OBJECTIVES = (
    "Repérer ce qui améliore l’accès aux soins dans un territoire",
    "Découvrir des organisations d’équipe qui fonctionnent",
    "Rencontrer les partenaires de la région",
)
SPEAKERS = (
    (ContributorRole.LEAD, "Claire Moreau", "Chargée de mission", "Fédération"),
    (ContributorRole.LEAD, "Hugo Lambert", "Médecin généraliste", "Membre du conseil"),
    (ContributorRole.SPEAKER, "Sophie Bernard", "Économiste de la santé", "Université"),
    (ContributorRole.SPEAKER, "Nadia Cherif", "Infirmière en pratique avancée", ""),
)
PARTNERS = (
    ("Agence régionale de santé", "1"),
    ("Assurance maladie", "2"),
    ("Union régionale des professionnels de santé", ""),
)
WORKSHOP, PLENARY, BREAK = ItemType.WORKSHOP, ItemType.PLENARY, ItemType.BREAK
# type, title, from, to, room, seats (None: nothing to choose)
DAY_PROGRAMME = (
    (BREAK, "Accueil café", time(9), time(9, 30), "", None),
    (PLENARY, "Accès aux soins : où en sommes-nous ?", time(9, 30), time(11), "Amphithéâtre", None),
    (
        WORKSHOP,
        "Soins non programmés : s’organiser à plusieurs",
        time(11),
        time(12, 15),
        "Loire",
        60,
    ),
    (WORKSHOP, "Assistant médical : qui fait quoi ?", time(11), time(12, 15), "Erdre", 60),
    (WORKSHOP, "La santé mentale des jeunes", time(11), time(12, 15), "Sèvre", 90),
    (ItemType.GALLERY, "Déjeuner et stands", time(12, 15), time(14), "Hall", None),
    (ItemType.ROUND_TABLE, "Et demain ?", time(14), time(16), "Amphithéâtre", None),
)
EVENING_PROGRAMME = (
    (
        PLENARY,
        "Une équipe de soins près de chez vous",
        time(18),
        time(18, 45),
        "Grande salle",
        None,
    ),
    (WORKSHOP, "Préparer une consultation", time(18, 45), time(20), "Salle bleue", 20),
    (WORKSHOP, "Bouger après 60 ans", time(18, 45), time(20), "Salle verte", 20),
)
# Lines of the agreement with the funder, in the words of the demonstration.
CPOM_LINES = {
    "Accompagner les équipes en projet": (Category.PROJECT_MEETING, Category.TEAM_VISIT),
    "Soutenir les équipes en fonctionnement": (
        Category.THEMATIC_MEETING,
        Category.PRACTICE,
        Category.INFORMATION_CYCLE,
    ),
    "Animer le réseau des coordinateurs": (
        Category.REGIONAL_MEETING,
        Category.LOCAL_GROUP_MEETING,
    ),
    "Réunir la région": (Category.REGIONAL_DAY,),
}
EVENING = "Soirée ouverte à tous : la maison de santé, comment ça marche ?"


class Command(BaseCommand):
    help = "Complète les événements de la démonstration."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        day = Event.objects.filter(kind__category=Category.REGIONAL_DAY, starts_on__year=2023)
        for event in day.order_by("pk")[:1]:
            _tell(event, OBJECTIVES, DAY_PROGRAMME)
            _present(event)
        for line, categories in CPOM_LINES.items():
            told = Event.objects.filter(starts_on__year=2023, kind__category__in=categories)
            told.filter(cpom_line="").update(cpom_line=line)
        evening = _evening()
        _tell(evening, OBJECTIVES[1:2], EVENING_PROGRAMME)
        _ask(evening)


def _evening() -> Event:
    held_on = date(2024, 1, 25)
    event, made = Event.objects.get_or_create(
        title=EVENING,
        starts_on=held_on,
        defaults={
            "kind": ActionKind.objects.get(code=Category.PROJECT_MEETING),
            "ends_on": held_on,
            "starts_at": time(18),
            "ends_at": time(20),
            "audiences": ["public"],
            "capacity": 80,
            "place": "Salle des fêtes, Ancenis",
            "department": "44",
            "is_new": True,
            "description": "Venez rencontrer celles et ceux qui soignent ensemble près de chez vous.",
        },
    )
    if made:
        EventSession.objects.create(event=event, number=1, held_on=held_on)
    return event


def _tell(event: Event, objectives: tuple[str, ...], programme: tuple[Any, ...]) -> None:
    for position, text in enumerate(objectives, start=1):
        Objective.objects.get_or_create(event=event, text=text, defaults={"position": position})
    for kind, title, starts_at, ends_at, room, capacity in programme:
        told = {"type": kind, "starts_at": starts_at, "ends_at": ends_at, "room": room}
        told |= {"is_chosen": capacity is not None, "capacity": capacity}
        told |= {"held_on": event.starts_on}
        Item.objects.get_or_create(event=event, title=title, defaults=told)


def _present(event: Event) -> None:
    for position, (role, name, function, organisation) in enumerate(SPEAKERS, start=1):
        told: dict[str, Any] = {"role": role, "function": function, "organisation": organisation}
        told |= {"position": position}
        Contributor.objects.get_or_create(event=event, name=name, defaults=told)
    for name, stand in PARTNERS:
        stall: dict[str, Any] = {"has_stand": bool(stand), "stand": stand}
        EventPartner.objects.get_or_create(event=event, name=name, defaults=stall)


def _ask(event: Event) -> None:
    RegistrationQuestion.objects.get_or_create(
        event=event,
        text="Avez-vous besoin d’un accès facilité ?",
        defaults={"type": QuestionType.YES_NO, "is_temporary": True},
    )
