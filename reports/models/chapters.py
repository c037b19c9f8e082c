from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from apmsl.lib.history import tracked
from reports.enums import PRINTED, Chapter
from reports.models.actions import SPOKEN_CHAPTERS, name_of

ADDED = "ajout-"  # begins the key of a chapter of words alone


class ChapterOfYearQuerySet(models.QuerySet["ChapterOfYear"]):
    def of_year(self, year: int) -> Self:
        """In their order."""
        return self.filter(year=year).order_by("position", "pk")

    def added(self) -> Self:
        """By the staff: of words alone."""
        return self.filter(key__startswith=ADDED)

    def hidden(self) -> Self:
        return self.filter(is_shown=False)


@tracked()
class ChapterOfYear(models.Model):
    """Where a chapter stands in the report of a year, once the staff changed something; one that it
    added has its title here, and its words as the others (``ReportText``)."""

    year = models.PositiveSmallIntegerField("année")
    key = models.SlugField("chapitre", max_length=30)
    position = models.PositiveSmallIntegerField("place")
    is_shown = models.BooleanField("imprimé", default=True)
    title = models.CharField("titre", max_length=100, blank=True)

    objects = ChapterOfYearQuerySet.as_manager()

    class Meta:
        verbose_name = "chapitre du rapport"
        verbose_name_plural = "chapitres du rapport"
        constraints = [
            models.UniqueConstraint(
                name="chapterofyear_one_place_a_year",
                fields=["year", "key"],
                violation_error_message="Ce chapitre a déjà sa place cette année.",
            ),
            models.CheckConstraint(
                name="chapterofyear_usual_or_titled",
                condition=Q(key__in=[str(chapter) for chapter in PRINTED], title="")
                | (Q(key__startswith=ADDED) & ~Q(title="")),
                violation_error_message="Un chapitre ajouté a un titre ; les autres ont le leur.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

    def get_absolute_url(self) -> str:
        """Where its text is written."""
        return reverse("reports:text", args=[self.year, self.key])

    @property
    def name(self) -> str:
        return self.title or Chapter(self.key).label

    @property
    def is_added(self) -> bool:
        return self.key.startswith(ADDED)

    @property
    def has_actions(self) -> bool:
        """Which stand in an order of theirs (``ActionPlace``)."""
        return self.key in SPOKEN_CHAPTERS


class ActionPlaceQuerySet(models.QuerySet["ActionPlace"]):
    def of_year(self, year: int) -> Self:
        """In their order, chapter by chapter."""
        return self.filter(year=year).order_by("chapter", "position", "pk")

    def of_chapter(self, year: int, chapter: str) -> Self:
        return self.of_year(year).filter(chapter=chapter)


@tracked()
class ActionPlace(models.Model):
    """Where an action stands in its chapter of a year, once the staff changed something there. ``key``
    is that of the printed action: what is told of it has the same (``ActionOfYear``)."""

    year = models.PositiveSmallIntegerField("année")
    chapter = models.SlugField("chapitre", max_length=30)
    key = models.SlugField("action", max_length=40)
    position = models.PositiveSmallIntegerField("place")
    is_shown = models.BooleanField("imprimée", default=True)
    title = models.CharField("titre", max_length=100, blank=True)

    objects = ActionPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "place d’une action du rapport"
        verbose_name_plural = "places des actions du rapport"
        constraints = [
            models.UniqueConstraint(
                name="actionplace_one_a_year",
                fields=["year", "chapter", "key"],
                violation_error_message="Cette action a déjà sa place cette année.",
            ),
            models.CheckConstraint(
                name="actionplace_in_a_chapter_of_actions",
                condition=Q(chapter__in=[str(chapter) for chapter in SPOKEN_CHAPTERS]),
                violation_error_message="Ce chapitre n’a pas d’actions.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("reports:actions", args=[self.year, self.chapter])

    @property
    def name(self) -> str:
        return self.title or name_of(self.key)
