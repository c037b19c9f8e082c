from django.db.models import TextChoices


class CoordinatorProfile(TextChoices):
    HEALTH_PROFESSIONAL = "health_professional", "Profession de santé"
    MEDICAL_SECRETARY = "medical_secretary", "Secrétariat médical"
    PROJECT_OFFICER = "project_officer", "Chargé·e de mission"
    OTHER = "other", "Autre profil"


class Organisation(TextChoices):
    SINGLE = "single", "Une seule personne"
    PAIR = "pair", "Binôme"
    SHARED = "shared", "Partagée dans l’équipe"


class MandateRank(TextChoices):
    FULL = "full", "Titulaire"
    SUBSTITUTE = "substitute", "Suppléant·e"


class CommissionCapacity(TextChoices):
    BOARD = "board", "Conseil d’administration"
    STAFF = "staff", "Équipe salariée"


class BoardRole(TextChoices):
    CO_CHAIR = "co_chair", "Co-présidence"
    SECRETARY = "secretary", "Secrétariat"
    DEPUTY_SECRETARY = "deputy_secretary", "Secrétariat adjoint"
    TREASURER = "treasurer", "Trésorerie"
    MEMBER = "member", "Membre"


class LetterKind(TextChoices):
    MEMBERS = "members", "Lettre aux adhérents"
    SPECIAL = "special", "Lettre spéciale"
    PUBLIC = "public", "Lettre d’information"


class ArticleKind(TextChoices):
    INSPIR_CAFE = "inspir_cafe", "Inspir’Café"
    TALENT = "talent", "Les MSP ont du talent"
