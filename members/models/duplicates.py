"""Two records of one person: those that were made one, and those that only look alike."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.models.people import Person


class PersonMergeQuerySet(models.QuerySet["PersonMerge"]):
    def newest_first(self) -> Self:
        return self.order_by("-done_at", "-pk")


class PersonMerge(models.Model):
    """The journal of merges: who made which two records one, when, and what moved. The history of
    the record that vanished stays under its number."""

    kept = models.ForeignKey(
        Person, verbose_name="fiche conservée", on_delete=models.CASCADE, related_name="merges"
    )
    gone_id = models.BigIntegerField("numéro de la fiche réunie", unique=True)
    gone_code = models.CharField("code de la fiche réunie", max_length=20)
    gone_name = models.CharField("nom de la fiche réunie", max_length=170)
    done_at = models.DateTimeField("réunies le", default=timezone.now)
    done_by = models.ForeignKey(
        "members.User",
        verbose_name="par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    moved = models.JSONField("ce qui a été rattaché", default=list)

    objects = PersonMergeQuerySet.as_manager()

    class Meta:
        verbose_name = "réunion de fiches"
        verbose_name_plural = "réunions de fiches"
        constraints = [
            models.CheckConstraint(
                name="personmerge_of_two_records",
                condition=~Q(gone_id=F("kept")),
                violation_error_message="On réunit deux fiches différentes.",
            )
        ]

    def __str__(self) -> str:
        return f"réunion n° {self.pk}"


class NotDuplicate(models.Model):
    """« Ce ne sont pas les mêmes personnes »: not proposed again. The lower number comes first."""

    first = models.ForeignKey(
        Person, verbose_name="une personne", on_delete=models.CASCADE, related_name="+"
    )
    second = models.ForeignKey(
        Person, verbose_name="l’autre", on_delete=models.CASCADE, related_name="+"
    )
    noted_at = models.DateTimeField("noté le", default=timezone.now)
    noted_by = models.ForeignKey(
        "members.User",
        verbose_name="par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "paire écartée"
        verbose_name_plural = "paires écartées"
        constraints = [
            models.UniqueConstraint(
                name="notduplicate_once",
                fields=["first", "second"],
                violation_error_message="Cette paire est déjà écartée.",
            ),
            models.CheckConstraint(
                name="notduplicate_in_order",
                condition=Q(first__lt=F("second")),
                violation_error_message="La fiche au plus petit numéro vient d’abord.",
            ),
        ]

    def __str__(self) -> str:
        return f"paire écartée n° {self.pk}"
