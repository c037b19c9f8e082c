from django.db.models import TextChoices


class ToolKind(TextChoices):
    MODEL = "model", "Modèle de document"
    PRACTICAL_SHEET = "practical_sheet", "Fiche pratique"
    TOOL_SHEET = "tool_sheet", "Fiche-outil"
    GUIDE = "guide", "Guide"
    FEEDBACK = "feedback", "Retour d’expérience"


class JobKind(TextChoices):
    COORDINATOR = "coordinator", "Coordination"
    PRACTICE_TAKEOVER = "practice_takeover", "Reprise de cabinet"
    MSP_CREATION = "msp_creation", "Création de MSP"
    OTHER = "other", "Autre offre"


class LoanStatus(TextChoices):
    REQUESTED = "requested", "Demandé"
    APPROVED = "approved", "Accordé"
    OUT = "out", "Sorti"
    RETURNED = "returned", "Rendu"
    REFUSED = "refused", "Refusé"
    CANCELLED = "cancelled", "Annulé"
