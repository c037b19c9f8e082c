"""Documents filled with the figures of 2023, for tests and benchmarks that need no database."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from apmsl.lib import charts, geography
from apmsl.lib.charts import Item
from reports.builders import activity
from reports.builders.activity.material import (
    AccompaniedTeam,
    CohortOfYear,
    Gathering,
    Landmark,
    Lists,
    Material,
    Seat,
)
from reports.builders.figures import Change, Channel, Figure, Person, Quote, Sender, Story, Text
from reports.builders.scans import Beside, BesideRow, Like, Practice, RegionSheet, Share, TeamSheet
from reports.enums import Chapter

AS_OF = date(2023, 12, 31)
FEDERATION = "APMSL Pays de la Loire"
PROFESSIONS = [
    ("Infirmiers", 12),
    ("Médecins généralistes", 9),
    ("Masseurs-kinésithérapeutes", 5),
    ("Orthophonistes", 3),
    ("Pharmaciens", 3),
    ("Pédicures-podologues", 2),
    ("Sages-femmes", 2),
    ("Diététiciens", 1),
    ("Psychologues", 1),
]
PRACTICES = [
    ("hosts_trainees", "Accueille des stagiaires", "trainees", 96),
    ("prevention", "Mène des actions de prévention", "prevention", 66),
    ("therapeutic_education", "Propose de l’éducation thérapeutique", "education", 29),
    ("protocols", "Travaille avec des protocoles pluriprofessionnels", "protocols", 85),
    ("involves_users", "Implique les usagers", "users", 40),
    ("cpts_member", "Est membre d’une CPTS", "cpts", 41),
]

BESIDE = [
    ("Professionnels", "38", "36", "31,2", "30,5", "29,8"),
    ("Professions", "9", "9", "9,4", "9,1", "9"),
    ("Médecins généralistes", "9", "8", "6,1", "6,3", "5,9"),
    ("Patients suivis", "8 406", "8 356", "9 120", "8 870", "8 999"),
    ("Coordination, en ETP", "0,7", "0,6", "0,6", "0,7", "0,6"),
    ("Protocoles", "Oui", "Non", "88 %", "86 %", "85 %"),
    ("Accueil de stagiaires", "Oui", "Oui", "97 %", "100 %", "96 %"),
]
SHARES = [
    ("hosts_trainees", "qui accueillent des stagiaires", 96),
    ("prevention", "qui mènent des actions de prévention", 66),
    ("therapeutic_education", "qui proposent de l’éducation thérapeutique", 29),
    ("protocols", "qui ont des protocoles pluri­professionnels", 85),
    ("involves_users", "qui impliquent les usagers", 40),
    ("cpts_member", "membres d’une CPTS", 41),
]


def dots():
    """A team in every sixteenth commune."""
    communes = sorted(geography.communes().values(), key=lambda commune: -commune.population)
    return [charts.Dot(commune.latitude, commune.longitude) for commune in communes[:320:4]]


def team_sheet(name="MSP de La Chapelle-sur-Erdre", professions=PROFESSIONS, **changes):
    count = sum(number or 0 for _, number in professions)
    values = {
        "year": 2023,
        "as_of": AS_OF,
        "federation": FEDERATION,
        "name": name,
        "place": "La Chapelle-sur-Erdre, Loire-Atlantique",
        "facts": ["Constituée depuis 2019", "ACI signé en 2020", "2 sites"],
        "figures": [
            Change(Figure("professionals", count, "professionnel", "professionnels"), 36, 2022),
            Change(Figure("categories", len(professions), "profession", "professions"), 9, 2022),
            Change(
                Figure(
                    "signatories",
                    34,
                    "signataire du projet de santé",
                    "signataires du projet de santé",
                ),
                31,
                2022,
            ),
            Change(Figure("patients", 8406, "patient suivi", "patients suivis"), 8356, 2022),
        ],
        "composition": charts.People(
            key="composition",
            title="Composition de l’équipe",
            items=[Item(*row) for row in professions],
            width=400,
            most=13,
            size=12,
            row=min(25.0, 250 / max(len(professions[:13]), 1)),
        ),
        "practices": [
            Practice(label=label, icon=icon, answer=rank not in (2, 5), share=share)
            for rank, (_, label, icon, share) in enumerate(PRACTICES)
        ],
        "coordination": [
            Change(
                Figure(
                    "coordinators", 2, "personne à la coordination", "personnes à la coordination"
                ),
                1,
                2022,
            ),
            Change(Figure("hours", 112, "heure par mois", "heures par mois"), 84, 2022),
        ],
        "coordination_facts": [
            "Un binôme",
            "Membres du réseau des coordinateurs",
            "Formation PACTE suivie",
        ],
        "beside": Beside(
            groups=[Like("Loire-Atlantique", 32), Like("25 à 39 pros", 28), Like("Région", 80)],
            rows=[
                BesideRow(title=title, team=team, before=before, others=others)
                for title, team, before, *others in BESIDE
            ],
            year_before=2022,
        ),
        "network": [
            Change(Figure("events", 7, "rencontre suivie", "rencontres suivies"), 5, 2022),
            Change(Figure("people", 11, "participant de l’équipe", "participants de l’équipe")),
            Change(Figure("accompaniments", 1, "accompagnement", "accompagnements")),
            Change(Figure("loans", 2, "matériel emprunté", "matériels empruntés"), 1, 2022),
        ],
        "map": charts.RegionMap(
            key="place",
            title="La commune de l’équipe",
            here=charts.Dot(47.3036, -1.5547, "La Chapelle-sur-Erdre"),
            width=300,
            fill="#2c7a83",
            border="#0b5d66",
            attribution=False,
        ),
    }
    return TeamSheet(**{**values, **changes})


def empty_team_sheet():
    """A team that has not sent its form: what is known without it."""
    return team_sheet(
        "MSP d’Ici",
        professions=[],
        facts=[],
        figures=[],
        composition=None,
        practices=[
            Practice(label=label, icon=icon, answer=None) for _, label, icon, _ in PRACTICES
        ],
        coordination=[],
        coordination_facts=[],
        beside=None,
        network=[],
    )


def crowded_team_sheet():
    """Forty professions, a name of ninety letters."""
    name = (
        "Maison de santé pluriprofessionnelle universitaire du Pays de Château-Gontier-sur-Mayenne"
    )
    professions = [(f"Masseurs-kinésithérapeutes du sport n° {n}", 41 - n) for n in range(1, 41)]
    return team_sheet(
        name,
        professions,
        facts=["Constituée depuis 2019", "ACI signé en 2020", "12 sites", "ESP CLAP jusqu’en 2018"],
    )


def region_sheet(**changes):
    values = {
        "year": 2023,
        "as_of": AS_OF,
        "federation": FEDERATION,
        "figures": [
            Change(Figure("teams_constituted", 81, "MSP adhérente", "MSP adhérentes"), 76, 2022),
            Change(
                Figure(
                    "professionals", 2382, "professionnel représenté", "professionnels représentés"
                ),
                2214,
                2022,
            ),
            Change(Figure("patients", 719920, "patient suivi", "patients suivis"), 688110, 2022),
            Change(
                Figure(
                    "patients_population_pct",
                    19,
                    "de la population régionale",
                    unit="%",
                ),
                18,
                2022,
            ),
        ],
        "answered": 80,
        "portrait": [
            Change(Figure(key, value, one, many), before, 2022)
            for key, value, before, one, many in (
                ("typical_professionals", 26, 22, "professionnel", "professionnels"),
                ("typical_categories", 9, 9, "profession", "professions"),
                ("typical_patients", 7805, 9625, "patient suivi", "patients suivis"),
                (
                    "typical_signatories",
                    27,
                    26,
                    "signataire du projet de santé",
                    "signataires du projet de santé",
                ),
                ("typical_sites", 3, 3, "site", "sites"),
                ("teams_median_age", 5, 4, "an d’existence", "ans d’existence"),
                (
                    "typical_coordinators",
                    1,
                    1,
                    "personne à la coordination",
                    "personnes à la coordination",
                ),
                (
                    "typical_hours",
                    59,
                    60,
                    "heure de coordination par mois",
                    "heures de coordination par mois",
                ),
            )
        ],
        "composition": charts.People(
            key="typical-team",
            title="Composition de l’équipe type",
            items=[Item("Infirmier", 6), Item("Médecin généraliste", 6), Item("Pharmacien", 3)],
            width=400,
        ),
        "one_each": "Et une personne de chacune de ces professions : diététicien et sage-femme.",
        "words": "Le plus souvent, elle accueille des stagiaires.",
        "professions": charts.Bars(
            key="professions",
            title="Les cinq premières professions",
            items=[
                Item(label, value, "%")
                for label, value in (
                    ("Infirmiers", 24),
                    ("Médecins généralistes", 23),
                    ("Masseurs-kinésithérapeutes", 14),
                    ("Pharmaciens", 10),
                    ("Orthophonistes", 9),
                )
            ],
            width=380,
        ),
        "practices": [
            Share(
                Change(Figure(f"scan_{key}_pct", share, label, unit="%"), share - 3, 2022),
                charts.Ring(key=key, title=label, value=share),
            )
            for key, label, share in SHARES
        ],
        "coordination": [
            Change(Figure("coordinators", 90, "coordinateur", "coordinateurs"), 60, 2022),
            Change(
                Figure("coordinators_in_network_pct", 79, "membres du réseau", unit="%"), 60, 2022
            ),
            Change(Figure("coordinators_pacte_pct", 40, "formés par PACTE", unit="%"), 60, 2022),
            Change(
                Figure("coordinators_self_employed_pct", 52, "par ailleurs libéraux", unit="%"),
                60,
                2022,
            ),
            Change(Figure("teams_with_pair_pct", 22, "des MSP avec un binôme", unit="%"), 60, 2022),
        ],
        "map": charts.RegionMap(
            key="teams",
            title="MSP adhérentes par département",
            values={"44": 29, "49": 18, "53": 10, "72": 12, "85": 12},
            dots=dots(),
            width=420,
        ),
        "base": "D’après les formulaires Scan’équipe de 80 MSP sur 81 (99\u00a0%)",
    }
    return RegionSheet(**{**values, **changes})


def empty_region_sheet():
    return RegionSheet(year=2024, as_of=date(2024, 12, 31), federation=FEDERATION)


THEMES = {
    "crises-sanitaires": "Crises sanitaires graves",
    "demarche-qualite": "Démarche qualité",
    "evenements-indesirables": "Évènements indésirables",
    "gestion": "Bases de gestion",
    "juridique": "Questions juridiques",
    "parcours": "Parcours de soins",
    "protocoles": "Protocoles locaux de coopération",
    "recherche": "Recherche en soins primaires",
    "salariat-sisa": "Salariat en SISA",
    "stagiaires": "Accueil des stagiaires",
    "systeme-information": "Systèmes d’information partagés",
}
NAMES = {
    **geography.DEPARTMENTS,
    **THEMES,
    "infirmier": "Infirmiers",
    "medecin-generaliste": "Médecins généralistes",
    "masseur-kinesitherapeute": "Masseurs-kinésithérapeutes",
    "pharmacien": "Pharmaciens",
    "orthophoniste": "Orthophonistes",
}
SENDER = Sender(
    name=FEDERATION,
    tagline="La fédération des maisons de santé pluriprofessionnelles des Pays de la Loire",
    channels=[
        Channel(label="Le site", value="www.exemple.test", url="https://www.exemple.test"),
        Channel(
            label="Écrire",
            value="contact@exemple.test",
            url="mailto:contact@exemple.test",
            icon="mail",
        ),
        Channel(label="Appeler", value="02\u202f00\u202f00\u202f00\u202f00", icon="phone"),
        Channel(label="LinkedIn", value="APMSL Pays de la Loire", icon="network"),
        Channel(label="Venir", value="1 rue de l’Exemple, 44000 Nantes", icon="pin"),
    ],
)
FOREWORD = Text(
    body=(
        "<p>L’année 2023 a vu grandir nos équipes. "
        "Dans chaque département, des professionnels "
        "ont choisi de travailler ensemble, de se former, d’écrire leurs protocoles et d’ouvrir leur "
        "porte aux usagers. Notre fédération les a accompagnés, du premier contact à l’accord "
        "conventionnel, et bien au-delà.</p>"
        "<p>Nous remercions les coordinateurs, dont le réseau fait désormais référence, les "
        "administrateurs qui portent la voix du terrain dans les instances, et l’équipe salariée. "
        "Le nouveau projet associatif fixe le cap des cinq années qui viennent.</p>"
    ),
    author="Les coprésidents",
)


def lists():
    towns = ["Pontchâteau", "Laval", "Cholet", "La Flèche", "Les Herbiers", "Clisson"]
    roles = ["Coprésidente", "Coprésident", "Secrétaire", "Trésorière", *["Membre"] * 8]
    jobs = ["Directrice", "Chargée de mission", "Chargé de mission", "Assistante"]
    return Lists(
        dots=dots(),
        board=[
            Person(
                name=f"Héloïse Gaborieau {n}",
                role=role,
                detail=f"{PROFESSIONS[n % 8][0][:-1]}, MSP de {towns[n % 6]}",
            )
            for n, role in enumerate(roles, start=1)
        ],
        staff=[Person(name=f"Camille Chesneau {n}", role=jobs[n % 4]) for n in range(13)],
        mandates=[
            Seat(institution="Agence régionale de santé", people="Louise Martin", meetings=8),
            Seat(
                institution="Conférence régionale de la santé et de l’autonomie",
                people="Paul Bernard, Anne Petit (suppléance)",
                meetings=12,
            ),
            *[
                Seat(
                    institution=f"Comité d’accompagnement de {name}",
                    people="Louise Martin, Jean Richard",
                    meetings=10,
                )
                for name in geography.DEPARTMENTS.values()
            ],
            Seat(institution="Union régionale des professionnels de santé", people="", meetings=0),
        ],
        partners=[
            "Associations d’usagers, convention depuis 2021",
            "Cabinet juridique, convention depuis 2020",
            "Groupement e-santé, convention depuis 2019",
            "Mutualité régionale",
            "Structure régionale d’appui à la qualité",
        ],
        contact_channels=[("Courriel", 9), ("Téléphone", 6), ("Rencontre", 3)],
        accompanied={
            "health_project_writing": [
                AccompaniedTeam(
                    name=f"MSP de {town}",
                    since=date(2023, 3, 1),
                    state="Accompagnée jusqu’en septembre 2023" if n % 2 else "En cours",
                )
                for n, town in enumerate(towns * 2)
            ],
            "participatory": [
                AccompaniedTeam(name="MSP de Laval", since=date(2023, 9, 1), state="En cours")
            ],
        },
        ages=[
            ("Moins de deux ans", 14),
            ("De deux à quatre ans", 20),
            ("De cinq à neuf ans", 34),
            ("Dix ans et plus", 13),
        ],
        groups=[
            ("Loire-Atlantique Est", 11, 3, 27),
            ("Loire-Atlantique Ouest", 12, 4, 31),
            ("Maine-et-Loire Nord", 8, 3, 22),
            ("Maine-et-Loire Sud", 9, 3, 20),
            ("Mayenne", 9, 3, 24),
            ("Sarthe", 10, 3, 26),
            ("Vendée", 11, 3, 22),
        ],
        regional_meetings=[
            Gathering(
                title="Rencontre des coordinateurs et leaders",
                day=date(2023, 4, 13),
                number=13,
                people=48,
                teams=45,
                departments=5,
            ),
            Gathering(
                title="Rencontre des leaders et gérants",
                day=date(2023, 10, 5),
                number=1,
                people=41,
                teams=38,
                departments=5,
            ),
        ],
        stories={
            "thematic_meeting": Story(
                objective="Traiter en une heure une question que plusieurs équipes se posent.",
                allowed=["Obtenir une réponse", "Mettre en commun les façons de faire"],
                partners=["Cabinet juridique", "Mutualité régionale"],
            ),
            "regional_meeting": Story(objective="Réunir toutes les équipes.", is_new=True),
        },
        quotes={
            "chapter-representation": [
                Quote(text="Je porte ce que les équipes m’ont dit.", author="Administratrice")
            ],
            "local_group_meeting": [
                Quote(text="Je ne suis plus seule.", author="Coordinatrice, MSP de Laval")
            ],
        },
        regional_cancelled=[
            Gathering(title="Rencontre des coordinateurs", day=date(2023, 11, 7), number=14)
        ],
        regional_days=[Gathering(title="Journée régionale", day=date(2023, 6, 15), number=8)],
        cohorts=[
            CohortOfYear(
                programme="pacte",
                number=3,
                starts_on=date(2021, 1, 10),
                ends_on=date(2023, 6, 9),
            )
        ],
        landmarks={
            "representation": [
                Landmark(
                    label=f"Fédérations régionales du mouvement n° {n}",
                    text="4 000",
                    source="Ministère chargé de la santé, 2023",
                )
                for n in range(9)
            ]
        },
        practice_meetings=[("Ma MSP en pratique : un protocole", date(2023, 5, 9), 5)],
        thematic_meetings=[
            (f"Rendez-vous n°\u00a0{n} : les questions juridiques", date(2023, n % 12 + 1, 9), n)
            for n in range(14)
        ],
        commissions=[(f"Commission {n}", "Louise Martin, Jean Richard", 6) for n in range(1, 8)],
        tools=[
            ("Modèle de règlement intérieur", 812),
            ("Fiche de poste du coordinateur", 640),
            ("Trame de projet de santé", 588),
            ("Guide de l’accueil des stagiaires", 470),
            ("Tableau de suivi de l’ACI", 455),
        ],
        equipment=[
            ("Vélo à smoothie", 2, 4, 0),
            ("Buste de palpation mammaire", 1, 2, 0),
            ("Kit simulateur de vieillissement", 1, 3, 0),
            ("Sant’escape", 4, 0, 1),
        ],
        articles=[
            ("Une heure pour parler coordination", date(2023, 8, 7), 149),
            ("Un atelier cuisine", date(2023, 9, 25), 29),
        ],
        postings=[("Coordination", 9, 600), ("Reprise de cabinet", 4, 198)],
    )


def material(**changes):
    values = json.loads((Path(__file__).parent / "figures_2023.json").read_text("utf-8"))
    given = {
        "year": 2023,
        "as_of": AS_OF,
        "sender": SENDER,
        "values": values,
        "names": NAMES,
        "texts": {"foreword": FOREWORD, "outlook": Text(body=FOREWORD.body)},
        "check": "https://portail.test/rapports/verifier/2023/",
        "notes": {"tools": "Outils en ligne au 31 décembre."},
        "lists": lists(),
    }
    return Material(**{**given, **changes})


def activity_report(**changes):
    return activity.compose(material(**changes))


def report_of_few_words():
    """Figures of the year, but nothing listed, nothing written."""
    return activity_report(texts={}, lists=Lists())


def report_of_many_words():
    """Each chapter has a text longer than the one before."""
    towns = [commune.name for commune in geography.communes().values()]
    said = [f"<p>{town} : une réunion, des textes relus ensemble.</p>" for town in towns]
    texts = {
        key: Text(body="".join(said[50 * rank :][: 4 + 5 * rank]))
        for rank, key in enumerate(Chapter.values)
    }
    return activity_report(texts=texts)


def long_report():
    """Some seventy pages with over forty drawings: every chapter four times."""
    report = activity_report()
    chapters = [
        replace(chapter, key=f"{chapter.key}-{rank}")
        for rank in range(4)
        for chapter in report.chapters
    ]
    first = [key for key in report.order if key in {"members", "foreword"}]
    order = [*first, *(chapter.key for chapter in chapters), "outlook"]
    return replace(report, chapters=chapters, order=order)


def empty_activity_report():
    """The first of January: every count is zero, every share unknown, no text is written."""
    values = {
        key: None
        if key.endswith(("_pct", "_mean", "_age"))
        else {}
        if isinstance(value, dict)
        else 0
        for key, value in material().values.items()
    }
    return activity_report(
        values=values
        | {
            "survey_hours": [None, None, None],
            "pacte_cohort": None,
            "communication_cohort": None,
            "tools_top5": [],
        },
        texts={},
        lists=Lists(),
        sender=Sender(name=FEDERATION),
    )
