"""Where the federation sits, who represents it there, and its partners."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Count, F, Q

from apmsl.lib.dates import holds, in_year
from apmsl.lib.history import tracked
from apmsl.lib.identifiers import new_code
from apmsl.lib.periods import Exclusion, daterange, one_of
from members.enums import Department
from members.models import Person
from network.enums import MandateRank


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def with_meetings(self, year: int, as_of: date) -> Self:
        """Meetings attended in the year, in ``meeting_count``."""
        held = in_year("meetings__held_on", year, as_of)
        return self.annotate(meeting_count=Count("meetings", filter=held))


@tracked()
class Institution(models.Model):
    code = models.SlugField("code", max_length=30, unique=True)
    name = models.CharField("nom", max_length=200)
    department = models.CharField("département", max_length=3, choices=Department, blank=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = "instance"

    def __str__(self) -> str:
        return self.name


class MandateQuerySet(models.QuerySet["Mandate"]):
    def on(self, day: date) -> Self:
        return self.filter(holds(day))


@tracked()
class Mandate(models.Model):
    institution = models.ForeignKey(
        Institution, verbose_name="instance", on_delete=models.PROTECT, related_name="mandates"
    )
    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.PROTECT, related_name="mandates"
    )
    rank = models.CharField("rang", max_length=10, choices=MandateRank)
    started_on = models.DateField("depuis le")
    ended_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat"
        constraints = [
            models.CheckConstraint(
                name="mandate_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            *(
                Exclusion(
                    name=f"mandate_no_overlap_{rank.value}",
                    expressions=[
                        (one_of("institution"), RangeOperators.OVERLAPS),
                        (one_of("person"), RangeOperators.OVERLAPS),
                        (daterange("started_on", "ended_on"), RangeOperators.OVERLAPS),
                    ],
                    condition=Q(rank=rank.value),
                    violation_error_message="Cette personne tient déjà ce mandat à ces dates.",
                )
                for rank in MandateRank
            ),
        ]

    def __str__(self) -> str:
        return f"mandat n° {self.pk}"


@tracked()
class RepresentationMeeting(models.Model):
    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    institution = models.ForeignKey(
        Institution, verbose_name="instance", on_delete=models.PROTECT, related_name="meetings"
    )
    held_on = models.DateField("le")
    person = models.ForeignKey(
        Person,
        verbose_name="représentée par",
        on_delete=models.PROTECT,
        related_name="representation_meetings",
    )

    class Meta:
        verbose_name = "réunion de représentation"
        verbose_name_plural = "réunions de représentation"

    def __str__(self) -> str:
        return f"réunion {self.code}"


@tracked()
class Partner(models.Model):
    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    name = models.CharField("nom", max_length=200)
    advantage = models.TextField("avantage pour les adhérents", blank=True)

    class Meta:
        verbose_name = "partenaire"

    def __str__(self) -> str:
        return self.name


class PartnerAgreementQuerySet(models.QuerySet["PartnerAgreement"]):
    def on(self, day: date) -> Self:
        return self.filter(holds(day, "signed_on", "ended_on"))


@tracked()
class PartnerAgreement(models.Model):
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="agreements")
    signed_on = models.DateField("en vigueur depuis le")
    ended_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = PartnerAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "convention"
        constraints = [
            models.CheckConstraint(
                name="partneragreement_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("signed_on")),
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            Exclusion(
                name="partneragreement_one_at_a_time",
                expressions=[
                    (one_of("partner"), RangeOperators.OVERLAPS),
                    (daterange("signed_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Ce partenaire a déjà une convention à ces dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"convention n° {self.pk}"
