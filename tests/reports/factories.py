import factory
from django.utils import timezone

from apmsl.jobs.models import Result, Run, RunRequest
from apmsl.lib.dates import today
from reports.enums import Chapter, TextStatus
from reports.models import (
    ActionOfYear,
    ActionPlace,
    ChapterOfYear,
    DefinitionBreak,
    ExternalFigure,
    FigureNote,
    ReportComment,
    ReportText,
    ReportVersion,
    SheetLayout,
    Testimony,
    WordCloud,
)
from tests.members.factories import TeamFactory, UserFactory


class ExternalFigureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ExternalFigure

    year = factory.LazyFunction(lambda: today().year)
    key = factory.Sequence("figure_{:05}".format)
    value = 66_672


class ChapterOfYearFactory(factory.django.DjangoModelFactory):
    """Of words alone, which the staff added."""

    class Meta:
        model = ChapterOfYear

    year = factory.LazyFunction(lambda: today().year)
    key = factory.Sequence("ajout-{}".format)
    position = factory.Sequence(lambda n: n + 100)
    title = factory.Sequence("Chapitre {:05}".format)


class ActionPlaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ActionPlace

    year = factory.LazyFunction(lambda: today().year)
    chapter = Chapter.COMMUNICATION
    key = factory.Sequence("type-{}".format)
    position = factory.Sequence(int)


class ReportTextFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReportText

    year = factory.LazyFunction(lambda: today().year)
    chapter = factory.Iterator(Chapter)
    body = "Une année dense."
    status = TextStatus.READY


class ReportCommentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReportComment

    text = factory.SubFactory(ReportTextFactory)
    author = factory.SubFactory(UserFactory)
    body = factory.Sequence("Remarque {:05}".format)
    written_at = factory.LazyFunction(timezone.now)


class RunFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Run

    kind = "activity"
    key = factory.Sequence("activity:{:05}".format)
    label = "Rapport d’activité"


class RunRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RunRequest

    run = factory.SubFactory(RunFactory)
    user = factory.SubFactory(UserFactory)


class ResultFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Result

    kind = "activity"
    key = factory.Sequence("activity:{:05}".format)
    digest = factory.Sequence("{:064d}".format)
    filename = "rapport.pdf"


class ReportVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReportVersion

    year = factory.LazyFunction(lambda: today().year)
    number = factory.Sequence(lambda n: n + 1)
    as_of = factory.LazyFunction(today)
    figures = factory.LazyFunction(dict)
    counts = factory.LazyFunction(dict)
    texts = factory.LazyFunction(dict)
    html = "<html><body><p>Rapport</p></body></html>"
    digest = factory.Sequence("digest-{:05}".format)
    made_on = factory.LazyFunction(today)
    made_at = factory.LazyFunction(timezone.now)


class SheetLayoutFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SheetLayout

    team = factory.SubFactory(TeamFactory)
    year = factory.LazyFunction(lambda: today().year)


class ActionOfYearFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ActionOfYear

    year = factory.LazyFunction(lambda: today().year)
    key = factory.Sequence("type-{}".format)
    objective = "Se rencontrer."


class FigureNoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FigureNote

    year = factory.LazyFunction(lambda: today().year)
    figure = factory.Sequence("figure_{:05}".format)
    text = "En cumul sur l’année."


class DefinitionBreakFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DefinitionBreak

    figure = factory.Sequence("figure_{:05}".format)
    year = factory.LazyFunction(lambda: today().year)
    reason = "Les équipes en projet sont comptées aussi."


class WordCloudFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WordCloud

    year = factory.LazyFunction(lambda: today().year)
    subject = "chapter-governance"
    title = factory.Sequence("En un mot, {:05}".format)
    answers = "écoute x 3, réseau, réseau, élan"


class TestimonyFactory(factory.django.DjangoModelFactory):
    __test__ = False

    class Meta:
        model = Testimony

    year = factory.LazyFunction(lambda: today().year)
    subject = "local_group_meeting"
    body = factory.Sequence("Je ne suis plus seule, {:05}.".format)
    role = "Coordinatrice"
    agreed_on = factory.LazyFunction(today)
