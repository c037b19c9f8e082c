"""The yearly form (Scan'équipe).

A question has a key that never changes; a year's form picks questions, words them and orders them.
What a team sends is a version: a correction is another one, and a past year keeps its own.
"""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.utils.functional import cached_property

from apmsl.lib.history import tracked
from members.enums import QuestionKind
from members.models.people import Profession
from members.models.teams import Team


class Question(models.Model):
    key = models.SlugField("clé", max_length=60, unique=True)
    kind = models.CharField("type", max_length=20, choices=QuestionKind)
    label = models.CharField("question", max_length=200)

    class Meta:
        verbose_name = "question"

    def __str__(self) -> str:
        return self.label


class ScanForm(models.Model):
    """The form of a year."""

    year = models.PositiveSmallIntegerField("année", unique=True)
    questions = models.ManyToManyField(
        Question,
        through="FormQuestion",
        through_fields=("form", "question"),
        related_name="forms",
    )

    class Meta:
        verbose_name = "formulaire annuel"
        verbose_name_plural = "formulaires annuels"

    def __str__(self) -> str:
        return f"Scan’équipe {self.year}"

    @cached_property
    def is_answered(self) -> bool:
        """Whether a team has sent it, when first asked."""
        return Scan.objects.filter(form=self, submitted_on__isnull=False).exists()


class FormSection(models.Model):
    """Questions of one subject, under its title; a year's form has its own."""

    form = models.ForeignKey(ScanForm, on_delete=models.CASCADE, related_name="sections")
    rank = models.PositiveSmallIntegerField("ordre")
    title = models.CharField("titre", max_length=120)
    help_text = models.CharField("présentation", max_length=300, blank=True)

    class Meta:
        verbose_name = "partie du formulaire"
        verbose_name_plural = "parties du formulaire"
        constraints = [
            models.UniqueConstraint(
                name="formsection_title_once",
                fields=["form", "title"],
                violation_error_message="Une partie du formulaire porte déjà ce titre.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class FormQuestion(models.Model):
    """A question as one year's form asks it."""

    form = models.ForeignKey(ScanForm, on_delete=models.CASCADE, related_name="form_questions")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="form_questions")
    section = models.ForeignKey(
        FormSection,
        verbose_name="partie",
        on_delete=models.SET_NULL,
        related_name="form_questions",
        null=True,
        blank=True,
    )
    rank = models.PositiveSmallIntegerField("ordre")
    wording = models.CharField("formulation de l’année", max_length=300, blank=True)
    help_text = models.CharField("aide", max_length=300, blank=True)
    choices = ArrayField(
        models.CharField(max_length=100), verbose_name="choix", default=list, blank=True
    )
    is_publishable = models.BooleanField("publiable dans le Scan’équipe Région", default=True)
    is_required = models.BooleanField("réponse obligatoire", default=False)
    minimum = models.PositiveIntegerField("au moins", null=True, blank=True)
    maximum = models.PositiveIntegerField("au plus", null=True, blank=True)
    at_most = models.ForeignKey(
        Question,
        verbose_name="ne dépasse pas la réponse à",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    big_variation = models.PositiveSmallIntegerField(
        "écart qui demande un mot (%)",
        null=True,
        blank=True,
        help_text="Par rapport à l’an dernier. Vide : aucun mot n’est demandé.",
    )

    class Meta:
        verbose_name = "question du formulaire"
        verbose_name_plural = "questions du formulaire"
        constraints = [
            models.UniqueConstraint(
                name="formquestion_once_per_form",
                fields=["form", "question"],
                violation_error_message="Cette question est déjà dans le formulaire de l’année.",
            ),
            models.CheckConstraint(
                name="formquestion_minimum_below_maximum",
                condition=Q(minimum__isnull=True)
                | Q(maximum__isnull=True)
                | Q(minimum__lte=F("maximum")),
                violation_error_message="Le minimum ne peut pas dépasser le maximum.",
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.rank}"


class ScanQuerySet(models.QuerySet["Scan"]):
    def sent(self) -> Self:
        return self.filter(submitted_on__isnull=False)

    def last_of_year(self, year: int, as_of: date) -> Self:
        """The last version that each team sent for a year, by ``as_of``."""
        sent = self.filter(form__year=year).filter(submitted_on__lte=as_of)
        latest = (
            Scan.objects.filter(team=OuterRef("team"), form=OuterRef("form"))
            .filter(submitted_on__lte=as_of)
            .order_by()
            .values("team")
            .annotate(day=Max("submitted_on"))
            .values("day")
        )
        return sent.filter(submitted_on=Subquery(latest))


@tracked()
class Scan(models.Model):
    """One version of a team's form; without a date of sending, a draft."""

    team = models.ForeignKey(
        Team, verbose_name="équipe", on_delete=models.PROTECT, related_name="scans"
    )
    form = models.ForeignKey(
        ScanForm, verbose_name="formulaire", on_delete=models.PROTECT, related_name="scans"
    )
    submitted_on = models.DateField("envoyé le", null=True, blank=True)
    submitted_by = models.ForeignKey(
        "members.User",
        verbose_name="envoyé par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    objects = ScanQuerySet.as_manager()

    class Meta:
        verbose_name = "Scan’équipe"
        verbose_name_plural = "Scan’équipe"
        constraints = [
            models.UniqueConstraint(
                name="scan_one_version_per_day",
                fields=["team", "form", "submitted_on"],
                nulls_distinct=False,
                violation_error_message=(
                    "Cette équipe a déjà un envoi à cette date, ou un brouillon, pour cette année."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"Scan’équipe n° {self.pk}"


class Entry(models.Model):
    """Who wrote an answer of a draft and when; a word on what changed much since last year."""

    remark = models.CharField("un mot sur l’écart", max_length=300, blank=True)
    changed_at = models.DateTimeField("écrit le", null=True, blank=True)
    changed_by = models.ForeignKey(
        "members.User",
        verbose_name="écrit par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        abstract = True


@tracked()
class ScanAnswer(Entry):
    """The answer to one question: yes or no, a number, or a text. No row: no answer."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    yes = models.BooleanField("oui", null=True, blank=True)
    number = models.PositiveIntegerField("nombre", null=True, blank=True)
    text = models.TextField("texte", blank=True)

    class Meta:
        verbose_name = "réponse"
        constraints = [
            models.UniqueConstraint(
                name="scananswer_one_per_question",
                fields=["scan", "question"],
                violation_error_message="Cette question a déjà une réponse.",
            ),
            models.CheckConstraint(
                name="scananswer_one_kind_of_value",
                condition=Q(yes__isnull=False, number__isnull=True, text="")
                | Q(yes__isnull=True, number__isnull=False, text="")
                | (Q(yes__isnull=True, number__isnull=True) & ~Q(text="")),
                violation_error_message="Une réponse est un oui ou non, un nombre ou un texte.",
            ),
        ]

    def __str__(self) -> str:
        return f"réponse n° {self.pk}"


@tracked()
class ScanHeadcount(Entry):
    """How many of a profession: the answer to a question of kind « effectif par profession »."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="headcounts")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="headcounts")
    profession = models.ForeignKey(
        Profession, verbose_name="profession", on_delete=models.PROTECT, related_name="headcounts"
    )
    headcount = models.PositiveIntegerField("effectif")

    class Meta:
        verbose_name = "effectif"
        constraints = [
            models.UniqueConstraint(
                name="scanheadcount_one_per_profession",
                fields=["scan", "question", "profession"],
                violation_error_message="Cette profession a déjà un effectif.",
            )
        ]

    def __str__(self) -> str:
        return f"effectif n° {self.pk}"
