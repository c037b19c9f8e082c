from django.db import models
from django.db.models import Q

from apmsl.lib.history import tracked


@tracked()
class DefinitionBreak(models.Model):
    """From ``year`` on a figure is counted otherwise, as the staff says; a declaration may say it too
    (see ``reports.indicators.breaks``)."""

    figure = models.SlugField("chiffre", max_length=60)
    year = models.PositiveSmallIntegerField(
        "à partir de l’année", help_text="La première année comptée autrement."
    )
    reason = models.CharField(
        "ce qui change",
        max_length=300,
        help_text="Une phrase : « Les équipes en projet sont comptées aussi. »",
    )

    class Meta:
        verbose_name = "rupture de définition"
        verbose_name_plural = "ruptures de définition"
        constraints = [
            models.UniqueConstraint(
                name="definitionbreak_one_per_figure_and_year",
                fields=["figure", "year"],
                violation_error_message="La rupture de ce chiffre est déjà dite pour cette année.",
            ),
            models.CheckConstraint(
                name="definitionbreak_year_plausible",
                condition=Q(year__range=(2000, 2100)),
                violation_error_message="L’année doit être comprise entre 2000 et 2100.",
            ),
            models.CheckConstraint(
                name="definitionbreak_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Dites ce qui change dans la façon de compter.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.year}"
