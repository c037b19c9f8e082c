from django.db import models

from apmsl.lib.history import tracked


@tracked()
class ExternalFigure(models.Model):
    """A figure that no record of the portal can give: dated, with its source."""

    year = models.PositiveSmallIntegerField("année")
    key = models.SlugField("clé", max_length=60)
    value = models.BigIntegerField("valeur")
    as_of = models.DateField("à la date du", null=True, blank=True)
    source = models.CharField("source", max_length=200, blank=True)

    class Meta:
        verbose_name = "chiffre extérieur"
        verbose_name_plural = "chiffres extérieurs"
        constraints = [
            models.UniqueConstraint(
                name="externalfigure_one_per_year_and_key",
                fields=["year", "key"],
                violation_error_message="Ce chiffre est déjà donné pour cette année.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.year}"
