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
    CO_MANAGER = "co_manager", "Cogérance"
    PROJECT_HOLDER = "project_holder", "Portage du projet"
    QUALITY_REFERENT = "quality_referent", "Référence qualité"
    TRAINEE_SUPERVISOR = "trainee_supervisor", "Maîtrise de stage"


# Those who lead a team beside its coordination.
LEADING_ROLES = (
    PositionRole.LEADER,
    PositionRole.MANAGER,
    PositionRole.CO_MANAGER,
    PositionRole.PROJECT_HOLDER,
)
# Those who speak for it: the other functions are held without acting in its name.
SPEAKING_ROLES = (PositionRole.COORDINATOR, *LEADING_ROLES)


class Leadership(TextChoices):
    """How a leader says they came to be one."""

    HISTORIC = "historic", "Historique"
    IDENTIFIED = "identified", "Identifié·e"
    DESIGNATED = "designated", "Désigné·e"
    VOLUNTEER = "volunteer", "Volontaire"
    UNNAMED = "unnamed", "En tient le rôle sans le titre"


class TimeUnit(TextChoices):
    HOURS_A_MONTH = "hours_month", "heures par mois"
    HOURS_A_WEEK = "hours_week", "heures par semaine"
    DAYS_A_MONTH = "days_month", "jours par mois"
    DAYS_A_WEEK = "days_week", "jours par semaine"


class Formalisation(TextChoices):
    """What a coordination rests on."""

    INTERNAL_RULES = "internal_rules", "Règlement intérieur"
    SERVICE_AGREEMENT = "service_agreement", "Convention de prestation"
    SECONDMENT_AGREEMENT = "secondment", "Convention de mise à disposition"
    MISSION_LETTER = "mission_letter", "Lettre de mission"
    EMPLOYMENT_CONTRACT = "contract", "Contrat de travail"


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


class ChargeStatus(TextChoices):
    """The same values as those of a membership that money moves."""

    CALLED = "called", "À payer"
    PAID = "paid", "Payée"
    CANCELLED = "cancelled", "Annulée"


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


# -- the CRM ---------------------------------------------------------------------------------------
class CrmModule(TextChoices):
    """Accounts go first: contacts point at them."""

    ACCOUNTS = "Accounts", "Équipes (Accounts)"
    CONTACTS = "Contacts", "Personnes (Contacts)"


class CrmState(TextChoices):
    WAITING = "waiting", "À envoyer"
    SENT = "sent", "À jour"
    DEAD = "dead", "Refusée"


class CrmDirection(TextChoices):
    OUT = "out", "Du portail vers le CRM"
    IN = "in", "Du CRM vers le portail"
    BOTH = "both", "Dans les deux sens"
    NONE = "none", "Aucun échange"


class CrmSide(TextChoices):
    PORTAL = "portal", "Le portail"
    CRM = "crm", "Le CRM"


class CrmMode(TextChoices):
    OVERWRITE = "overwrite", "Toujours remplacer"
    IF_NEW = "if_new", "À la création seulement"
    IF_EMPTY = "if_empty", "Si le CRM n’a rien"


class CrmRunKind(TextChoices):
    SEND = "send", "Envoi"
    READ = "read", "Relecture"
    SWEEP = "sweep", "Comparaison de la nuit"
    FILE = "file", "Fichier"


class CrmSource(TextChoices):
    """Everything that may leave: a closed list. The part before the dot says of what."""

    PERSON_FIRST_NAME = "person.first_name", "Prénom"
    PERSON_LAST_NAME = "person.last_name", "Nom"
    PERSON_PROFESSION = "person.profession", "Profession"
    PERSON_SELF_EMPLOYED = "person.self_employed", "Exerce en libéral"
    PERSON_EMAIL = "person.email", "Adresse électronique montrée aux adhérents"
    PERSON_MOBILE = "person.mobile", "Téléphone mobile montré aux adhérents"
    PERSON_PHONE = "person.phone", "Téléphone fixe montré aux adhérents"
    PERSON_ADDRESS = "person.address", "Adresse professionnelle montrée aux adhérents"
    PERSON_ROLES = "person.roles", "Fonctions tenues aujourd’hui"
    PERSON_TEAM = "person.team", "Équipe (lien vers sa fiche)"
    PERSON_TEAM_NAME = "person.team_name", "Équipe (son nom)"
    PERSON_DEPARTMENT = "person.department", "Département de l’équipe"
    PERSON_CHECKED_ON = "person.checked_on", "Coordonnées confirmées le"
    TEAM_NAME = "team.name", "Nom"
    TEAM_KIND = "team.kind", "Type"
    TEAM_STAGE = "team.stage", "Étape"
    TEAM_DEPARTMENT = "team.department", "Département"
    TEAM_CITY = "team.city", "Commune"
    TEAM_POSTCODE = "team.postcode", "Code postal"
    TEAM_INSEE_CODE = "team.insee_code", "Code INSEE"
    TEAM_SITES = "team.sites", "Nombre de sites"
    TEAM_LEGAL_FORM = "team.legal_form", "Forme juridique"
    TEAM_SIRET = "team.siret", "SIRET"
    TEAM_FINESS = "team.finess", "FINESS"
    TEAM_CPTS = "team.cpts", "CPTS"
    TEAM_INFORMATION_SYSTEM = "team.information_system", "Système d’information"
    TEAM_SYSTEM_EDITOR = "team.system_editor", "Éditeur"
    TEAM_CONSTITUTED_ON = "team.constituted_on", "Constituée le"
    TEAM_ACI_SIGNED_ON = "team.aci_signed_on", "ACI signé le"
    TEAM_CLOSED_ON = "team.closed_on", "Fermée le"
    TEAM_COORDINATOR = "team.coordinator", "Coordination (noms)"
    TEAM_PEOPLE_COUNT = "team.people_count", "Personnes qui y exercent"
    TEAM_MEMBERSHIP = "team.membership", "Adhésion de l’année"
    TEAM_MEMBERSHIP_PAID_ON = "team.membership_paid_on", "Adhésion payée le"
