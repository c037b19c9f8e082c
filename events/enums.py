from django.db.models import TextChoices


class Category(TextChoices):
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


class Format(TextChoices):
    ON_SITE = "on_site", "Sur place"
    ONLINE = "online", "En visioconférence"
    HYBRID = "hybrid", "Sur place et en visioconférence"


class EventStatus(TextChoices):
    PLANNED = "planned", "Prévu"
    HELD = "held", "Tenu"
    CANCELLED = "cancelled", "Annulé"


class RegistrationStatus(TextChoices):
    REGISTERED = "registered", "Inscrit·e"
    WAITLISTED = "waitlisted", "Sur liste d’attente"
    CANCELLED = "cancelled", "Annulée"
