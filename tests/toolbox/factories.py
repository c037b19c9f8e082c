from datetime import timedelta

import factory

from apmsl.lib.dates import today
from tests.members.factories import TeamFactory
from toolbox.enums import JobKind, LoanStatus, ToolKind
from toolbox.models import Equipment, JobPosting, Loan, Theme, Tool


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme
        django_get_or_create = ("code",)

    code = "aci"
    label = "ACI"


class ToolFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tool

    class Params:
        public = factory.Trait(audiences=["public"])

    title = factory.Sequence("Outil {:05}".format)
    kind = ToolKind.GUIDE
    published_on = factory.LazyFunction(lambda: today() - timedelta(days=100))
    audiences = factory.LazyFunction(lambda: ["members"])


class JobPostingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = JobPosting

    team = factory.SubFactory(TeamFactory)
    title = factory.Sequence("Poste {:05}".format)
    kind = JobKind.COORDINATOR
    published_on = factory.LazyFunction(lambda: today() - timedelta(days=20))


class EquipmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Equipment

    code = factory.Sequence("materiel-{:05}".format)
    name = factory.Sequence("Matériel {:05}".format)
    copies = 1


class LoanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Loan

    class Params:
        approved = factory.Trait(status=LoanStatus.APPROVED, copy=1)

    equipment = factory.SubFactory(EquipmentFactory)
    team = factory.SubFactory(TeamFactory)
    requested_on = factory.LazyFunction(today)
    starts_on = factory.LazyFunction(lambda: today() + timedelta(days=5))
    ends_on = factory.LazyFunction(lambda: today() + timedelta(days=20))
