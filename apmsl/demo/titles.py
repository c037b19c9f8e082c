"""Titles for the demonstration: the generated records are numbered, these read as a year of a federation.

They are written into the folder of CSV files before it is imported. Nothing else changes, so every figure
stays what it is; the same records get the same titles.
"""

import csv
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from apmsl.lib.typography import month, typeset

Row = dict[str, str]

DEPARTMENTS = {
    "44": "Loire-Atlantique",
    "49": "Maine-et-Loire",
    "53": "Mayenne",
    "72": "Sarthe",
    "85": "Vendée",
}
THEMES = {
    "communication": "communiquer en équipe",
    "crises-sanitaires": "se préparer aux crises sanitaires",
    "demarche-qualite": "démarche qualité",
    "ecoresponsable": "une maison de santé écoresponsable",
    "evenements-indesirables": "parler des évènements indésirables",
    "gestion": "gestion et comptabilité de la SISA",
    "juridique": "questions juridiques",
    "parcours": "construire un parcours de soins",
    "protocoles": "écrire un protocole",
    "recherche": "la recherche en soins primaires",
    "salariat-sisa": "salarier dans une SISA",
    "sante-mentale": "santé mentale",
    "stagiaires": "accueillir des stagiaires",
    "systeme-information": "systèmes d’information partagés",
}
PRACTICES = (
    "la concertation entre soignants",
    "le premier rendez-vous de coordination",
    "l’accueil des nouveaux professionnels",
    "le dossier partagé au quotidien",
)
MEETINGS = (
    "la nouvelle convention ACI",
    "le rôle de la coordination",
    "les mots du projet de santé",
    "les soins non programmés",
)
KINDS = {
    "model": "Modèle",
    "practical_sheet": "Fiche pratique",
    "tool_sheet": "Fiche-outil",
    "guide": "Guide",
    "feedback": "Retour d’expérience",
}
SUBJECTS = {
    "aci": (
        "préparer le dialogue de gestion avec la CPAM",
        "remplir la déclaration annuelle ACI",
        "répartir la rémunération d’équipe",
        "suivre les indicateurs toute l’année",
        "réunir les justificatifs de l’ACI",
        "expliquer l’ACI aux nouveaux associés",
    ),
    "prevention": (
        "monter une action de dépistage",
        "un atelier nutrition avec les patients",
        "le mois sans tabac dans la maison de santé",
        "parler de vaccination en salle d’attente",
        "une journée « bien vieillir »",
        "évaluer une action de prévention",
    ),
    "rcp": (
        "animer une réunion de concertation",
        "rédiger le compte rendu d’une concertation",
        "choisir les situations à étudier",
        "tenir le calendrier des concertations",
        "associer le secteur médicosocial",
        "une concertation à distance",
    ),
    "coordination": (
        "la fiche de poste de la coordination",
        "les cent premiers jours",
        "l’entretien annuel",
        "le tableau de bord de l’équipe",
        "préparer une assemblée générale de SISA",
        "accueillir une nouvelle ou un nouveau professionnel",
    ),
    "usagers": (
        "créer un comité d’usagers",
        "le questionnaire de satisfaction",
        "le livret d’accueil de la maison de santé",
        "répondre à une réclamation",
        "associer les patients au projet de santé",
        "une charte d’accueil",
    ),
    "protocoles": (
        "le suivi des plaies chroniques",
        "le repérage de la fragilité",
        "le suivi des patients sous anticoagulants",
        "la lombalgie aiguë",
        "la coordination après une hospitalisation",
        "la trame d’un protocole pluriprofessionnel",
    ),
    "qualite": (
        "le diagnostic de maturité, pas à pas",
        "tenir un plan d’amélioration",
        "déclarer un évènement indésirable",
        "une revue de morbidité en équipe",
        "la matrice expliquée à l’équipe",
        "choisir trois priorités pour l’année",
    ),
}
LETTERS = {
    "members": "Lettre aux adhérents n° {n} – {month}",
    "public": "Lettre d’information n° {n} – {month}",
    "special": "Lettre spéciale : {subject}",
}
SPECIALS = (
    "campagne de vaccination",
    "la journée régionale approche",
    "avenant à la convention ACI",
    "appel à candidatures pour le conseil",
    "plan canicule",
    "soins non programmés de l’été",
    "enquête sur les besoins des équipes",
    "les inscriptions PACTE sont ouvertes",
)
ARTICLES = {
    "inspir_cafe": ("Inspir’Café : une heure pour parler coordination", "Inspir’Café : le premier"),
    "talent": (
        "Un atelier cuisine pour mieux vivre avec le diabète",
        "Quand la maison de santé sort de ses murs",
    ),
}
JOBS = {
    "coordinator": (
        "Coordination d’une maison de santé, à mi-temps",
        "Coordination de deux équipes voisines, à temps plein",
        "Remplacement de la coordination pendant un congé",
    ),
    "practice_takeover": (
        "Cabinet de médecine générale à reprendre",
        "Patientèle d’orthophonie à reprendre",
        "Cabinet de kinésithérapie à reprendre",
    ),
    "msp_creation": (
        "Rejoindre une maison de santé en création",
        "Médecin généraliste pour un nouveau bâtiment",
        "Une équipe en projet cherche des infirmiers",
    ),
    "other": (
        "Infirmière ou infirmier en pratique avancée",
        "Secrétariat médical, 28 heures par semaine",
        "Assistante ou assistant médical",
    ),
}
COMMISSIONS = (
    "Relations avec les usagers",
    "Systèmes d’information",
    "Coordination et réseau",
    "Communication",
    "Prévention",
    "Formation",
    "Accompagnement des projets",
)


