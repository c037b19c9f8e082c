from django.db.models import TextChoices


class Department(TextChoices):
    LOIRE_ATLANTIQUE = "44", "Loire-Atlantique"
    MAINE_ET_LOIRE = "49", "Maine-et-Loire"
    MAYENNE = "53", "Mayenne"
    SARTHE = "72", "Sarthe"
    VENDEE = "85", "Vendée"


class TeamKind(TextChoices):
    MSP = "msp", "Maison de santé pluriprofessionnelle"
    ESP_CLAP = "esp_clap", "Équipe de soins primaires CLAP"


class Stage(TextChoices):
    """Where a team stands on a day; worked out from its dates, never stored."""

    IN_PROJECT = "in_project", "En projet"
    CONSTITUTED = "constituted", "Constituée"
    ACI_SIGNED = "aci_signed", "ACI signé"
    CLOSED = "closed", "Fermée"


class LegalForm(TextChoices):
    ASSOCIATION = "association", "Association"
    SISA = "sisa", "SISA"
    OTHER = "other", "Autre"


class FactKind(TextChoices):
    """What may happen to a team, in the order in which it usually does."""

    FIRST_CONTACT = "first_contact", "Premier contact"
    INFORMATION_MEETING = "information_meeting", "Réunion d’information"
    VISIT = "visit", "Visite"
    WRITING_WORKSHOP = "writing_workshop", "Atelier d’écriture"
    COMMITTEE = "committee", "Passage en CATS"
    CONSTITUTION = "constitution", "Constitution de l’équipe"
    ACI = "aci", "Signature de l’ACI"
    SISA = "sisa", "Création de la SISA"
    PARTICIPATORY = "participatory", "Structure participative (SecPa)"
    MERGER = "merger", "Fusion"
    SPLIT = "split", "Séparation"
    CLOSURE = "closure", "Fermeture"
    OTHER = "other", "Autre"


class ThresholdKey(TextChoices):
    CLAP_DOCTORS = "clap_doctors", "ESP CLAP : médecins à partir desquels devenir MSP"
    CLAP_WRITING_YEAR = "clap_writing_year", "ESP CLAP : année d’écriture du projet de MSP"
    CLAP_NOTICE_DAYS = "clap_notice_days", "ESP CLAP : prévenir, en jours avant cette année"


class Visibility(TextChoices):
    """From the narrowest to the widest."""

    FEDERATION = "federation", "La fédération seulement"
    GROUP = "group", "Mon groupe local"
    MEMBERS = "members", "Les adhérents"
    PUBLIC = "public", "Tout le monde"


class ContactKind(TextChoices):
    MOBILE = "mobile", "Téléphone mobile"
    PHONE = "phone", "Téléphone fixe"
    ADDRESS = "address", "Adresse professionnelle"


class ConsentChannel(TextChoices):
    PORTAL = "portal", "Le profil sur le portail"


class DataRequestKind(TextChoices):
    CORRECTION = "correction", "Correction"
    ERASURE = "erasure", "Effacement"


class PositionRole(TextChoices):
    COORDINATOR = "coordinator", "Coordination"
    LEADER = "leader", "Leader"
    MANAGER = "manager", "Gérance"


class Employment(TextChoices):
    SELF_EMPLOYED = "self_employed", "Exercice libéral"
    ASSOCIATION_EMPLOYEE = "association_employee", "Salariat de l’association"
    SISA_EMPLOYEE = "sisa_employee", "Salariat de la SISA"
    EMPLOYER_GROUP = "employer_group", "Groupement d’employeurs"
    UMBRELLA_COMPANY = "umbrella_company", "Portage salarial"
    MICRO_ENTERPRISE = "micro_enterprise", "Micro-entreprise"
    VOLUNTEER = "volunteer", "Bénévolat"


class MembershipStatus(TextChoices):
    """What is decided; late and partly paid are worked out from dates and payments."""

    EXPECTED = "expected", "À compléter"
    CALLED = "called", "Appelée"
    PAID = "paid", "Payée"
    DECLINED = "declined", "Ne renouvelle pas"
    CANCELLED = "cancelled", "Annulée"


class Situation(TextChoices):
    """Where a member's file of the year stands on a day; worked out, never stored."""

    TO_START = "to_start", "Pas commencé"
    DRAFT = "draft", "Brouillon"
    SENT = "sent", "Formulaire transmis"
    CALLED = "called", "Appelée"
    PROMISED = "promised", "Paiement annoncé"
    LATE = "late", "En retard"
    PARTLY_PAID = "partly_paid", "Payée en partie"
    PAID = "paid", "Payée"
    DECLINED = "declined", "Ne renouvelle pas"
    CANCELLED = "cancelled", "Annulée"


class FeeCategory(TextChoices):
    CONSTITUTED = "constituted", "Équipe constituée"
    IN_PROJECT = "in_project", "Équipe en projet"
    ISOLATED = "isolated", "Professionnel·le isolé·e"


class StepKind(TextChoices):
    INVITATION = "invitation", "Invitation à renouveler"
    FORM = "form", "Rappel : formulaire à commencer"
    DRAFT = "draft", "Rappel : brouillon à transmettre"
    PAYMENT = "payment", "Rappel : cotisation à régler"


class PieceKind(TextChoices):
    CALL = "call", "Appel à cotisation"
    INVOICE = "invoice", "Facture"
    RECEIPT = "receipt", "Reçu"
    CREDIT_NOTE = "credit_note", "Avoir"


class PaymentMethod(TextChoices):
    TRANSFER = "transfer", "Virement"
    CHEQUE = "cheque", "Chèque"
    CARD = "card", "Carte"


class Provider(TextChoices):
    HELLOASSO = "helloasso", "HelloAsso"
    STRIPE = "stripe", "Stripe"


class CheckoutState(TextChoices):
    OPENED = "opened", "En cours"
    PAID = "paid", "Payé"
    FAILED = "failed", "Échoué"
    EXPIRED = "expired", "Abandonné"
    REFUNDED = "refunded", "Remboursé"


class QuestionKind(TextChoices):
    YES_NO = "yes_no", "Oui ou non"
    NUMBER = "number", "Nombre"
    PROFESSION_COUNT = "profession_count", "Effectif par profession"
    CHOICE = "choice", "Choix"
    TEXT = "text", "Texte"


class ContactChannel(TextChoices):
    EMAIL = "email", "Courriel"
    PHONE = "phone", "Téléphone"
    WEBSITE = "website", "Site internet"
    MEETING = "meeting", "Rencontre"


class ExchangeKind(TextChoices):
    CALL = "call", "Appel"
    MAIL = "mail", "Courriel"
    VISIT = "visit", "Visite"
    REQUEST = "request", "Demande"


class AccompanimentKind(TextChoices):
    HEALTH_PROJECT_WRITING = "health_project_writing", "Écriture du projet de santé"
    PROTOCOL_WRITING = "protocol_writing", "Écriture de protocoles"
    PREVENTION_WRITING = "prevention_writing", "Écriture d’une action de prévention"
    HEALTH_PROJECT_REVIEW = "health_project_review", "Évolution du projet de santé"
    ESP_CLAP_TO_MSP = "esp_clap_to_msp", "D’ESP CLAP à MSP"
    PARTICIPATORY = "participatory", "Structure participative (SecPa)"


class CommitteeOutcome(TextChoices):
    RECOGNISED = "recognised", "Reconnue"
    DEFERRED = "deferred", "Ajournée"
    REFUSED = "refused", "Refusée"
