"""02: teams that are being born."""

from collections.abc import Sequence

from apmsl.lib.charts import Item
from events.enums import ReportChapter
from reports.builders.activity.material import Material
from reports.builders.activity.shared import (
    HALF,
    accompanied,
    accompaniment,
    after,
    bars,
    chapter_title,
    counted_apart,
    event_figures,
    is_new,
    landmarks,
    stacked,
)
from reports.builders.figures import Action, Chapter, Figure
from reports.enums import ActionKey
from reports.enums import Chapter as ReportKey


def projects(material: Material) -> Chapter:
    return Chapter(
        key="projects",
        number="02",
        title=chapter_title(ReportKey.PROJECTS),
        intro=material.text("projects"),
        highlights=_highlights(material),
        actions=[
            Action(
                key=ActionKey.PROJECT_MEETING,
                title="Réunions d’information des porteurs de projet",
                figures=event_figures(material, "project_meeting", "réunion", "réunions"),
                is_new=is_new(material, "project_meeting"),
                **after(material, "project_meeting"),
            ),
            Action(
                key=ActionKey.TEAM_VISIT,
                title="À la rencontre d’une équipe",
                figures=event_figures(material, "team_visit", "visite", "visites"),
                is_new=is_new(material, "team_visit"),
                **after(material, "team_visit"),
            ),
            _first_contacts(material),
            _writing(material),
            _from_clap(material),
            *counted_apart(material, ReportChapter.PROJECTS),
            landmarks(material, ReportKey.PROJECTS),
        ],
    )


def _highlights(material: Material) -> Sequence[Figure]:
    return [
        material.figure("first_contacts", "premier contact", "premiers contacts"),
        material.figure(
            "health_project_writing_teams",
            "équipe en atelier d’écriture",
            "équipes en ateliers d’écriture",
        ),
        material.figure(
            "teams_in_project", "équipe adhérente en projet", "équipes adhérentes en projet"
        ),
    ]


def _first_contacts(material: Material) -> Action:
    departments = material.items("first_contacts_by_department")
    channels = [Item(label, count) for label, count in material.lists.contact_channels]
    return Action(
        key=ActionKey.FIRST_CONTACTS,
        title="D’où viennent les premiers contacts",
        drawings=[
            *bars("first-contacts-by-department", "Par département", departments, width=HALF),
            *stacked("channels", "Par quelle voie", channels, width=HALF),
        ],
    )


def _writing(material: Material) -> Action:
    kind = "health_project_writing"
    recognised = material.figure(f"{kind}_recognised_pct", "des équipes présentées sont reconnues")
    return Action(
        key=ActionKey.HEALTH_PROJECT,
        title="Écrire le projet de santé",
        figures=[*accompaniment(material, kind, workshop=True), recognised],
        table=accompanied(material, kind),
    )


def _from_clap(material: Material) -> Action:
    kind = "esp_clap_to_msp"
    presented = material.figure(
        f"{kind}_presented", "équipe passée devant le comité", "équipes passées devant le comité"
    )
    return Action(
        key=ActionKey.ESP_CLAP,
        title="Des ESP CLAP vers la maison de santé",
        figures=[*accompaniment(material, kind), presented, _planned(material, kind)],
        table=accompanied(material, kind),
    )


def _planned(material: Material, kind: str) -> Figure:
    """Passages before the committee that have a day in the year to come."""
    coming = material.year + 1
    days = [team.planned_on for team in material.lists.accompanied.get(kind, ())]
    count = sum(day is not None and day.year == coming for day in days)
    return Figure(
        f"{kind}_presented",
        count,
        f"passage prévu en\u00a0{coming}",
        f"passages prévus en\u00a0{coming}",
    )
