"""The six fields of action, then the life of the association. What has no figure is left out."""

from collections.abc import Sequence

from apmsl.lib import typography
from apmsl.lib.charts import Bars, Item
from reports.builders.activity import network
from reports.builders.activity.material import Material
from reports.builders.figures import Action, Chapter, Figure, Table


def chapters(material: Material) -> Sequence[Chapter]:
    return [
        _representation(material),
        _projects(material),
        _teams(material),
        _evolution(material),
        network.coordination(material),
        network.communication(material),
        network.governance(material),
    ]


def event_figures(material: Material, category: str, one: str, many: str) -> Sequence[Figure]:
    """How many took place, and how many came; nothing for a category without any."""
    held = material.figure(f"{category}_count", one, many)
    if not held.value:
        return []
    came = material.figure(f"{category}_participations", "participation", "participations")
    return [held, came]


def accompaniment(material: Material, kind: str, *, people: bool = True) -> Sequence[Figure]:
    teams = material.figure(f"{kind}_teams", "équipe accompagnée", "équipes accompagnées")
    if not teams.value:
        return []
    sessions = material.figure(f"{kind}_sessions", "séance", "séances")
    involved = material.figure(
        f"{kind}_professionals", "professionnel impliqué", "professionnels impliqués"
    )
    return [teams, sessions, *([involved] if people else [])]


def _representation(material: Material) -> Chapter:
    lists = material.lists
    return Chapter(
        key="representation",
        number="01",
        title="Représentation et partenariats",
        intro=material.text("representation"),
        highlights=[
            material.figure(
                "representation_meetings", "réunion de représentation", "réunions de représentation"
            ),
            material.figure("mandates", "mandat exercé", "mandats exercés"),
            material.figure(
                "partner_agreements", "convention de partenariat", "conventions de partenariat"
            ),
        ],
        actions=[
            Action(
                title="Où nous représentons les équipes",
                table=Table(
                    caption="Instances et représentants",
                    head=("Instance", "Représentants"),
                    rows=lists.mandates,
                    numbers=False,
                )
                if lists.mandates
                else None,
            ),
            Action(title="Nos partenaires", items=lists.partners),
        ],
    )


def _projects(material: Material) -> Chapter:
    return Chapter(
        key="projects",
        number="02",
        title="Accompagner les équipes en\u00a0projet",
        intro=material.text("projects"),
        highlights=[
            material.figure("first_contacts", "premier contact", "premiers contacts"),
            material.figure(
                "health_project_writing_teams",
                "équipe en atelier d’écriture",
                "équipes en ateliers d’écriture",
            ),
            material.figure(
                "teams_in_project", "équipe adhérente en projet", "équipes adhérentes en projet"
            ),
        ],
        actions=[
            Action(
                title="Réunions d’information des porteurs de projet",
                figures=event_figures(material, "project_meeting", "réunion", "réunions"),
            ),
            Action(
                title="Écrire le projet de santé",
                figures=[
                    *accompaniment(material, "health_project_writing"),
                    _recognised(material, "health_project_writing"),
                ],
            ),
            Action(
                title="À la rencontre d’une équipe",
                figures=event_figures(material, "team_visit", "visite", "visites"),
            ),
            Action(
                title="Des ESP CLAP vers la maison de santé",
                figures=[
                    *accompaniment(material, "esp_clap_to_msp"),
                    material.figure(
                        "esp_clap_to_msp_presented",
                        "équipe passée devant le comité",
                        "équipes passées devant le comité",
                    ),
                ],
            ),
            Action(
                title="D’où viennent les premiers contacts",
                figures=[material.figure("first_contacts", "premier contact", "premiers contacts")],
                drawings=_contacts(material),
            ),
        ],
    )


def _recognised(material: Material, kind: str) -> Figure:
    return material.figure(f"{kind}_recognised_pct", "des équipes présentées sont reconnues")


def _contacts(material: Material) -> Sequence[Bars]:
    items = material.items("first_contacts_by_department")
    if not items:
        return []
    title = "Premiers contacts par département"
    return [Bars(key="contacts", title=title, items=items, width=450)]


