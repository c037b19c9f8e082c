from datetime import timedelta

import factory

from apmsl.lib.dates import today
from tests.members.factories import PersonFactory
from training.enums import EnrolmentStatus, Programme, SeminarMode
from training.models import Cohort, Enrolment, Seminar


class CohortFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cohort

    code = factory.Sequence("pacte-{:05}".format)
    programme = Programme.PACTE
    name = factory.Sequence("Promotion {:05}".format)
    number = factory.Sequence(lambda n: n + 1)
    starts_on = factory.LazyFunction(lambda: today() - timedelta(days=100))
    ends_on = factory.LazyFunction(lambda: today() + timedelta(days=200))
    hours = 156


class SeminarFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Seminar

    cohort = factory.SubFactory(CohortFactory)
    number = factory.Sequence(lambda n: n + 1)
    held_on = factory.LazyFunction(today)
    mode = SeminarMode.ON_SITE


class EnrolmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enrolment

    cohort = factory.SubFactory(CohortFactory)
    person = factory.SubFactory(PersonFactory)
    status = EnrolmentStatus.ENROLLED
