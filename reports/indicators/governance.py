"""Who represents the federation, who leads it, who works for it, and its partners."""

from django.db.models import F
from django.db.models.functions import Coalesce

from network.models import (
    BoardTerm,
    Commission,
    CommissionMeeting,
    Mandate,
    PartnerAgreement,
    RepresentationMeeting,
    StaffPost,
)
from reports.enums import Chapter
from reports.indicators.indicator import Kind
from reports.indicators.population import Population
from reports.indicators.records import Column

MEETINGS = Population(
    lambda scope: RepresentationMeeting.objects.filter(scope.in_year("held_on")),
    columns=(
        Column("Le", "held_on"),
        Column("Instance", "institution"),
        Column("Représentée par", "person"),
    ),
    order=("held_on",),
    related=("institution", "person"),
    chapter=Chapter.REPRESENTATION,
)

MANDATES = Population(
    lambda scope: Mandate.objects.on(scope.as_of),
    columns=(
        Column("Instance", "institution"),
        Column("Personne", "person"),
        Column("Rang", "get_rank_display"),
        Column("Depuis le", "started_on"),
    ),
    order=("institution__name", "person__sort_name"),
    related=("institution", "person"),
    target="person",
    chapter=Chapter.REPRESENTATION,
)

# One row a person: the database refuses two terms, or two posts, of a person at a time.
BOARD = Population(
    lambda scope: BoardTerm.objects.on(scope.as_of),
    columns=(
        Column("Personne", "person"),
        Column("Fonction", "get_role_display"),
        Column("Profession", "person.profession"),
        Column("Depuis le", "started_on"),
    ),
    order=("person__sort_name",),
    related=("person__profession",),
    target="person",
    chapter=Chapter.GOVERNANCE,
)

STAFF = Population(
    lambda scope: StaffPost.objects.on(scope.as_of),
    columns=(
        Column("Personne", "person"),
        Column("Emploi", "job"),
        Column("Depuis le", "started_on"),
    ),
    order=("person__sort_name",),
    related=("person",),
    target="person",
    chapter=Chapter.GOVERNANCE,
)

COMMISSIONS = Population(
    lambda scope: Commission.objects.on(scope.as_of),
    columns=(Column("Commission", "name"), Column("Créée le", "created_on")),
    order=("name",),
    chapter=Chapter.GOVERNANCE,
)

COMMISSION_MEETINGS = Population(
    lambda scope: CommissionMeeting.objects.filter(scope.in_year("held_on")),
    columns=(Column("Le", "held_on"), Column("Commission", "commission")),
    order=("held_on",),
    related=("commission",),
    chapter=Chapter.GOVERNANCE,
)

AGREEMENTS = Population(
    lambda scope: PartnerAgreement.objects.on(scope.as_of),
    columns=(Column("Partenaire", "partner"), Column("Depuis le", "signed_on")),
    order=("partner__name",),
    related=("partner",),
    chapter=Chapter.REPRESENTATION,
)

INDICATORS = [
    MEETINGS.count(
        "representation_meetings",
        one="réunion de représentation",
        many="réunions de représentation",
        definition="Réunions de l’année où la fédération était représentée.",
    ),
    MANDATES.count(
        "mandates",
        one="mandat de représentation",
        many="mandats de représentation",
        definition="Mandats de titulaire ou de suppléant tenus à la date de référence.",
    ),
    BOARD.count(
        "board_members",
        one="membre du conseil d’administration",
        many="membres du conseil d’administration",
        definition="Personnes qui siègent au conseil d’administration à la date de référence.",
    ),
    BOARD.distinct(
        "board_professions",
        # Those whose profession is not known count as one more.
        lambda scope: Coalesce(F("person__profession"), 0),
        listing=BOARD.list,
        kind=Kind.FACT,
        one="profession au conseil d’administration",
        many="professions au conseil d’administration",
        definition="Professions différentes des membres du conseil d’administration.",
    ),
    STAFF.count(
        "staff",
        one="salarié de la fédération",
        many="salariés de la fédération",
        definition="Personnes en poste dans l’équipe salariée à la date de référence.",
    ),
    COMMISSIONS.count(
        "commissions",
        one="commission de travail",
        many="commissions de travail",
        definition="Commissions créées et non closes à la date de référence.",
    ),
    COMMISSION_MEETINGS.count(
        "commission_meetings",
        one="réunion de commission",
        many="réunions de commission",
        definition="Réunions de commission tenues dans l’année.",
    ),
    AGREEMENTS.count(
        "partner_agreements",
        one="convention de partenariat",
        many="conventions de partenariat",
        definition="Conventions avec des partenaires, en vigueur à la date de référence.",
    ),
]
