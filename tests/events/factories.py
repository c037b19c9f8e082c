from datetime import timedelta

import factory
from django.utils import timezone

from apmsl.lib.dates import today
from events.enums import Category, EventStatus, RegistrationStatus
from events.models import Attendance, Event, EventSession, Registration
from tests.members.factories import PersonFactory


class EventFactory(factory.django.DjangoModelFactory):
    """Planned in a month, for members, without limit of seats."""

    class Meta:
        model = Event

    class Params:
        cancelled = factory.Trait(status=EventStatus.CANCELLED)
        held = factory.Trait(
            status=EventStatus.HELD,
            starts_on=factory.LazyFunction(lambda: today() - timedelta(days=10)),
        )
        public = factory.Trait(audiences=["public"])

    title = factory.Sequence("Événement {}".format)
    category = Category.THEMATIC_MEETING
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
