from datetime import time, timedelta

import factory
from django.core.files.base import ContentFile
from django.utils import timezone

from apmsl.lib.dates import today
from events.enums import (
    Category,
    ContributorRole,
    Counted,
    DocumentMoment,
    EventStatus,
    HalfDays,
    ItemType,
    RegistrationStatus,
    ReportChapter,
)
from events.models import (
    ActionKind,
    Attendance,
    CalendarFeed,
    Certificate,
    CheckIn,
    Contributor,
    Decision,
    Event,
    EventDocument,
    EventLetter,
    EventPartner,
    EventSession,
    GuestRequest,
    Item,
    ItemChoice,
    Objective,
    Opening,
    Party,
    Registration,
    RegistrationAnswer,
    RegistrationQuestion,
    SatisfactionAnswer,
    SavedFilter,
    Series,
    SurveyInvitation,
)
from tests.members.factories import PersonFactory, UserFactory


class EventFactory(factory.django.DjangoModelFactory):
    """Planned in a month, for members, without limit of seats."""

    class Meta:
        model = Event

    class Params:
        category = Category.THEMATIC_MEETING
        cancelled = factory.Trait(status=EventStatus.CANCELLED)
        held = factory.Trait(
            status=EventStatus.HELD,
            starts_on=factory.LazyFunction(lambda: today() - timedelta(days=10)),
        )
        public = factory.Trait(audiences=["public"])

    title = factory.Sequence("Événement {:05}".format)
    kind = factory.LazyAttribute(lambda event: ActionKind.objects.get(code=event.category))
    starts_on = factory.LazyFunction(lambda: today() + timedelta(days=30))
    ends_on = factory.SelfAttribute("starts_on")
    audiences = factory.LazyFunction(lambda: ["members"])


class EventSessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EventSession

    event = factory.SubFactory(EventFactory)
    number = factory.Sequence(lambda n: n + 1)
    held_on = factory.SelfAttribute("event.starts_on")


class RegistrationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Registration

    class Params:
        waiting = factory.Trait(status=RegistrationStatus.WAITLISTED)
        cancelled = factory.Trait(status=RegistrationStatus.CANCELLED)

    event = factory.SubFactory(EventFactory)
    person = factory.SubFactory(PersonFactory)
    registered_on = factory.LazyFunction(today)
    queued_at = factory.LazyFunction(timezone.now)


class AttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attendance

    session = factory.SubFactory(EventSessionFactory)
    person = factory.SubFactory(PersonFactory)


class CheckInFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CheckIn

    session = factory.SubFactory(EventSessionFactory)
    person = factory.SubFactory(PersonFactory)
    part = HalfDays.ALL
    is_here = True
    noted_at = factory.LazyFunction(timezone.now)


class ActionKindFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ActionKind

    code = factory.Sequence("type-{:05}".format)
    label = factory.Sequence("Type {:05}".format)
    chapter = ReportChapter.TEAMS
    counted = Counted.PARTICIPANTS
    audiences = factory.LazyFunction(lambda: ["members"])


class SeriesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Series

    code = factory.Sequence("serie-{:05}".format)
    title = factory.Sequence("Série {:05}".format)
    kind = factory.LazyAttribute(lambda _: ActionKind.objects.get(code=Category.REGIONAL_DAY))


class PartyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Party

    event = factory.SubFactory(EventFactory)


class ObjectiveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Objective

    event = factory.SubFactory(EventFactory)
    position = factory.Sequence(lambda n: n % 100 + 1)
    text = factory.Sequence("Objectif {:05}".format)


class ContributorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contributor

    event = factory.SubFactory(EventFactory)
    role = ContributorRole.SPEAKER
    name = factory.Sequence("Intervenant {:05}".format)


class EventPartnerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EventPartner

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence("Partenaire {:05}".format)


class EventDocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EventDocument

    event = factory.SubFactory(EventFactory)
    moment = DocumentMoment.BEFORE
    title = factory.Sequence("Document {:05}".format)
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-", "document.pdf"))


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Decision

    event = factory.SubFactory(EventFactory)
    text = factory.Sequence("Décision {:05}".format)


class ItemFactory(factory.django.DjangoModelFactory):
    """A workshop to choose, from 10 to 11."""

    class Meta:
        model = Item

    event = factory.SubFactory(EventFactory)
    type = ItemType.WORKSHOP
    title = factory.Sequence("Atelier {:05}".format)
    held_on = factory.SelfAttribute("event.starts_on")
    starts_at = time(10)
    ends_at = time(11)
    is_chosen = True


class ItemChoiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ItemChoice

    registration = factory.SubFactory(RegistrationFactory)
    item = factory.SubFactory(ItemFactory, event=factory.SelfAttribute("..registration.event"))


class OpeningFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Opening

    event = factory.SubFactory(EventFactory)
    audience = "members"
    opens_on = factory.LazyFunction(today)


class RegistrationQuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RegistrationQuestion

    event = factory.SubFactory(EventFactory)
    text = factory.Sequence("Question {:05}".format)


class RegistrationAnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RegistrationAnswer

    registration = factory.SubFactory(RegistrationFactory)
    question = factory.SubFactory(
        RegistrationQuestionFactory, event=factory.SelfAttribute("..registration.event")
    )
    value = "Oui"


class GuestRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GuestRequest

    event = factory.SubFactory(EventFactory, public=True)
    first_name = "Camille"
    last_name = factory.Sequence("Visite{:05}".format)
    email = factory.Sequence("visite{:05}@exemple.test".format)
    asked_at = factory.LazyFunction(timezone.now)


class CertificateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Certificate

    registration = factory.SubFactory(RegistrationFactory)
    year = factory.LazyFunction(lambda: today().year)
    number = factory.Sequence(lambda n: n + 1)
    issued_on = factory.LazyFunction(today)
    half_days = 1
    hours = 3


class SurveyInvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SurveyInvitation

    registration = factory.SubFactory(RegistrationFactory)
    sent_at = factory.LazyFunction(timezone.now)


class SatisfactionAnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SatisfactionAnswer

    event = factory.SubFactory(EventFactory)
    satisfaction = 4


class EventLetterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EventLetter

    event = factory.SubFactory(EventFactory)
    subject = factory.Sequence("Message {:05}".format)
    text = "Bonjour"
    recipients = "registered"


class CalendarFeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CalendarFeed

    user = factory.SubFactory(UserFactory)
    created_at = factory.LazyFunction(timezone.now)


class SavedFilterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SavedFilter

    user = factory.SubFactory(UserFactory)
    listed = "events"
    name = factory.Sequence("Filtre {:05}".format)
    query = "periode=a-venir"
