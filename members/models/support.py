"""How the federation supports teams: first contacts and accompaniments."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from apmsl.lib.history import tracked
from apmsl.lib.identifiers import new_code
from members.enums import AccompanimentKind, CommitteeOutcome, ContactChannel, Department
from members.models.people import Profession
from members.models.teams import Team


@tracked()
class FirstContact(models.Model):
    """Someone asked the federation about coordinated practice, not necessarily with a project."""

    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    received_on = models.DateField("reçu le")
    department = models.CharField("département", max_length=3, choices=Department)
    profession = models.ForeignKey(
        Profession,
        verbose_name="profession",
        on_delete=models.PROTECT,
        related_name="first_contacts",
        null=True,
        blank=True,
    )
    channel = models.CharField("par", max_length=10, choices=ContactChannel, blank=True)
    notes = models.TextField("notes", blank=True)

    class Meta:
        verbose_name = "premier contact"
        verbose_name_plural = "premiers contacts"
        indexes = [models.Index(fields=["received_on"], name="firstcontact_received_on")]

    def __str__(self) -> str:
        return f"premier contact {self.code}"


class AccompanimentQuerySet(models.QuerySet["Accompaniment"]):
    def running_in(self, year: int, as_of: date) -> Self:
        """Begun by ``as_of`` and not ended before 1 January."""
        return self.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=date(year, 1, 1)), started_on__lte=as_of
        )


@tracked()
class Accompaniment(models.Model):
    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    kind = models.CharField("type", max_length=30, choices=AccompanimentKind)
    started_on = models.DateField("commencé le")
    ended_on = models.DateField("terminé le", null=True, blank=True)
    sessions = models.PositiveSmallIntegerField("séances", default=0)

    objects = AccompanimentQuerySet.as_manager()

    class Meta:
        # No constraint on the order of the two dates: records taken over have some that end before
        # they start (the day of the last report, noted before the first session was).
        verbose_name = "accompagnement"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code}"


@tracked()
class AccompanimentTeam(models.Model):
    """A team in an accompaniment, and its passage before the committee (CATS)."""

    accompaniment = models.ForeignKey(
        Accompaniment, on_delete=models.CASCADE, related_name="accompaniment_teams"
    )
    team = models.ForeignKey(
        Team, verbose_name="équipe", on_delete=models.PROTECT, related_name="accompaniment_teams"
    )
    professionals = models.PositiveSmallIntegerField("professionnels impliqués", default=0)
    committee_on = models.DateField("passage en CATS le", null=True, blank=True)
    outcome = models.CharField("issue", max_length=12, choices=CommitteeOutcome, blank=True)

    class Meta:
        verbose_name = "équipe accompagnée"
        verbose_name_plural = "équipes accompagnées"
        constraints = [
            models.UniqueConstraint(
                name="accompanimentteam_once",
                fields=["accompaniment", "team"],
                violation_error_message="Cette équipe est déjà dans cet accompagnement.",
            ),
            models.CheckConstraint(
                name="accompanimentteam_outcome_needs_passage",
                condition=Q(outcome="") | Q(committee_on__isnull=False),
                violation_error_message="Une issue suppose une date de passage en CATS.",
            ),
        ]

    def __str__(self) -> str:
        return f"équipe accompagnée n° {self.pk}"
