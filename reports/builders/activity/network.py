"""Coordination, communication, and the life of the association."""

from collections.abc import Sequence

from apmsl.lib import typography
from apmsl.lib.charts import Drawing, Item, Stacked
from reports.builders.activity.material import Material
from reports.builders.figures import Action, Chapter, Figure, PeopleGroup, Table

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
        key="coordination",
        number="05",
        title="Soutenir la coordination",
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
            *_survey(material),
            _pacte(material),
            _communication_module(material),
        ],
    )


def _local_groups(material: Material) -> Action:
    rows = [
        (name, *(typography.number(count) for count in counts))
        for name, *counts in material.lists.groups
    ]
    return Action(
        title="Rencontres des groupes locaux",
        figures=[
            material.figure("local_group_meeting_count", "rencontre", "rencontres"),
            material.figure(
                "local_group_meeting_participations", "participation", "participations"
            ),
        ]
        if material.value("local_group_meeting_count")
        else [],
        drawings=_stacked(
            material,
            "formats",
            "Rencontres par format",
            "local_group_meeting_by_format",
            FORMATS,
        ),
        table=Table(
            caption="Activité de chaque groupe",
            head=("Groupe", "Équipes", "Rencontres", "Participations"),
            rows=rows,
        )
        if rows
        else None,
    )


def _regional_meetings(material: Material) -> Action:
    return Action(
        title="Rencontres régionales",
        figures=[
            material.figure("regional_meeting_count", "rencontre", "rencontres"),
            material.figure("regional_meeting_participations", "participation", "participations"),
        ]
        if material.value("regional_meeting_count")
        else [],
        items=[
            f"{title}, {typography.day(day, year=False)} : {typography.plural(people, 'participant')}"
            for title, day, people in material.lists.regional_meetings
        ],
    )


def _survey(material: Material) -> Sequence[Action]:
    answers, base = material.value("survey_answers"), material.value("survey_base")
    if not answers:
        return []
    note = (
        f"Base : {typography.plural(answers, 'équipe')} sur {typography.number(base)} "
        f"{'a répondu' if answers == 1 else 'ont répondu'} à l’enquête annuelle du réseau."
    )
    profiles = ("profiles", "Parcours des coordinateurs", "survey_profile", PROFILES, "%")
    organisations = (
        "organisations",
        "Organisation de la coordination",
        "survey_organisation",
        ORGANISATIONS,
        "%",
    )
    return [
        Action(
            title="Qui coordonne, et comment",
            drawings=[*_stacked(material, *profiles), *_stacked(material, *organisations)],
            figures=_hours(material),
            note=note,
        )
    ]


def _hours(material: Material) -> Sequence[Figure]:
    hours = material.value("survey_hours") or [None, None, None]
    words = ("heures par mois en moyenne", "heures au moins", "heures au plus")
    return [
        Figure("survey_hours", value, text.replace("heures", "heure"), text)
        for value, text in zip(hours, words, strict=True)
    ]


def _stacked(
    material: Material,
    key: str,
    title: str,
    indicator: str,
    names: dict[str, str],
    unit: str = "",
) -> Sequence[Drawing]:
    parts = material.value(indicator) or {}
    items = [Item(label, parts[code], unit) for code, label in names.items() if parts.get(code)]
    return [Stacked(key=key, title=title, items=items, width=450)] if items else []


def _pacte(material: Material) -> Action:
    cohort = material.value("pacte_cohort")
    return Action(
        title=f"Formation PACTE, promotion {cohort}" if cohort else "Formation PACTE",
        figures=[
            material.figure("pacte_enrolled", "coordinateur au départ", "coordinateurs au départ"),
            material.figure("pacte_hours", "heure de formation", "heures de formation"),
            material.figure("pacte_seminars", "séminaire", "séminaires"),
            material.figure("pacte_defended", "mémoire soutenu", "mémoires soutenus"),
            material.figure("pacte_graduated", "diplômé", "diplômés"),
            material.figure("pacte_pending", "en attente de complément"),
        ]
        if cohort
        else [],
    )


