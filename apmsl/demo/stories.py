"""What the demonstration's report tells of its actions: invented words, by invented people, and two
drawings in place of photographs. None gives a figure that the report does not print.
"""

from typing import NamedTuple


class Story(NamedTuple):
    objective: str
    allowed: str = ""
    partners: str = ""
    is_new: bool = False


class Cloud(NamedTuple):
    subject: str
    title: str
    answers: str


class Said(NamedTuple):
    """``team`` is the place of the team in the list, by name: the records are invented too."""

    subject: str
    body: str
    author: str
    role: str
    team: int | None
    organisation: str = ""


STORIES = {
    "institutions": Story(
        "Faire entendre les équipes là où se décident l’organisation des soins et leurs moyens.",
        "Donner un avis avant les décisions\nRapporter aux équipes ce qui les concerne",
    ),
    "project_meeting": Story(
        "Répondre aux premières questions de celles et ceux qui veulent exercer ensemble :"
        " par où commencer, avec qui, combien de temps.",
        "Distinguer les formes d’exercice coordonné\nRencontrer une équipe qui a franchi le pas\n"
        "Repartir avec un calendrier et des noms",
        "Agence régionale de santé\nAssurance maladie",
    ),
    "health_project_writing": Story(
        "Écrire son projet de santé à plusieurs équipes, en quelques séances, plutôt que seul et en"
        " un an.",
        "Comparer ses choix avec ceux d’équipes voisines\nPréparer le passage devant le comité",
        "Agence régionale de santé",
    ),
    "thematic_meeting": Story(
        "Traiter en une heure une question que plusieurs équipes se posent, avec une personne qui"
        " la connaît.",
        "Obtenir une réponse et un modèle\nMettre en commun les façons de faire",
    ),
    "practice": Story(
        "Montrer une organisation qui fonctionne, racontée par l’équipe qui l’a mise en place.",
        "Voir les outils de près\nOser poser les questions pratiques",
        is_new=True,
    ),
    "information_cycle": Story(
        "Suivre un même sujet sur plusieurs séances, pour avoir le temps d’essayer entre deux.",
    ),
    "regional_day": Story(
        "Réunir une fois par an toutes celles et ceux qui font vivre les équipes de la région.",
        "Repérer ce qui améliore l’accès aux soins\nDécouvrir des organisations d’équipe\n"
        "Rencontrer les partenaires de la région",
        "Agence régionale de santé\nAssurance maladie\nUnion régionale des professionnels de santé",
    ),
    "loans": Story(
        "Prêter ce qu’une équipe seule n’achèterait pas, pour ses actions de prévention.",
    ),
    "local_group_meeting": Story(
        "Réunir près de chez elles les personnes qui coordonnent, pour qu’aucune ne reste seule.",
        "S’entraider entre deux rencontres\nÉcrire ensemble les outils du portail",
    ),
    "pacte": Story(
        "Former les personnes qui coordonnent à leur métier, avec celles qui le font déjà.",
        partners="Université\nAgence régionale de santé",
    ),
    "communication_module": Story(
        "Apprendre à faire connaître son équipe : aux patients, aux partenaires, aux futurs"
        " collègues.",
        is_new=True,
    ),
    "tools": Story(
        "Mettre en commun ce que chaque équipe a écrit, pour que personne ne parte d’une page blanche.",
    ),
}
NOTES = {
    "declared_participants": "Les présences sont additionnées : une personne peut compter plusieurs fois.",
    "patients": "Patients déclarés par les équipes qui ont envoyé leur Scan’équipe.",
    "tool_views": "Hors consultations de l’équipe salariée.",
    "loan_requests": "Demandes reçues dans l’année, qu’elles aient abouti ou non.",
}
CLOUDS = (
    Cloud(
        "chapter-governance",
        "L’APMSL en un mot, par l’équipe salariée",
        "réseau x 5, écoute x 4, entraide x 4, partage x 3, proximité x 3, équipe x 3, élan x 2\n"
        "confiance x 2, expertise x 2, convivialité x 2, lien x 2, engagement, curiosité, humour\n"
        "bienveillance, autonomie",
    ),
    Cloud(
        "pacte",
        "La formation en un mot, au séminaire de clôture",
        "légitimité x 6, collègues x 5, outils x 5, recul x 4, confiance x 4, dense x 3\n"
        "posture x 3, entraide x 3, méthode x 2, projet x 2, écoute x 2, temps, mémoire, fierté",
    ),
)

TESTIMONIES = (
    Said(
        "local_group_meeting",
        "J’arrivais dans un métier que personne ne connaissait autour de moi. Le groupe local m’a"
        " donné des collègues, et des réponses le jour même.",
        "",
        "Coordinatrice",
        3,
    ),
    Said(
        "chapter-representation",
        "Quand je siège, je ne parle pas pour moi : je porte ce que les équipes m’ont dit la"
        " semaine d’avant. C’est ce qui donne du poids.",
        "Jeanne Corbineau",
        "Médecin généraliste, membre du conseil",
        17,
    ),
    Said(
        "chapter-network",
        "Travailler avec la fédération, c’est avoir toutes les équipes au bout du fil sans les"
        " déranger une par une.",
        "",
        "Chargé de mission",
        None,
        "Structure régionale d’appui à la qualité, Nantes",
    ),
)
PICTURES = (
    ("regional_day", "Les équipes en atelier", "amphi"),
    ("local_group_meeting", "Un groupe local autour de la table", "table"),
)
_PEOPLE = ("#0b5d66", "#13717b", "#4d9aa2", "#a8440f", "#c9722f", "#06343a")


def drawing(name: str) -> str:
    """People seen from afar, in our colours: nobody is recognised."""
    rows = ((90, 150), (60, 210), (90, 270)) if name == "amphi" else ((90, 170), (90, 300))
    people = "".join(
        f'<circle cx="{left + 90 * n}" cy="{top}" r="26" fill="{_PEOPLE[(n + top) % 6]}"/>'
        f'<rect x="{left + 90 * n - 32}" y="{top + 30}" width="64" height="60" rx="26"'
        f' fill="{_PEOPLE[(n + top) % 6]}"/>'
        for left, top in rows
        for n in range(6)
    )
    table = '<rect x="60" y="235" width="520" height="46" rx="20" fill="#e3dccf"/>'
    board = '<rect x="200" y="20" width="240" height="84" rx="6" fill="#ffffff"/>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400"><title>Photo</title>'
        f'<rect width="640" height="400" fill="#e6f1f1"/>{board}'
        f"{table if name == 'table' else ''}{people}</svg>"
    )
