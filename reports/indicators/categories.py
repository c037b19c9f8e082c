"""How each category of events and each kind of accompaniment is called in figures."""

from dataclasses import dataclass

from events.enums import Category
from members.enums import AccompanimentKind
from reports.enums import Chapter


@dataclass(frozen=True)
class Words:
    """« 1 visite », « 3 visites », « aux visites », « Visites »."""

    one: str
    many: str
    chapter: Chapter

    @property
    def title(self) -> str:
        return self.many[0].upper() + self.many[1:]


EVENTS = {
    Category.PROJECT_MEETING: Words(
        "réunion d’information pour les porteurs de projet",
        "réunions d’information pour les porteurs de projet",
        Chapter.PROJECTS,
    ),
    Category.THEMATIC_MEETING: Words(
        "réunion d’information thématique",
        "réunions d’information thématiques",
        Chapter.TEAMS,
    ),
    Category.PRACTICE: Words(
        "rendez-vous « Ma MSP en pratique »",
        "rendez-vous « Ma MSP en pratique »",
        Chapter.TEAMS,
    ),
    Category.INFORMATION_CYCLE: Words("cycle d’information", "cycles d’information", Chapter.TEAMS),
    Category.TEAM_VISIT: Words(
        "visite « À la rencontre d’une équipe »",
        "visites « À la rencontre d’une équipe »",
        Chapter.PROJECTS,
    ),
    Category.REGIONAL_MEETING: Words(
        "rencontre régionale", "rencontres régionales", Chapter.NETWORK
    ),
    Category.LOCAL_GROUP_MEETING: Words(
        "rencontre de groupe local", "rencontres de groupe local", Chapter.NETWORK
    ),
    Category.REGIONAL_DAY: Words("journée régionale", "journées régionales", Chapter.TEAMS),
    Category.WORKING_GROUP: Words("groupe de travail", "groupes de travail", Chapter.TEAMS),
    Category.TRAINING: Words("formation", "formations", Chapter.TEAMS),
    Category.COMMITTEE: Words("comité", "comités", Chapter.TEAMS),
}

ACCOMPANIMENTS = {
    AccompanimentKind.HEALTH_PROJECT_WRITING: Words(
        "atelier d’écriture du projet de santé",
        "ateliers d’écriture du projet de santé",
        Chapter.PROJECTS,
    ),
    AccompanimentKind.PROTOCOL_WRITING: Words(
        "atelier d’écriture de protocoles", "ateliers d’écriture de protocoles", Chapter.TEAMS
    ),
    AccompanimentKind.PREVENTION_WRITING: Words(
        "atelier d’écriture d’une action de prévention",
        "ateliers d’écriture d’une action de prévention",
        Chapter.TEAMS,
    ),
    AccompanimentKind.HEALTH_PROJECT_REVIEW: Words(
        "accompagnement à l’évolution du projet de santé",
        "accompagnements à l’évolution du projet de santé",
        Chapter.EVOLUTION,
    ),
    AccompanimentKind.ESP_CLAP_TO_MSP: Words(
        "accompagnement d’une ESP CLAP vers une MSP",
        "accompagnements d’une ESP CLAP vers une MSP",
        Chapter.PROJECTS,
    ),
    AccompanimentKind.PARTICIPATORY: Words(
        "accompagnement de structure participative",
        "accompagnements de structures participatives",
        Chapter.EVOLUTION,
    ),
}
