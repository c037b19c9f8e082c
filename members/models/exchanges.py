"""The relation log: what was said with a person or a team, and what is to be taken up again."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from apmsl.lib.history import tracked
from members.enums import ExchangeKind
from members.models.people import Person
from members.models.teams import Team


class ExchangeQuerySet(models.QuerySet["Exchange"]):
    def to_follow_up(self) -> Self:
        return self.filter(follow_up_on__isnull=False, done_on__isnull=True)

    def due_on(self, day: date) -> Self:
        """To be taken up again on that day, or before it already."""
        return self.to_follow_up().filter(follow_up_on__lte=day)

    def newest_first(self) -> Self:
        return self.order_by("-happened_on", "-pk")


@tracked()
class Exchange(models.Model):
    """A call, a mail, a visit or a request; seen by the staff alone."""

    kind = models.CharField("type", max_length=10, choices=ExchangeKind)
    happened_on = models.DateField("le")
    person = models.ForeignKey(
        Person,
        verbose_name="personne",
        on_delete=models.PROTECT,
        related_name="exchanges",
        null=True,
        blank=True,
    )
    team = models.ForeignKey(
        Team,
        verbose_name="équipe",
        on_delete=models.PROTECT,
        related_name="exchanges",
        null=True,
        blank=True,
    )
    summary = models.CharField("en bref", max_length=300)
    asked = models.TextField("ce qui est demandé", max_length=2000, blank=True)
    answered = models.TextField("ce qui est répondu", max_length=2000, blank=True)
    follow_up_on = models.DateField("à relancer le", null=True, blank=True)
    done_on = models.DateField("relance faite le", null=True, blank=True)
    by = models.ForeignKey(
        "members.User",
        verbose_name="noté par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        verbose_name = "échange"
        indexes = [
            models.Index(fields=["happened_on"], name="exchange_happened_on"),
            models.Index(
                fields=["follow_up_on"],
                name="exchange_to_follow_up",
                condition=Q(follow_up_on__isnull=False, done_on__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="exchange_with_somebody",
                condition=Q(person__isnull=False) | Q(team__isnull=False),
                violation_error_message="Dites avec qui : une personne, une équipe, ou les deux.",
            ),
            models.CheckConstraint(
                name="exchange_followed_up_after",
                condition=Q(follow_up_on__isnull=True) | Q(follow_up_on__gte=F("happened_on")),
                violation_error_message="On ne relance pas avant l’échange.",
            ),
            models.CheckConstraint(
                name="exchange_done_after_a_follow_up",
                condition=Q(done_on__isnull=True)
                | Q(follow_up_on__isnull=False, done_on__gte=F("happened_on")),
                violation_error_message="La relance faite va avec une date de relance.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display().lower()} du {self.happened_on:%d/%m/%Y}"

    def is_due_on(self, day: date) -> bool:
        return bool(self.follow_up_on and not self.done_on and self.follow_up_on <= day)