def _teams(material: Material) -> Chapter:
    return Chapter(
        key="teams",
        number="03",
        title="Accompagner les équipes en\u00a0fonctionnement",
        intro=material.text("teams"),
        highlights=[
            material.figure("thematic_meeting_count", "réunion thématique", "réunions thématiques"),
            material.figure("teams_reached", "équipe touchée", "équipes touchées"),
            material.figure(
                "regional_day_participants",
                "participant à la journée régionale",
                "participants à la journée régionale",
            ),
        ],
        actions=[
            Action(
                title="Réunions thématiques",
                figures=_registered(material, "thematic_meeting"),
                drawings=_themes(material),
            ),
            Action(
                title="« MSP en pratique »",
                figures=event_figures(material, "practice", "rencontre", "rencontres"),
            ),
            Action(
                title="Cycle d’information",
                figures=[
                    *event_figures(material, "information_cycle", "cycle", "cycles"),
                    material.figure("information_cycle_teams", "équipe", "équipes"),
                ],
            ),
            Action(
                title="Écrire un protocole",
                figures=accompaniment(material, "protocol_writing"),
            ),
            Action(
                title="Monter une action de prévention",
                figures=accompaniment(material, "prevention_writing"),
            ),
            _loans(material),
            Action(
                title="Journée régionale",
                figures=[
                    *event_figures(material, "regional_day", "journée", "journées"),
                    material.figure(
                        "regional_day_teams", "équipe représentée", "équipes représentées"
                    ),
                ],
            ),
            *_groups_and_training(material),
        ],
    )


def _registered(material: Material, category: str) -> Sequence[Figure]:
    held = event_figures(material, category, "réunion", "réunions")
    return (
        [*held[:1], material.figure(f"{category}_registered", "inscrit", "inscrits")]
        if held
        else []
    )


def _themes(material: Material) -> Sequence[Bars]:
    """The themes that gathered somebody, by participations."""
    themes = material.value("thematic_meeting_by_theme") or {}
    ranked = sorted(themes.items(), key=lambda theme: (-theme[1][1], theme[0]))
    items = [
        Item(material.name(code), people, note=typography.plural(meetings, "réunion"))
        for code, (meetings, people) in ranked
        if people
    ]
    if not items:
        return []
    return [Bars(key="themes", title="Participations par thème", items=items, width=450)]


def _loans(material: Material) -> Action:
    rows = [
        (name, typography.plural(copies, "exemplaire")) for name, copies in material.lists.equipment
    ]
    return Action(
        title="Matériel prêté aux équipes",
        figures=[
            material.figure("loan_requests", "demande de prêt", "demandes de prêt"),
            material.figure("equipment", "matériel différent", "matériels différents"),
        ],
        table=Table(caption="Matériel à emprunter", head=("Matériel", "Disponible en"), rows=rows)
        if rows
        else None,
    )


def _groups_and_training(material: Material) -> Sequence[Action]:
    return [
        Action(
            title="Groupe de travail",
            figures=[
                material.figure(
                    "working_group_sessions", "réunion du groupe", "réunions du groupe"
                ),
                material.figure("working_group_teams", "équipe engagée", "équipes engagées"),
            ]
            if material.value("working_group_count")
            else [],
        ),
        Action(
            title="Formation",
            figures=[
                material.figure(
                    "training_sessions", "journée de formation", "journées de formation"
                ),
                material.figure("training_participants", "personne formée", "personnes formées"),
            ]
            if material.value("training_count")
            else [],
        ),
    ]


def _evolution(material: Material) -> Chapter:
    return Chapter(
        key="evolution",
        number="04",
        title="Accompagner les équipes en\u00a0évolution",
        intro=material.text("evolution"),
        highlights=[
            material.figure(
                "flash_diagnosis_sessions",
                "connexion au diagnostic flash",
                "connexions au diagnostic flash",
            ),
            material.figure(
                "health_project_review_teams",
                "projet de santé revu",
                "projets de santé revus",
            ),
        ],
        actions=[
            Action(
                title="Revoir son projet de santé",
                figures=accompaniment(material, "health_project_review"),
            ),
            Action(
                title="Démarches participatives", figures=accompaniment(material, "participatory")
            ),
        ],
    )
