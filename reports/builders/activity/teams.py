"""03: teams at work."""

from collections.abc import Sequence

from apmsl.lib import typography
from apmsl.lib.charts import Drawing, Item
from events.enums import ReportChapter
from reports.builders.activity.material import Material
from reports.builders.activity.shared import (
    accompaniment,
    after,
    bars,
    chapter_title,
    counted_apart,
    event_figures,
    is_new,
    landmarks,
    programme,
    table,
)
from reports.builders.figures import Action, Chapter, Figure
from reports.enums import ActionKey
from reports.enums import Chapter as ReportKey


def teams(material: Material) -> Chapter:
    return Chapter(
        key="teams",
        number="03",
        title=chapter_title(ReportKey.TEAMS),
        intro=material.text("teams"),
        highlights=_highlights(material),
        actions=[
            _thematic_meetings(material),
            _practice(material),
            _information_cycle(material),
            _workshop(material, "Écrire un protocole", "protocol_writing"),
            _workshop(material, "Monter une action de prévention", "prevention_writing"),
            _regional_day(material),
            _working_group(material),
            _training(material),
            _committee(material),
            *counted_apart(material, ReportChapter.TEAMS, ReportChapter.NEWS),
            _cancelled(material),
            _loans(material),
            landmarks(material, ReportKey.TEAMS),
        ],
    )


def _highlights(material: Material) -> Sequence[Figure]:
    return [
        material.figure("thematic_meeting_count", "réunion thématique", "réunions thématiques"),
        material.figure("teams_reached", "équipe touchée", "équipes touchées"),
        material.figure(
            "regional_day_participants",
            "participant à la journée régionale",
            "participants à la journée régionale",
        ),
    ]


# -- meetings --------------------------------------------------------------------------------------
def _thematic_meetings(material: Material) -> Action:
    held = event_figures(material, "thematic_meeting", "réunion", "réunions")
    registered = material.figure("thematic_meeting_registered", "inscrit", "inscrits")
    return Action(
        key=ActionKey.THEMATIC_MEETING,
        title="Réunions thématiques",
        is_new=is_new(material, "thematic_meeting"),
        figures=[*held[:1], registered] if held else [],
        drawings=_themes(material),
        table=programme(material.lists.thematic_meetings, "Réunion", "thematic_meeting_count"),
        **after(material, "thematic_meeting"),
    )


def _themes(material: Material) -> Sequence[Drawing]:
    """The themes that gathered somebody, by participations."""
    themes = material.value("thematic_meeting_by_theme") or {}
    ranked = sorted(themes.items(), key=lambda theme: (-theme[1][1], theme[0]))
    items = [
        Item(_theme(material.name(code), meetings), people)
        for code, (meetings, people) in ranked
        if people
    ]
    return bars("thematic-meeting-by-theme", "Participations par thème", items)


def _theme(name: str, meetings: int) -> str:
    """« Gestion (3 réunions) »: one is what a theme has when nothing is said."""
    return f"{name} ({typography.plural(meetings, 'réunion')})" if meetings > 1 else name


def _practice(material: Material) -> Action:
    return Action(
        key=ActionKey.PRACTICE,
        title="« MSP en pratique »",
        is_new=is_new(material, "practice"),
        figures=event_figures(material, "practice", "rencontre", "rencontres"),
        table=programme(material.lists.practice_meetings, "Rencontre", "practice_count"),
        **after(material, "practice"),
    )


def _information_cycle(material: Material) -> Action:
    return Action(
        key=ActionKey.INFORMATION_CYCLE,
        title="Cycle d’information",
        is_new=is_new(material, "information_cycle"),
        figures=_cycle_figures(material),
        **after(material, "information_cycle"),
    )


def _cycle_figures(material: Material) -> Sequence[Figure]:
    held = event_figures(material, "information_cycle", "cycle", "cycles")
    if not held:
        return []
    count, came = held
    sessions = material.figure("information_cycle_sessions", "séance", "séances")
    teams = material.figure("information_cycle_teams", "équipe", "équipes")
    return [material.pair(count, sessions), came, teams]


def _regional_day(material: Material) -> Action:
    return Action(
        key=ActionKey.REGIONAL_DAY,
        title=_edition(material),
        is_new=is_new(material, "regional_day"),
        figures=[
            *event_figures(material, "regional_day", "journée", "journées"),
            material.figure("regional_day_teams", "équipe représentée", "équipes représentées"),
        ],
        **after(material, "regional_day"),
    )


def _edition(material: Material) -> str:
    """« Journée régionale, 8e édition », where the only one of the year has a number."""
    title = "Journée régionale"
    if len(material.lists.regional_days) != 1:
        return title
    number = material.lists.regional_days[0].number
    return (
        f"{title}, {number}{'re' if number == 1 else 'e'}{typography.NBSP}édition"
        if number
        else title
    )


def _working_group(material: Material) -> Action:
    return Action(
        key=ActionKey.WORKING_GROUP,
        title="Groupe de travail",
        is_new=is_new(material, "working_group"),
        figures=[
            material.figure("working_group_sessions", "réunion du groupe", "réunions du groupe"),
            material.figure("working_group_teams", "équipe engagée", "équipes engagées"),
        ]
        if material.value("working_group_count")
        else [],
        **after(material, "working_group"),
    )


def _training(material: Material) -> Action:
    return Action(
        key=ActionKey.TRAINING,
        title="Formation",
        is_new=is_new(material, "training"),
        figures=[
            material.figure("training_sessions", "journée de formation", "journées de formation"),
            material.figure("training_participants", "personne formée", "personnes formées"),
        ]
        if material.value("training_count")
        else [],
        **after(material, "training"),
    )


def _committee(material: Material) -> Action:
    return Action(
        key=ActionKey.COMMITTEE,
        title="Comité régional",
        figures=event_figures(material, "committee", "comité", "comités"),
        **after(material, "committee"),
    )


def _cancelled(material: Material) -> Action:
    """Said rather than left out: a series shows where a number went."""
    return Action(
        key="cancelled",
        title="Ce qui n’a pas eu lieu",
        table=table(
            "Événements annulés",
            ("Événement", "Prévu le", "Pourquoi"),
            [
                (title, typography.day(day, year=False), reason)
                for title, day, reason in material.lists.cancelled
            ],
            words=True,
        ),
    )


# -- help ------------------------------------------------------------------------------------------
def _workshop(material: Material, title: str, kind: str) -> Action:
    return Action(key=kind, title=title, figures=accompaniment(material, kind, workshop=True))


def _loans(material: Material) -> Action:
    requests = material.figure("loan_requests", "demande de prêt", "demandes de prêt")
    return Action(
        key=ActionKey.LOANS,
        title="Le prêt de matériel",
        figures=[
            requests,
            material.figure("equipment", "matériel différent", "matériels différents"),
        ],
        table=table(
            "Matériel à emprunter",
            ("Matériel", "Exemplaires", "Versions numériques", "Demandes"),
            [
                (name, copies, digital or "–", asked)
                for name, copies, asked, digital in material.lists.equipment
            ],
            proof="loan_requests",
        ),
    )
