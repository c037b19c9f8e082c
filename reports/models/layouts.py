"""How a team presents itself: what its Scan'équipe shows, under which logo and photo."""

from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q

from apmsl.lib.history import tracked
from apmsl.lib.uploads import check_document
from members.models import Team
from reports.enums import SheetBlock

# Without any of them, the page would be white under its title.
BODY = [
    SheetBlock.COMPOSITION,
    SheetBlock.BESIDE,
    SheetBlock.PRACTICES,
    SheetBlock.COORDINATION,
]
_PICTURE = (FileExtensionValidator(["jpg", "jpeg", "png"]), check_document)


class SheetLayoutQuerySet(models.QuerySet["SheetLayout"]):
    def for_year(self, teams: Iterable[int], year: int) -> Self:
        """What each team chose for the year, or last before it: a later choice changes nothing of
        an earlier page."""
        chosen = self.filter(team__in=list(teams), year__lte=year)
        return chosen.order_by("team_id", "-year").distinct("team_id")


@tracked()
class SheetLayout(models.Model):
    """The choice of a team for a year. What is hidden is named, so that a block of next year shows
    until the team says otherwise."""

    team = models.ForeignKey(
        Team, verbose_name="équipe", on_delete=models.CASCADE, related_name="sheet_layouts"
    )
    year = models.PositiveSmallIntegerField("année")
    hidden = ArrayField(
        models.CharField(max_length=20, choices=SheetBlock),
        verbose_name="parties laissées de côté",
        default=list,
        blank=True,
    )
    logo = models.FileField("logo", upload_to="sheets/logos/", blank=True, validators=_PICTURE)
    changed_at = models.DateTimeField("changée le", auto_now=True)
    photo = models.FileField("photo", upload_to="sheets/photos/", blank=True, validators=_PICTURE)

    objects = SheetLayoutQuerySet.as_manager()

    class Meta:
        verbose_name = "mise en page du Scan’équipe"
        verbose_name_plural = "mises en page des Scan’équipe"
        constraints = [
            models.UniqueConstraint(
                name="sheetlayout_one_per_team_and_year",
                fields=["team", "year"],
                violation_error_message="Cette équipe a déjà une mise en page pour cette année.",
            ),
            models.CheckConstraint(
                name="sheetlayout_year_plausible",
                condition=Q(year__range=(2000, 2100)),
                violation_error_message="L’année doit être comprise entre 2000 et 2100.",
            ),
            models.CheckConstraint(
                name="sheetlayout_hides_known_blocks",
                condition=Q(hidden__contained_by=list(SheetBlock.values)),
                violation_error_message="Cette partie du Scan’équipe n’existe pas.",
            ),
            models.CheckConstraint(
                name="sheetlayout_shows_a_body",
                condition=~Q(hidden__contains=[block.value for block in BODY]),
                violation_error_message=(
                    "Gardez au moins une des quatre premières parties : sans elles, la page serait"
                    " vide."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Mise en page {self.year}"
