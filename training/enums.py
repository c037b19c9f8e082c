from django.db.models import TextChoices


class Programme(TextChoices):
    PACTE = "pacte", "PACTE"
    COMMUNICATION = "communication", "Module communication"


class SeminarMode(TextChoices):
    ON_SITE = "on_site", "Sur place"
    ONLINE = "online", "En visioconférence"
    E_LEARNING = "e_learning", "E-learning"
    TEAM_WORK = "team_work", "Travail en équipe"


class EnrolmentStatus(TextChoices):
    APPLIED = "applied", "Candidature"
    ENROLLED = "enrolled", "Inscription"
    WITHDRAWN = "withdrawn", "Abandon"


class Result(TextChoices):
    GRADUATED = "graduated", "Diplômé·e"
    PENDING = "pending", "En attente de complément"
    FAILED = "failed", "Non validé"
