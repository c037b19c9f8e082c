from datetime import timedelta

import factory

from apmsl.lib.dates import today
from members.enums import Department
from network.enums import (
    ArticleKind,
    CommissionCapacity,
    CoordinatorProfile,
    LetterKind,
    MandateRank,
    Organisation,
)
from network.models import (
    Article,
    BoardTerm,
    Commission,
    CommissionMeeting,
    CommissionMember,
    GroupMeeting,
    GroupReferent,
    Institution,
    LocalGroup,
    LocalGroupTeam,
    Mandate,
    Newsletter,
    Partner,
    PartnerAgreement,
    RepresentationMeeting,
    StaffPost,
    SurveyAnswer,
)
from tests.events.factories import EventFactory
from tests.members.factories import PersonFactory, TeamFactory, long_ago


class LocalGroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LocalGroup

    code = factory.Sequence("groupe-{:05}".format)
    name = factory.Sequence("Groupe {:05}".format)
    department = Department.LOIRE_ATLANTIQUE


class LocalGroupTeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LocalGroupTeam

    group = factory.SubFactory(LocalGroupFactory)
    team = factory.SubFactory(TeamFactory)
    joined_on = factory.LazyFunction(long_ago)


class GroupReferentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GroupReferent

    group = factory.SubFactory(LocalGroupFactory)
    person = factory.SubFactory(PersonFactory)
    started_on = factory.LazyFunction(long_ago)

    class Params:
        ended = factory.Trait(ended_on=factory.LazyFunction(today))


class GroupMeetingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GroupMeeting

    group = factory.SubFactory(LocalGroupFactory)
    event = factory.SubFactory(EventFactory)


class SurveyAnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SurveyAnswer

    year = factory.LazyFunction(lambda: today().year)
    team = factory.SubFactory(TeamFactory)
    answered_on = factory.LazyFunction(today)
    profile = CoordinatorProfile.OTHER
    organisation = Organisation.SINGLE


class InstitutionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Institution

    code = factory.Sequence("instance-{:05}".format)
    name = factory.Sequence("Instance {:05}".format)


class MandateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mandate

    institution = factory.SubFactory(InstitutionFactory)
    person = factory.SubFactory(PersonFactory)
    rank = MandateRank.FULL
    started_on = factory.LazyFunction(long_ago)


class RepresentationMeetingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RepresentationMeeting

    institution = factory.SubFactory(InstitutionFactory)
    person = factory.SubFactory(PersonFactory)
    held_on = factory.LazyFunction(today)


class PartnerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Partner

    name = factory.Sequence("Partenaire {:05}".format)


class PartnerAgreementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PartnerAgreement

    partner = factory.SubFactory(PartnerFactory)
    signed_on = factory.LazyFunction(long_ago)


class BoardTermFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BoardTerm

    person = factory.SubFactory(PersonFactory)
    started_on = factory.LazyFunction(long_ago)


class StaffPostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StaffPost

    person = factory.SubFactory(PersonFactory)
    job = "Chargé·e de mission"
    started_on = factory.LazyFunction(long_ago)


class CommissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Commission

    name = factory.Sequence("Commission {:05}".format)
    created_on = factory.LazyFunction(long_ago)


class CommissionMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CommissionMember

    commission = factory.SubFactory(CommissionFactory)
    person = factory.SubFactory(PersonFactory)
    capacity = CommissionCapacity.STAFF


class CommissionMeetingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CommissionMeeting

    commission = factory.SubFactory(CommissionFactory)
    held_on = factory.LazyFunction(today)


class NewsletterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Newsletter

    class Params:
        public = factory.Trait(kind=LetterKind.PUBLIC)

    kind = LetterKind.MEMBERS
    subject = factory.Sequence("Lettre {:05}".format)
    sent_on = factory.LazyFunction(lambda: today() - timedelta(days=5))


class ArticleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Article

    kind = ArticleKind.INSPIR_CAFE
    title = factory.Sequence("Article {:05}".format)
    published_on = factory.LazyFunction(lambda: today() - timedelta(days=5))
