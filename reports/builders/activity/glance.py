"""« En un coup d'œil »: six boxes on two facing pages, and how to read the figures."""

from collections.abc import Sequence

from apmsl.lib import geography
from reports.builders.activity.material import Material
from reports.builders.activity.report import Definition
from reports.builders.figures import Box, Figure

DEFINITIONS = (
    Definition(
        term="Équipe adhérente",
        meaning="Équipe dont la cotisation de l’année est payée, constituée ou en projet, et qui n’a pas fermé.",
    ),
    Definition(
        term="Équipe constituée",
        meaning="Équipe adhérente déjà constituée à la date de référence. Les autres sont dites en projet.",
    ),
    Definition(
        term="Participation",
        meaning="Une personne présente à une séance. Une personne venue à trois séances compte trois fois.",
    ),
    Definition(
        term="Action",
        meaning="Une rencontre compte quand elle a eu lieu dans l’année. Les rencontres annulées ne sont pas comptées.",
    ),
    Definition(
        term="Portrait des équipes",
        meaning="Moyennes et parts portent sur les équipes constituées qui ont envoyé leur formulaire Scan’équipe.",
    ),
    Definition(
        term="Arrondis",
        meaning="Les parts sont arrondies à l’unité, les moyennes au dixième. Un tiret signale un chiffre inconnu, jamais un zéro.",
    ),
)


def boxes(material: Material) -> Sequence[Box]:
    return [
        _members(material),
        _actions(material),
        _projects(material),
        _first_contacts(material),
        _collective(material),
        _information(material),
    ]


def _members(material: Material) -> Box:
    return Box(
        title="Adhérents",
        large=[
            material.figure(
                "professionals", "professionnel représenté", "professionnels représentés"
            ),
            material.figure(
                "teams",
                "équipe de soins primaires",
                "équipes de soins primaires",
                footnote="Constituées et en projet.",
            ),
        ],
        lines=[
            material.figure("teams_constituted", "équipe constituée", "équipes constituées"),
            material.figure("teams_in_project", "équipe en projet", "équipes en projet"),
            material.figure("patients", "patient suivi", "patients suivis"),
            material.figure(
                "isolated_professionals", "professionnel isolé", "professionnels isolés"
            ),
        ],
    )


def _actions(material: Material) -> Box:
    return Box(
        title="Actions",
        large=[
            material.figure("declared_actions", "action proposée", "actions proposées"),
            material.figure(
                "declared_participants",
                "participant",
                "participants",
                footnote="En cumul sur l’année.",
            ),
        ],
        lines=[
            material.figure("teams_reached", "équipe touchée", "équipes touchées"),
            material.figure(
                "representation_meetings", "réunion de représentation", "réunions de représentation"
            ),
            material.figure(
                "loan_requests", "prêt de matériel demandé", "prêts de matériel demandés"
            ),
            material.figure("training_participants", "personne formée", "personnes formées"),
        ],
    )


def _projects(material: Material) -> Box:
    meetings = material.pair(
        material.figure("project_meeting_count", "réunion d’information", "réunions d’information"),
        material.figure("project_meeting_participations", "participation", "participations"),
    )
    workshops = material.pair(
        material.figure(
            "health_project_writing_count",
            "atelier d’écriture du projet de santé",
            "ateliers d’écriture du projet de santé",
        ),
        material.figure("health_project_writing_teams", "équipe", "équipes"),
    )
    return Box(
        title="Accompagnement des porteurs de projet",
        large=[meetings, workshops],
        lines=[
            material.figure(
                "health_project_writing_recognised_pct", "des équipes présentées reconnues"
            ),
            material.figure("team_visit_count", "visite d’équipe", "visites d’équipes"),
            material.figure(
                "esp_clap_to_msp_teams", "ESP CLAP accompagnée", "ESP CLAP accompagnées"
            ),
        ],
    )


def _first_contacts(material: Material) -> Box:
    parts = material.value("first_contacts_by_department") or {}
    return Box(
        title="Premiers contacts",
        large=[
            material.figure(
                "first_contacts",
                "premier contact",
                "premiers contacts",
                footnote="Demandes reçues de professionnels ou d’élus qui envisagent un exercice coordonné.",
            )
        ],
        lines=[
            Figure("first_contacts_by_department", count, geography.department_name(code))
            for code, count in sorted(parts.items())
        ],
    )


# Category, its words, what is counted beside it.
_MEETINGS = (
    ("thematic_meeting", "réunion thématique", "réunions thématiques", "registered"),
    ("practice", "« MSP en pratique »", "« MSP en pratique »", "participations"),
    ("information_cycle", "cycle d’information", "cycles d’information", "participations"),
    ("regional_meeting", "rencontre régionale", "rencontres régionales", "participations"),
    (
        "local_group_meeting",
        "rencontre de groupe local",
        "rencontres de groupes locaux",
        "participations",
    ),
    ("regional_day", "journée régionale", "journées régionales", "participations"),
)
_WORDS = {
    "registered": ("inscrit", "inscrits"),
    "participations": ("participation", "participations"),
}


def _collective(material: Material) -> Box:
    return Box(
        title="Rencontres des adhérents",
        lines=[
            material.pair(
                material.figure(f"{category}_count", one, many),
                material.figure(f"{category}_{counted}", *_WORDS[counted]),
            )
            for category, one, many, counted in _MEETINGS
        ],
    )


def _information(material: Material) -> Box:
    return Box(
        title="Information",
        large=[
            material.figure(
                "letters_public_recipients", "abonné aux lettres", "abonnés aux lettres"
            ),
        ],
        lines=[
            material.figure("letters_members", "lettre aux adhérents", "lettres aux adhérents"),
            material.figure("letters_public", "lettre tout public", "lettres tout public"),
            material.figure("site_visitors", "visiteur du site", "visiteurs du site"),
            material.figure("site_page_views", "page vue", "pages vues"),
            material.figure("linkedin_followers", "abonné LinkedIn", "abonnés LinkedIn"),
            material.figure("linkedin_posts", "publication LinkedIn", "publications LinkedIn"),
            material.figure("linkedin_views", "vue LinkedIn", "vues LinkedIn"),
        ],
    )
