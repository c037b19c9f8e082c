"""People, teams and accounts, as plain as the database allows; situations are traits.

The portal's day is the real one, so dates are counted from today.
"""

from datetime import date, timedelta

import factory
from django.utils import timezone

from apmsl.lib.dates import today
from members.enums import (
    AccompanimentKind,
    ConsentChannel,
    ContactChannel,
    ContactKind,
    CrmModule,
    CrmSource,
    DataRequestKind,
    Department,
    ExchangeKind,
    FactKind,
    MembershipStatus,
    PieceKind,
    PositionRole,
    QuestionKind,
    ThresholdKey,
    Visibility,
)
from members.models import (
    Accompaniment,
    AccompanimentTeam,
    Affiliation,
    Charge,
    Consent,
    ContactDetail,
    CrmConflict,
    CrmMapping,
    CrmRecord,
    DataRequest,
    Departure,
    Exchange,
    FirstContact,
    Invitation,
    Membership,
    NotDuplicate,
    Person,
    PersonEmail,
    PersonMerge,
    Piece,
    Position,
    Profession,
    Question,
    Scan,
    ScanForm,
    Site,
    Team,
    TeamFact,
    TeamManager,
    Threshold,
    User,
    WelcomeDone,
    WelcomeStep,
)


def long_ago():
    return today() - timedelta(days=800)


class ProfessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Profession

    code = factory.Sequence("profession-{:05}".format)
    label = factory.Sequence("Profession {:05}".format)


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team
        skip_postgeneration_save = True

    class Params:
        in_project = factory.Trait(constituted_on=None, aci_signed_on=None)
        closed = factory.Trait(closed_on=factory.LazyFunction(lambda: today() - timedelta(30)))

    name = factory.Sequence("Maison de santé {:05}".format)
    department = Department.LOIRE_ATLANTIQUE
    insee_code = "44109"
    city = "Nantes"
    postcode = "44000"
    latitude = 47.2
    longitude = -1.5
    constituted_on = factory.LazyFunction(long_ago)
    aci_signed_on = factory.LazyFunction(long_ago)

    @factory.post_generation
    def member(self, create, extracted, **kwargs):
        """``TeamFactory(member=True)``: its membership of the year is paid."""
        if extracted:
            MembershipFactory(team=self, **kwargs)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    first_name = factory.Sequence("Prénom{:05}".format)
    last_name = factory.Sequence("Nom{:05}".format)
    profession = factory.SubFactory(ProfessionFactory)


class PersonEmailFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PersonEmail

    person = factory.SubFactory(PersonFactory)
    address = factory.Sequence("personne{:05}@exemple.test".format)


class ContactDetailFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ContactDetail

    person = factory.SubFactory(PersonFactory)
    kind = ContactKind.MOBILE
    value = factory.Sequence("+336{:08}".format)


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consent

    person = factory.SubFactory(PersonFactory)
    field = "email"
    value = factory.Sequence("personne{:05}@exemple.test".format)
    visibility = Visibility.MEMBERS
    text_version = "essai-1"
    text = "Les adhérents."
    channel = ConsentChannel.PORTAL


class DataRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DataRequest

    kind = DataRequestKind.CORRECTION
    person = factory.SubFactory(PersonFactory)
    text = "Mon nom a changé."
    due_on = factory.LazyFunction(lambda: today() + timedelta(days=30))


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    class Params:
        called = factory.Trait(status=MembershipStatus.CALLED, paid_on=None)

    year = factory.LazyFunction(lambda: today().year)
    team = factory.SubFactory(TeamFactory)
    status = MembershipStatus.PAID
    amount_cents = 30_000
    paid_on = factory.LazyFunction(today)


class ChargeFactory(factory.django.DjangoModelFactory):
    """Asked of a person, for an event; without its call."""

    class Meta:
        model = Charge

    label = factory.Sequence("Journée régionale {:05}".format)
    person = factory.SubFactory("tests.members.factories.PersonFactory")
    amount_cents = 2_500
    due_on = factory.LazyFunction(lambda: today() + timedelta(days=30))


class PieceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Piece

    kind = PieceKind.CALL
    year = factory.LazyFunction(lambda: today().year)
    number = factory.Sequence(lambda n: n + 1)
    issued_on = factory.LazyFunction(today)
    membership = factory.SubFactory(MembershipFactory)
    recipient = "Maison de santé"
    lines = factory.LazyFunction(lambda: [["Cotisation", 30_000]])
    amount_cents = 30_000


class AffiliationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Affiliation

    person = factory.SubFactory(PersonFactory)
    team = factory.SubFactory(TeamFactory)


class PositionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Position

    class Params:
        ended = factory.Trait(ended_on=factory.LazyFunction(lambda: today() - timedelta(days=30)))
        leader = factory.Trait(role=PositionRole.LEADER)

    person = factory.SubFactory(PersonFactory)
    team = factory.SubFactory(TeamFactory)
    role = PositionRole.COORDINATOR
    started_on = factory.LazyFunction(long_ago)


class QuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Question
        django_get_or_create = ("key",)

    key = "patients"
    kind = QuestionKind.NUMBER
    label = "File active"


class ScanFormFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScanForm
        django_get_or_create = ("year",)

    year = factory.LazyFunction(lambda: today().year)


class ScanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Scan

    class Params:
        draft = factory.Trait(submitted_on=None)

    team = factory.SubFactory(TeamFactory)
    form = factory.SubFactory(ScanFormFactory)
    submitted_on = factory.LazyFunction(today)


class FirstContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FirstContact

    received_on = factory.LazyFunction(today)
    department = Department.SARTHE
    channel = ContactChannel.PHONE


class AccompanimentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Accompaniment

    kind = AccompanimentKind.HEALTH_PROJECT_WRITING
    started_on = factory.LazyFunction(long_ago)


class AccompanimentTeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AccompanimentTeam

    accompaniment = factory.SubFactory(AccompanimentFactory)
    team = factory.SubFactory(TeamFactory)


class UserFactory(factory.django.DjangoModelFactory):
    """An account whose person has no current link; see ``tests.roles`` for the others."""

    class Meta:
        model = User

    email = factory.Sequence("compte{:05}@exemple.test".format)
    person = factory.SubFactory(PersonFactory)


class TeamFactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TeamFact

    team = factory.SubFactory(TeamFactory)
    kind = FactKind.VISIT
    happened_on = factory.LazyFunction(today)


class SiteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Site

    team = factory.SubFactory(TeamFactory)
    label = factory.Sequence("Site {:05}".format)
    city = "Nantes"


class ThresholdFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Threshold

    key = ThresholdKey.CLAP_DOCTORS
    applies_from = factory.Sequence(lambda n: date(2022, 1, 1) + timedelta(days=n))
    value = 4


class WelcomeStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WelcomeStep

    label = factory.Sequence("Étape {:05}".format)


class WelcomeDoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WelcomeDone

    position = factory.SubFactory(PositionFactory)
    step = factory.SubFactory(WelcomeStepFactory)


class ExchangeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Exchange

    team = factory.SubFactory(TeamFactory)
    kind = ExchangeKind.CALL
    happened_on = factory.LazyFunction(today)
    summary = "Un appel"


class CrmRecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CrmRecord

    module = CrmModule.CONTACTS
    object_id = factory.LazyFunction(lambda: PersonFactory().pk)


class CrmMappingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CrmMapping

    module = CrmModule.CONTACTS
    source = factory.Iterator([one for one in CrmSource.values if one.startswith("person.")])
    zoho_field = factory.Sequence("Champ_{:05}".format)


class CrmConflictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CrmConflict

    record = factory.SubFactory(CrmRecordFactory)
    mapping = factory.SubFactory(CrmMappingFactory)
    portal_value = "Nord"
    crm_value = "Sud"
    found_at = factory.LazyFunction(timezone.now)


class TeamManagerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TeamManager

    team = factory.SubFactory(TeamFactory)
    person = factory.SubFactory(PersonFactory)
    started_on = factory.LazyFunction(long_ago)


class InvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Invitation

    team = factory.SubFactory(TeamFactory)
    email = factory.Sequence("invite{:05}@exemple.test".format)
    first_name = "Zoé"
    last_name = factory.Sequence("Invitée{:05}".format)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))


class DepartureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Departure

    team = factory.SubFactory(TeamFactory)
    person = factory.SubFactory(PersonFactory)
    last_day = factory.LazyFunction(lambda: today() + timedelta(days=20))


class PersonMergeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PersonMerge

    kept = factory.SubFactory(PersonFactory)
    gone_id = factory.Sequence(lambda n: 10_000_000 + n)
    gone_code = factory.Sequence("ANCIEN{:05}".format)
    gone_name = "Ancienne Fiche"


class NotDuplicateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NotDuplicate

    first = factory.SubFactory(PersonFactory)
    second = factory.SubFactory(PersonFactory)
