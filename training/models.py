"""Programmes run as cohorts: seminars, people enrolled, results."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse

from apmsl.lib.history import tracked
from members.models import Person
from training.enums import EnrolmentStatus, Programme, Result, SeminarMode


class CohortQuerySet(models.QuerySet["Cohort"]):
    def running_on(self, on: date) -> Self:
        return self.filter(starts_on__lte=on, ends_on__gte=on)

    def with_counts(self) -> Self:
        """Who started and who graduated, in ``started_count`` and ``graduated_count``."""
        started = Q(enrolments__status__in=[EnrolmentStatus.ENROLLED, EnrolmentStatus.WITHDRAWN])
        graduated = Q(enrolments__result=Result.GRADUATED)
        return self.annotate(
            started_count=Count("enrolments", filter=started),
            graduated_count=Count("enrolments", filter=graduated),
        )


@tracked()
class Cohort(models.Model):
    code = models.SlugField("code", max_length=30, unique=True)
    programme = models.CharField("programme", max_length=20, choices=Programme)
    name = models.CharField("nom", max_length=100)
    number = models.PositiveSmallIntegerField("numéro")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    hours = models.PositiveSmallIntegerField("heures", default=0)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = "promotion"
        constraints = [
            models.UniqueConstraint(
                name="cohort_number_once_per_programme",
                fields=["programme", "number"],
                violation_error_message="Ce numéro de promotion est déjà pris dans ce programme.",
            ),
            models.CheckConstraint(
                name="cohort_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("training:cohort", args=[self.pk])


@tracked()
class Seminar(models.Model):
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="seminars")
    number = models.PositiveSmallIntegerField("numéro")
    title = models.CharField("titre", max_length=150, blank=True)
    held_on = models.DateField("le")
    mode = models.CharField("modalité", max_length=12, choices=SeminarMode)

    class Meta:
        verbose_name = "séminaire"
        constraints = [
            models.UniqueConstraint(
                name="seminar_number_once",
                fields=["cohort", "number"],
                violation_error_message="Ce numéro de séminaire est déjà pris.",
            )
        ]

    def __str__(self) -> str:
        return f"séminaire {self.number}"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def started(self) -> Self:
        """Enrolled at the start, whether or not they went on."""
        return self.filter(status__in=[EnrolmentStatus.ENROLLED, EnrolmentStatus.WITHDRAWN])

    def with_result_by(self, as_of: date, *results: Result) -> Self:
        return self.filter(result__in=results, result_on__lte=as_of)


@tracked()
class Enrolment(models.Model):
    cohort = models.ForeignKey(
        Cohort, verbose_name="promotion", on_delete=models.PROTECT, related_name="enrolments"
    )
    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.PROTECT, related_name="enrolments"
    )
    status = models.CharField(
        "état", max_length=12, choices=EnrolmentStatus, default=EnrolmentStatus.APPLIED
    )
    defended_on = models.DateField("soutenance le", null=True, blank=True)
    result = models.CharField("résultat", max_length=12, choices=Result, blank=True)
    result_on = models.DateField("résultat le", null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "parcours"
        verbose_name_plural = "parcours"
        constraints = [
            models.UniqueConstraint(
                name="enrolment_once_per_cohort",
                fields=["cohort", "person"],
                violation_error_message="Cette personne est déjà dans cette promotion.",
            ),
            models.CheckConstraint(
                name="enrolment_result_is_dated",
                condition=Q(result="", result_on__isnull=True)
                | (~Q(result="") & Q(result_on__isnull=False)),
                violation_error_message="Un résultat va avec sa date.",
            ),
        ]

    def __str__(self) -> str:
        return f"parcours n° {self.pk}"
