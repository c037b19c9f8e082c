from django.db.models import TextChoices


class Category(TextChoices):
    """How the activity report counts an event; several kinds of action may be counted as one."""

    PROJECT_MEETING = "project_meeting", "Réunion d’information porteurs de projet"
    THEMATIC_MEETING = "thematic_meeting", "Réunion d’information thématique"
    PRACTICE = "practice", "Ma MSP en pratique"
    INFORMATION_CYCLE = "information_cycle", "Cycle d’information"
    TEAM_VISIT = "team_visit", "À la rencontre d’une équipe"
    REGIONAL_MEETING = "regional_meeting", "Rencontre régionale"
    LOCAL_GROUP_MEETING = "local_group_meeting", "Rencontre de groupe local"
    REGIONAL_DAY = "regional_day", "Journée régionale"
    WORKING_GROUP = "working_group", "Groupe de travail"
    TRAINING = "training", "Formation"
    COMMITTEE = "committee", "Comité"


class ReportChapter(TextChoices):
    """Where the activity report tells of a kind of action."""

    PROJECTS = "projects", "Accompagner les projets"
    TEAMS = "teams", "Soutenir les équipes"
    NEWS = "news", "Répondre aux besoins et à l’actualité"
    NETWORK = "network", "Animer le réseau"
    TRAINING = "training", "Former"
    REPRESENTATION = "representation", "Représenter"
    FEDERATION = "federation", "La vie de la fédération"


class Counted(TextChoices):
    """What is counted beside the events themselves."""

    MEETINGS = "meetings", "Rencontres seulement"
    REGISTERED = "registered", "Inscrits"
    PARTICIPANTS = "participants", "Participants"
    PARTICIPATIONS = "participations", "Participations cumulées"
    TEAMS = "teams", "Équipes représentées"
    SESSIONS = "sessions", "Séances"
    DEPARTMENTS = "departments", "Départements représentés"


class Rhythm(TextChoices):
    HALF_DAY = "half_day", "Une demi-journée"
    DAY = "day", "Une journée"
    SESSIONS = "sessions", "Plusieurs séances"


class Format(TextChoices):
    ON_SITE = "on_site", "Sur place"
    ONLINE = "online", "En visioconférence"
    HYBRID = "hybrid", "Sur place et en visioconférence"


class EventStatus(TextChoices):
    PLANNED = "planned", "Prévu"
    HELD = "held", "Tenu"
    CANCELLED = "cancelled", "Annulé"


class RegistrationStatus(TextChoices):
    """Present is not one of them: it is read from the half-days (ADR 19)."""

    REGISTERED = "registered", "Inscrit·e"
    CONFIRMED = "confirmed", "Venue confirmée"
    WAITLISTED = "waitlisted", "Sur liste d’attente"
    OFFERED = "offered", "Place proposée"
    CANCELLED = "cancelled", "Annulée"
    EXCUSED = "excused", "Excusé·e"


class SeatOffer(TextChoices):
    GIVEN = "given", "Donnée aussitôt à la personne suivante"
    OFFERED = "offered", "Proposée, à accepter dans un délai"


class HalfDays(TextChoices):
    ALL = "all", "Toute la séance"
    MORNING = "morning", "Matin"
    AFTERNOON = "afternoon", "Après-midi"


class ContributorRole(TextChoices):
    LEAD = "lead", "Animation"
    SPEAKER = "speaker", "Intervention"


class DocumentMoment(TextChoices):
    BEFORE = "before", "Avant"
    AFTER = "after", "Après"


class ItemType(TextChoices):
    PLENARY = "plenary", "Plénière"
    WORKSHOP = "workshop", "Atelier"
    ROUND_TABLE = "round_table", "Table ronde"
    GAME = "game", "Jeu"
    GALLERY = "gallery", "Galerie des partenaires"
    BREAK = "break", "Pause"


class QuestionType(TextChoices):
    TEXT = "text", "Texte"
    YES_NO = "yes_no", "Oui ou non"
    CHOICE = "choice", "Un choix"


class Reached(TextChoices):
    YES = "yes", "Atteint"
    PARTLY = "partly", "Atteint en partie"
    NO = "no", "Non atteint"


class Repeat(TextChoices):
    """How far apart the events of a series are."""

    WEEK = "week", "Chaque semaine"
    TWO_WEEKS = "two_weeks", "Toutes les deux semaines"
    MONTH = "month", "Chaque mois, à la même date"
    WEEKDAY_OF_MONTH = "weekday_of_month", "Chaque mois, le même jour (par exemple le 1er jeudi)"
    QUARTER = "quarter", "Tous les trois mois"
    YEAR = "year", "Chaque année"


class LetterGroup(TextChoices):
    """To whom the staff writes; thanks and the survey are what follows the event;
    those chosen one by one are kept with the draft."""

    REGISTERED = "registered", "Les personnes qui ont une place"
    WAITING = "waiting", "Les personnes sur liste d’attente"
    LIVE = "live", "Toutes, liste d’attente comprise"
    PRESENT = "present", "Les personnes présentes"
    ABSENT = "absent", "Les personnes inscrites qui ne sont pas venues"
    THANKS = "thanks", "Merci aux personnes présentes"
    SURVEY = "survey", "Enquête auprès des personnes présentes"
    CHOSEN = "chosen", "Les personnes choisies dans la liste"


class SavedList(TextChoices):
    EVENTS = "events", "Événements"
    REGISTRATIONS = "registrations", "Inscriptions"
