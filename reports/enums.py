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