def _communication_module(material: Material) -> Action:
    return Action(
        title="Module communication",
        figures=[
            material.figure("communication_enrolled", "personne formée", "personnes formées"),
            material.figure("communication_hours", "heure", "heures"),
            material.figure("communication_seminars", "séminaire", "séminaires"),
        ]
        if material.value("communication_cohort")
        else [],
    )


def communication(material: Material) -> Chapter:
    return Chapter(
        key="communication",
        number="06",
        title="Communiquer et outiller",
        intro=material.text("communication"),
        highlights=[
            material.figure("site_visitors", "visiteur du site", "visiteurs du site"),
            material.figure("linkedin_followers", "abonné LinkedIn", "abonnés LinkedIn"),
            material.figure("tool_views", "vue de la boîte à outils", "vues de la boîte à outils"),
        ],
        actions=[
            Action(title="Les lettres", table=_letters(material)),
            Action(
                title="La boîte à outils",
                figures=[
                    material.figure("tools", "outil disponible", "outils disponibles"),
                    material.figure("tools_new", "nouvel outil", "nouveaux outils"),
                ],
                table=_tools(material),
            ),
            Action(
                title="Le site et LinkedIn",
                figures=[
                    material.figure("site_page_views", "page vue", "pages vues"),
                    material.figure("linkedin_posts", "publication", "publications"),
                    material.figure("linkedin_views", "vue sur LinkedIn", "vues sur LinkedIn"),
                ],
            ),
            Action(
                title="Articles et offres de postes",
                figures=[
                    _with_views(material, "articles_inspir_cafe", "« Inspir’Café »"),
                    _with_views(material, "articles_talent", "« MSP ont du talent »"),
                    _with_views(
                        material,
                        "job_postings",
                        "offre de poste",
                        "offres de postes",
                        "job_posting",
                    ),
                ],
            ),
        ],
    )


def _with_views(
    material: Material, indicator: str, one: str, many: str = "", views: str = ""
) -> Figure:
    counted = material.figure(indicator, one, many)
    if not counted.value:
        return Figure(indicator, None, one)
    return material.pair(counted, material.figure(f"{views or indicator}_views", "vue", "vues"))


def _letters(material: Material) -> Table | None:
    rows = []
    for kind, name in (
        ("members", "Adhérents"),
        ("special", "Spéciales"),
        ("public", "Tout public"),
    ):
        sent = material.figure(f"letters_{kind}", "")
        if sent.value:
            recipients = material.figure(f"letters_{kind}_recipients", "")
            opened = material.figure(f"letters_{kind}_open_pct", "")
            rows.append((name, sent.text, recipients.text, opened.text))
    if not rows:
        return None
    return Table(
        caption="Lettres envoyées dans l’année",
        head=("Lettre", "Envois", "Destinataires", "Ouvertes"),
        rows=rows,
    )


def _tools(material: Material) -> Table | None:
    rows = [(name, typography.number(views)) for name, views in material.lists.tools]
    if not rows:
        return None
    return Table(caption="Les outils les plus consultés", head=("Outil", "Vues"), rows=rows)


def governance(material: Material) -> Chapter:
    lists = material.lists
    return Chapter(
        key="governance",
        title="Vie associative",
        intro=material.text("governance"),
        highlights=[
            material.figure("board_members", "administrateur", "administrateurs"),
            material.figure(
                "board_professions", "profession représentée", "professions représentées"
            ),
            material.figure("staff", "salarié", "salariés"),
        ],
        groups=[
            PeopleGroup(title="Le conseil d’administration", people=lists.board),
            PeopleGroup(title="L’équipe permanente", people=lists.staff),
        ],
        actions=[
            Action(
                title="Commissions thématiques",
                figures=[
                    material.figure("commissions", "commission", "commissions"),
                    material.figure("commission_meetings", "réunion", "réunions"),
                ]
                if material.value("commissions")
                else [],
                table=_commissions(material),
            )
        ],
    )


def _commissions(material: Material) -> Table | None:
    rows = [(name, typography.number(count)) for name, count in material.lists.commissions]
    if not rows:
        return None
    return Table(
        caption="Réunions de chaque commission", head=("Commission", "Réunions"), rows=rows
    )
