"""05: the network of coordinators, its groups, its survey, its trainings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from apmsl.lib import typography
from apmsl.lib.charts import Drawing, Item
from apmsl.lib.rounding import LEAST
from events.enums import ReportChapter
from reports.builders.activity.material import Gathering, Material
from reports.builders.activity.shared import (
    after,
    chapter_title,
    counted_apart,
    event_figures,
    landmarks,
    numbered,
    stacked,
    table,
)
from reports.builders.figures import Action, Chapter, Figure, Text
from reports.enums import ActionKey
from reports.enums import Chapter as ReportKey

FORMATS = {"online": "En visioconférence", "hybrid": "Hybride", "on_site": "Sur place"}
PROFILES = {
    "health_professional": "Professionnel de santé",
    "project_officer": "Chargé de projet",
    "medical_secretary": "Secrétaire médical",
    "other": "Autre parcours",
}
ORGANISATIONS = {"single": "Seul à ce poste", "pair": "En binôme", "shared": "Poste partagé"}


def coordination(material: Material) -> Chapter:
    return Chapter(
        key="network",
        number="05",
        title=chapter_title(ReportKey.NETWORK),
        intro=material.text("network"),
        highlights=[
            material.figure(
                "network_coordinators",
                "coordinateur dans le réseau",
                "coordinateurs dans le réseau",
            ),
            material.figure("local_group_teams", "équipe inscrite", "équipes inscrites"),
            material.figure("local_groups", "groupe local", "groupes locaux"),
        ],
        actions=[
            _local_groups(material),
            _regional_meetings(material),
            _survey(material),
            _pacte(material),
            _communication_module(material),
            *counted_apart(material, ReportChapter.NETWORK, ReportChapter.TRAINING),
            landmarks(material, ReportKey.NETWORK, ReportKey.TRAINING),
        ],
    )


# -- meetings --------------------------------------------------------------------------------------
def _local_groups(material: Material) -> Action:
    return Action(
        key=ActionKey.LOCAL_GROUP_MEETING,
        title="Rencontres des groupes locaux",
        figures=event_figures(material, "local_group_meeting", "rencontre", "rencontres"),
        drawings=_parts(
            material, "Rencontres par format", "local_group_meeting_by_format", FORMATS
        ),
        table=table(
            "Activité de chaque groupe",
            ("Groupe", "Équipes", "Rencontres", "Participations"),
            material.lists.groups,
            proof="local_group_meeting_count",
        ),
        **after(material, "local_group_meeting"),
    )


def _regional_meetings(material: Material) -> Action:
    return Action(
        key=ActionKey.REGIONAL_MEETING,
        title="Rencontres régionales",
        figures=event_figures(material, "regional_meeting", "rencontre", "rencontres"),
        table=table(
            "Chaque rencontre",
            ("Rencontre", "Participants", "Équipes", "Départements"),
            [
                (_dated(one), one.people, one.teams, one.departments)
                for one in material.lists.regional_meetings
            ],
            proof="regional_meeting_count",
        ),
        note=" ; ".join(f"Annulée : {_dated(one)}" for one in material.lists.regional_cancelled),
        **after(material, "regional_meeting"),
    )


def _dated(one: Gathering) -> str:
    return f"{numbered(one.title, one.number)}, {typography.day(one.day, year=False)}"


# -- survey ----------------------------------------------------------------------------------------
_TOO_FEW = (
    "<p>Moins de cinq équipes ont répondu à l’enquête annuelle du réseau\u00a0:"
    " leurs réponses ne sont pas imprimées.</p>"
)


def _survey(material: Material) -> Action:
    title = "Qui coordonne, et comment"
    answers, base = material.value("survey_answers"), material.value("survey_base")
    if not answers:
        return Action(key=ActionKey.SURVEY, title=title)
    if answers < LEAST:
        return Action(key=ActionKey.SURVEY, title=title, text=Text(body=_TOO_FEW))
    return Action(
        key=ActionKey.SURVEY,
        title=title,
        drawings=[
            *_parts(material, "Parcours des coordinateurs", "survey_profile", PROFILES, "%"),
            *_parts(
                material,
                "Organisation de la coordination",
                "survey_organisation",
                ORGANISATIONS,
                "%",
            ),
        ],
        said=["survey_answers", "survey_base"],
        figures=_hours(material),
        note=(
            f"Base : {typography.plural(answers, 'équipe')} sur {typography.number(base)} "
            f"{typography.agree(answers, 'a', 'ont')} répondu à l’enquête annuelle du réseau."
        ),
    )


def _hours(material: Material) -> Sequence[Figure]:
    hours = material.value("survey_hours") or [None, None, None]
    words = ("heures par mois en moyenne", "heures au moins", "heures au plus")
    return [
        Figure("survey_hours", value, text.replace("heures", "heure"), text)
        for value, text in zip(hours, words, strict=True)
    ]


def _parts(
    material: Material,
    title: str,
    indicator: str,
    names: Mapping[str, str],
    unit: str = "",
) -> Sequence[Drawing]:
    parts = material.value(indicator) or {}
    items = [Item(label, parts[code], unit) for code, label in names.items() if parts.get(code)]
    return stacked(indicator.replace("_", "-"), title, items)


# -- trainings -------------------------------------------------------------------------------------
def _pacte(material: Material) -> Action:
    cohort = material.value("pacte_cohort")
    if not cohort:
        return Action(key=ActionKey.PACTE, title="Formation PACTE", text=material.text("training"))
    return Action(
        key=ActionKey.PACTE,
        title=f"Formation PACTE, promotion {cohort}",
        text=material.text("training"),
        figures=[
            material.figure("pacte_enrolled", "coordinateur au départ", "coordinateurs au départ"),
            material.figure("pacte_hours", "heure de formation", "heures de formation"),
            material.figure("pacte_seminars", "séminaire", "séminaires"),
            material.figure("pacte_defended", "mémoire soutenu", "mémoires soutenus"),
            material.figure("pacte_graduated", "diplômé", "diplômés"),
            material.figure("pacte_pending", "en attente de complément"),
        ],
        items=[
            f"Promotion {other.number} : achevée en {typography.month(other.ends_on)}"
            for other in material.lists.cohorts
            if other.programme == "pacte" and str(other.number) != cohort
            if other.ends_on <= material.as_of
        ],
    )


def _communication_module(material: Material) -> Action:
    if not material.value("communication_cohort"):
        return Action(key=ActionKey.COMMUNICATION_MODULE, title="Module communication")
    return Action(
        key=ActionKey.COMMUNICATION_MODULE,
        title="Module communication",
        figures=[
            material.figure("communication_enrolled", "personne formée", "personnes formées"),
            material.figure("communication_hours", "heure", "heures"),
            _over_months(material),
        ],
    )


def _over_months(material: Material) -> Figure:
    """« 5 séminaires », « en 5 mois »."""
    seminars = material.figure("communication_seminars", "séminaire", "séminaires")
    told = material.value("communication_cohort")
    for cohort in material.lists.cohorts:
        if cohort.programme == "communication" and str(cohort.number) == told:
            return replace(
                seminars, detail=f"en{typography.NBSP}{cohort.months}{typography.NBSP}mois"
            )
    return seminars
