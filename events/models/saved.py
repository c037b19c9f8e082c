"""What somebody of the staff looks for again and again in a list."""

from typing import Self

from django.db import models

from events.enums import SavedList
from members.models import User


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def of(self, user: User, listed: SavedList) -> Self:
        return self.filter(user=user, listed=listed).order_by("name", "pk")


class SavedFilter(models.Model):
    """Filters, search and order of a list, by a name; each has their own."""

    user = models.ForeignKey(
        User, verbose_name="compte", on_delete=models.CASCADE, related_name="saved_filters"
    )
    listed = models.CharField("liste", max_length=20, choices=SavedList)
    name = models.CharField("nom", max_length=60)
    query = models.CharField("filtres", max_length=1000)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = "filtre gardé"
        verbose_name_plural = "filtres gardés"
        constraints = [
            models.UniqueConstraint(
                name="savedfilter_name_once",
                fields=["user", "listed", "name"],
                violation_error_message="Vous avez déjà un filtre de ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name
