from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from apmsl.lib.history import tracked
from reports.enums import Chapter


class ReportTextQuerySet(models.QuerySet["ReportText"]):
    def written(self) -> Self:
        return self.exclude(body="")


@tracked()
class ReportText(models.Model):
    """A text of the yearly report, where the staff or the board wrote one."""

    year = models.PositiveSmallIntegerField("année")
    chapter = models.CharField("chapitre", max_length=30, choices=Chapter)
    body = models.TextField("texte", help_text="Markdown : titres, listes, gras, italique.")
    signature = models.CharField("signature", max_length=150, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="écrit par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )

    objects = ReportTextQuerySet.as_manager()

    class Meta:
        verbose_name = "texte du rapport"
        verbose_name_plural = "textes du rapport"
        constraints = [
            models.UniqueConstraint(
                name="reporttext_one_per_year_and_chapter",
                fields=["year", "chapter"],
                violation_error_message="Ce chapitre a déjà un texte pour cette année.",
            ),
            models.CheckConstraint(
                name="reporttext_year_plausible",
                condition=Q(year__range=(2000, 2100)),
                violation_error_message="L’année doit être comprise entre 2000 et 2100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_chapter_display()} {self.year}"