def retitle(folder: Path) -> None:
    """Write the titles into the CSV files of ``folder``."""
    for file, column, name in (
        ("events", "title", _events()),
        ("tools", "title", _tools()),
        ("newsletters", "subject", _letters()),
        ("articles", "title", _in_turn(ARTICLES)),
        ("job_postings", "title", _in_turn(JOBS)),
        ("commissions", "name", _commissions()),
        ("cohorts", "name", lambda row: row["name"].replace("Cohorte", "Promotion")),
    ):
        _rewrite(folder / f"{file}.csv", column, name)


def _rewrite(file: Path, column: str, name: Callable[[Row], str]) -> None:
    with file.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        header, rows = list(reader.fieldnames or ()), list(reader)
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, header)
        writer.writeheader()
        writer.writerows({**row, column: typeset(name(row))} for row in rows)


def _events() -> Callable[[Row], str]:
    counted: Counter[str] = Counter()

    def name(row: Row) -> str:
        category = row["category"]
        number = counted[category]
        counted[category] += 1
        place = DEPARTMENTS.get(row["department"], "Pays de la Loire")
        theme = THEMES.get(row["theme"], "")
        when = month(date.fromisoformat(row["starts_on"]))
        return {
            "project_meeting": f"Créer une maison de santé en {place} – {when}",
            "thematic_meeting": f"Rendez-vous : {theme or MEETINGS[number % len(MEETINGS)]}",
            "practice": f"Ma MSP en pratique : {theme or PRACTICES[number % len(PRACTICES)]}",
            "information_cycle": f"Cycle : {theme}" if theme else row["title"],
            "team_visit": f"Visite d’une équipe en {place} – {when}",
            "regional_meeting": f"Rencontre régionale des équipes – {when}",
            "local_group_meeting": f"Groupe {row['local_group'].replace('-', ' ') or 'local'} – {when}",
            "regional_day": f"Journée régionale {row['starts_on'][:4]}",
            "working_group": "Groupe de travail : les indicateurs du réseau",
            "training": f"Formation : {theme}" if theme else row["title"],
        }.get(category, row["title"])

    return name


def _tools() -> Callable[[Row], str]:
    counted: Counter[tuple[str, str]] = Counter()

    def name(row: Row) -> str:
        subjects = SUBJECTS.get(row["theme"])
        if subjects is None:
            return row["title"]
        key = (row["kind"], row["theme"])
        edition, place = divmod(counted[key], len(subjects))
        counted[key] += 1
        again = f" (n° {edition + 1})" if edition else ""
        return f"{KINDS[row['kind']]} : {subjects[place]}{again}"

    return name


def _letters() -> Callable[[Row], str]:
    counted: Counter[tuple[str, str]] = Counter()

    def name(row: Row) -> str:
        key = (row["kind"], row["sent_on"][:4])
        number = counted[key]
        counted[key] += 1
        subject = SPECIALS[number % len(SPECIALS)]
        form = LETTERS.get(row["kind"], row["subject"])
        return form.format(
            n=number + 1, month=month(date.fromisoformat(row["sent_on"])), subject=subject
        )

    return name


def _in_turn(titles: Mapping[str, tuple[str, ...]]) -> Callable[[Row], str]:
    """Those of its kind, one after the other."""
    counted: Counter[str] = Counter()

    def name(row: Row) -> str:
        choice = titles[row["kind"]]
        number = counted[row["kind"]]
        counted[row["kind"]] += 1
        return choice[number % len(choice)]

    return name


def _commissions() -> Callable[[Row], str]:
    names = iter(COMMISSIONS)
    return lambda row: row["name"] if row["closed_on"] else next(names)
