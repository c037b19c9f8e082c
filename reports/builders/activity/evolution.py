"""04: teams that look back on their project: how old they are, who takes it up again."""

from collections.abc import Sequence

from apmsl.lib.charts import Drawing, Item
from reports.builders.activity.material import Material
from reports.builders.activity.shared import (
    accompanied,
    accompaniment,
    bars,
    chapter_title,
    landmarks,
)
from reports.builders.figures import Action, Chapter
from reports.enums import Chapter as ReportKey


def evolution(material: Material) -> Chapter:
    return Chapter(
        key="evolution",
        number="04",
        title=chapter_title(ReportKey.EVOLUTION),
        intro=material.text("evolution"),
        highlights=[
            material.figure(
                "flash_diagnosis_sessions",
                "connexion au diagnostic flash",
                "connexions au diagnostic flash",
            ),
            material.figure(
                "health_project_review_teams", "projet de santé revu", "projets de santé revus"
            ),
            material.figure(
                "participatory_teams",
                "équipe en démarche participative",
                "équipes en démarche participative",
            ),
        ],
        actions=[*_actions(material), landmarks(material, ReportKey.EVOLUTION)],
    )


def _actions(material: Material) -> Sequence[Action]:
    """How old the teams are says who will need this help: nothing of it where nobody got any."""
    helped = [
        _help(material, "Revoir son projet de santé", "health_project_review"),
        _help(material, "Démarches participatives", "participatory"),
    ]
    if all(action.is_empty for action in helped):
        return []
    ages = Action(key="ages", title="L’âge des équipes constituées", drawings=_ages(material))
    return [*helped, ages]


def _help(material: Material, title: str, kind: str) -> Action:
    return Action(
        key=kind,
        title=title,
        figures=accompaniment(material, kind),
        table=accompanied(material, kind),
    )


def _ages(material: Material) -> Sequence[Drawing]:
    known = [Item(label, count) for label, count in material.lists.ages]
    return bars("ages", "Équipes par ancienneté", known)
