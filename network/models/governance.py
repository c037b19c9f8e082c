"""Board, staff and commissions. Rights follow from these dated rows, never from a flag."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Case, F, Q, When

from apmsl.lib.dates import holds
from apmsl.lib.history import tracked
from apmsl.lib.identifiers import new_code
from apmsl.lib.periods import Exclusion, daterange, one_of
from members.models import Person
from network.enums import BoardRole, CommissionCapacity


class TermQuerySet(models.QuerySet[Any]):
    def on(self, day: date) -> Self:
        return self.filter(holds(day))


class BoardTermQuerySet(TermQuerySet):
    def in_order(self) -> Self:
        """The co-chairs first, as the federation presents its board."""
        ranks = [When(role=role, then=rank) for rank, role in enumerate(BoardRole.values)]
        return self.order_by(Case(*ranks), "person__sort_name", "pk")


class StaffPostQuerySet(TermQuerySet):
    def in_order(self) -> Self:
        return self.order_by("-is_director", "person__sort_name", "pk")


def _person_term_constraints(model: str, overlap_message: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(
            name=f"{model}_ends_after_start",
            condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
            violation_error_message="La fin ne peut pas précéder le début.",
        ),
        Exclusion(
            name=f"{model}_no_overlap",
            expressions=[
                (one_of("person"), RangeOperators.OVERLAPS),
                (daterange("started_on", "ended_on"), RangeOperators.OVERLAPS),
            ],
            violation_error_message=overlap_message,
        ),
    ]


@tracked()
class BoardTerm(models.Model):
    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.PROTECT, related_name="board_terms"
    )
    role = models.CharField("fonction", max_length=20, choices=BoardRole, default=BoardRole.MEMBER)
    started_on = models.DateField("depuis le")
    ended_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = BoardTermQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat d’administration"
        verbose_name_plural = "mandats d’administration"
        constraints = _person_term_constraints(
            "boardterm", "Cette personne siège déjà au conseil à ces dates."
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} n° {self.pk}"


@tracked()
class StaffPost(models.Model):
    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.PROTECT, related_name="staff_posts"
    )
    job = models.CharField("emploi", max_length=120)
    is_director = models.BooleanField("direction", default=False)
    started_on = models.DateField("depuis le")
    ended_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = StaffPostQuerySet.as_manager()

    class Meta:
        verbose_name = "poste salarié"
        verbose_name_plural = "postes salariés"
        constraints = _person_term_constraints(
            "staffpost", "Cette personne est déjà salariée à ces dates."
        )

    def __str__(self) -> str:
        return self.job


class CommissionQuerySet(models.QuerySet["Commission"]):
    def on(self, day: date) -> Self:
        return self.filter(holds(day, "created_on", "closed_on"))


@tracked()
class Commission(models.Model):
    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    name = models.CharField("nom", max_length=150)
    created_on = models.DateField("créée le")
    closed_on = models.DateField("close le", null=True, blank=True)

    objects = CommissionQuerySet.as_manager()

    class Meta:
        verbose_name = "commission"
        constraints = [
            models.CheckConstraint(
                name="commission_closed_after_created",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("created_on")),
                violation_error_message="Une commission ne se clôt pas avant sa création.",
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class CommissionMember(models.Model):
    """A commission is led by a pair: someone of the board and someone of the staff."""

    commission = models.ForeignKey(Commission, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.PROTECT, related_name="commissions"
    )
    capacity = models.CharField("au titre de", max_length=10, choices=CommissionCapacity)

    class Meta:
        verbose_name = "membre de la commission"
        verbose_name_plural = "membres de la commission"
        constraints = [
            models.UniqueConstraint(
                name="commissionmember_once",
                fields=["commission", "person", "capacity"],
                violation_error_message="Cette personne est déjà dans la commission à ce titre.",
            )
        ]

    def __str__(self) -> str:
        return f"membre n° {self.pk}"


@tracked()
class CommissionMeeting(models.Model):
    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField("le")

    class Meta:
        verbose_name = "réunion de commission"
        verbose_name_plural = "réunions de commission"

    def __str__(self) -> str:
        return f"réunion {self.code}"
