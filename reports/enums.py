from django.db.models import TextChoices


class Chapter(TextChoices):
    """The chapters of the activity report, in their order."""

    FOREWORD = "foreword", "Rapport moral"
    MEMBERS = "members", "Les équipes adhérentes"
    REPRESENTATION = "representation", "Représentation et partenariats"
    PROJECTS = "projects", "Accompagner les équipes en projet"
    TEAMS = "teams", "Accompagner les équipes en fonctionnement"
    EVOLUTION = "evolution", "Accompagner les équipes en évolution"
    NETWORK = "network", "Le réseau des coordinateurs"
    TRAINING = "training", "PACTE et formations"
    COMMUNICATION = "communication", "Communication et ressources"
    GOVERNANCE = "governance", "Vie associative"
    OUTLOOK = "outlook", "Perspectives"


# What the report prints, in its usual order; trainings are told with the network.
PRINTED = (
    Chapter.MEMBERS,
    Chapter.FOREWORD,
    *(c for c in Chapter if c not in {Chapter.MEMBERS, Chapter.FOREWORD, Chapter.TRAINING}),
)


class ActionKey(TextChoices):
    """The actions that the report always knows, in its order; their titles may say more."""

    INSTITUTIONS = "institutions", "Où nous représentons les équipes"
    PARTNERS = "partners", "Nos partenaires"
    PROJECT_MEETING = "project_meeting", "Réunions d’information des porteurs de projet"
    TEAM_VISIT = "team_visit", "À la rencontre d’une équipe"
    FIRST_CONTACTS = "first_contacts", "Premiers contacts"
    HEALTH_PROJECT = "health_project_writing", "Écrire le projet de santé"
    ESP_CLAP = "esp_clap_to_msp", "Des ESP CLAP vers la maison de santé"
    THEMATIC_MEETING = "thematic_meeting", "Réunions thématiques"
    PRACTICE = "practice", "« MSP en pratique »"
    INFORMATION_CYCLE = "information_cycle", "Cycle d’information"
    PROTOCOLS = "protocol_writing", "Écrire un protocole"
    PREVENTION = "prevention_writing", "Monter une action de prévention"
    REGIONAL_DAY = "regional_day", "Journée régionale"
    WORKING_GROUP = "working_group", "Groupe de travail"
    TRAINING = "training", "Formation"
    COMMITTEE = "committee", "Comité régional"
    LOANS = "loans", "Le prêt de matériel"
    REVIEW = "health_project_review", "Revoir son projet de santé"
    PARTICIPATORY = "participatory", "Démarches participatives"
    LOCAL_GROUP_MEETING = "local_group_meeting", "Rencontres des groupes locaux"
    REGIONAL_MEETING = "regional_meeting", "Rencontres régionales"
    SURVEY = "survey", "Qui coordonne, et comment"
    PACTE = "pacte", "Formation PACTE"
    COMMUNICATION_MODULE = "communication_module", "Module communication"
    LETTERS = "letters", "Les lettres"
    TOOLS = "tools", "La boîte à outils"
    AUDIENCE = "audience", "Le site et LinkedIn"
    ARTICLES = "articles", "Les articles"
    POSTINGS = "postings", "Les offres de postes"
    COMMISSIONS = "commissions", "Commissions thématiques"


class Unit(TextChoices):
    """What a figure from outside is counted in, as it is printed."""

    NUMBER = "number", "nombre"
    PERCENT = "percent", "%"
    EURO = "euro", "€"
    YEAR = "year", "année (2012, sans espace)"


class Document(TextChoices):
    """What can be made: PDF files, but for the image, the archive of a whole batch, the book of
    figures."""

    ACTIVITY = "activity", "Rapport d’activité"
    SLIDES = "slides", "Diaporama de l’assemblée générale"
    SCAN = "scan", "Scan’équipe"
    SCAN_WIDE = "scan-wide", "Scan’équipe pour un écran"
    SCAN_IMAGE = "scan-image", "Scan’équipe en image"
    SCAN_REGION = "scan-region", "Scan’équipe Région"
    SCAN_BATCH = "scan-batch", "Tous les Scan’équipe"
    WORKBOOK = "workbook", "Tous les chiffres (XLSX)"
    NETWORK = "network", "Bilan du réseau"
    GROUP_CARD = "group-card", "Carte d’un groupe local"
    VERSION = "version", "Rapport mis en lecture"
    CHAPTER = "chapter", "Un chapitre du rapport"


class TextStatus(TextChoices):
    """How far a text of the report is."""

    TO_WRITE = "to_write", "À écrire"
    TO_READ = "to_read", "À relire"
    READY = "ready", "Prêt"


class VersionState(TextChoices):
    READING = "reading", "En lecture"
    VOTED = "voted", "Voté"
    WITHDRAWN = "withdrawn", "Retiré"


class SheetBlock(TextChoices):
    """What a team may leave out of its Scan'équipe, in the order of the page."""

    COMPOSITION = "composition", "Qui compose l’équipe"
    BESIDE = "beside", "L’équipe parmi ses semblables"
    PRACTICES = "practices", "Ce que fait l’équipe"
    COORDINATION = "coordination", "La coordination"
    SITES = "sites", "La carte des sites, si l’équipe en a plusieurs"
    NETWORK = "network", "L’année avec la fédération"
