from typing import Self

from django.db import models
from django.db.models import Q

from apmsl.lib import typography
from apmsl.lib.history import tracked
from reports.enums import Chapter, Unit

LAST_YEAR = 2100  # beyond, a year is a slip

# The chapters that have a place for landmarks: the others are texts, or a spread.
LANDMARK_CHAPTERS = (
    Chapter.REPRESENTATION,
    Chapter.PROJECTS,
    Chapter.TEAMS,
    Chapter.EVOLUTION,
    Chapter.NETWORK,
    Chapter.TRAINING,
    Chapter.COMMUNICATION,
    Chapter.GOVERNANCE,
)


class ExternalFigureQuerySet(models.QuerySet["ExternalFigure"]):
    def landmarks(self, year: int) -> Self:
        """Those that the report prints as they are, with their source: chapter by chapter, in the
        order in which they were entered."""
        return self.filter(year=year).exclude(chapter="").order_by("chapter", "pk")


@tracked()
class ExternalFigure(models.Model):
    """A figure that no record of the portal can give: dated, with its source.

    Some are declared as indicators, by their key; the others are landmarks, which the report prints in
    their ``chapter`` with what they count (``label``).
    """

    year = models.PositiveSmallIntegerField("année")
    key = models.SlugField("clé", max_length=60)
    value = models.BigIntegerField("valeur")
    as_of = models.DateField("à la date du", null=True, blank=True)
    source = models.CharField("source", max_length=200, blank=True)
    chapter = models.CharField(
        "repère du chapitre",
        max_length=30,
        choices=[(chapter.value, chapter.label) for chapter in LANDMARK_CHAPTERS],
        blank=True,
        help_text="Un repère est imprimé dans ce chapitre du rapport, avec sa source et sa date.",
    )
    label = models.CharField(
        "ce qu’il compte",
        max_length=150,
        blank=True,
        help_text="Tel qu’il sera imprimé : « Fédérations régionales du mouvement ».",
    )
    unit = models.CharField("unité", max_length=10, choices=Unit, default=Unit.NUMBER)

    objects = ExternalFigureQuerySet.as_manager()

    class Meta:
        verbose_name = "chiffre extérieur"
        verbose_name_plural = "chiffres extérieurs"
        constraints = [
            models.UniqueConstraint(
                name="externalfigure_one_per_year_and_key",
                fields=["year", "key"],
                violation_error_message="Ce chiffre est déjà donné pour cette année.",
            ),
            models.CheckConstraint(
                name="externalfigure_year_plausible",
                condition=Q(year__range=(2000, LAST_YEAR)),
                violation_error_message="L’année doit être comprise entre 2000 et 2100.",
            ),
            models.CheckConstraint(
                name="externalfigure_landmark_has_its_source",
                condition=Q(chapter="") | (~Q(label="") & ~Q(source="") & Q(as_of__isnull=False)),
                violation_error_message=(
                    "Un repère est imprimé avec ce qu’il compte, sa source et sa date : "
                    "donnez les trois."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.year}"

    @property
    def text(self) -> str:
        """« 4 000 », « 10 % », « 150 € », « 2012 »."""
        if self.unit == Unit.YEAR:
            return str(self.value)
        if self.unit == Unit.PERCENT:
            return typography.percent(self.value)
        shown = typography.number(self.value)
        return f"{shown}{typography.NBSP}€" if self.unit == Unit.EURO else shown
