"""How the federation supports teams: first contacts and accompaniments."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from apmsl.lib.history import tracked
from apmsl.lib.identifiers import new_code
from members.enums import AccompanimentKind, CommitteeOutcome, ContactChannel, Department
from members.models.people import Person, Profession
from members.models.teams import Team


class FollowedQuerySet(models.QuerySet[Any]):
    """What an officer has in charge, and what should have been done."""

    def in_charge_of(self, person_id: int | None) -> Self:
        return self.filter(officer=person_id) if person_id else self.none()

    def planned(self) -> Self:
        return self.exclude(next_action="")

    def unheld(self) -> Self:
        """Something is to be done, and nobody of the staff has it in charge."""
        return self.planned().filter(officer=None)

    def overdue(self, on: date) -> Self:
        return self.filter(next_action_on__lt=on)


class Followed(models.Model):
    """What somebody of the staff has in charge, and the next thing to do about it."""

    officer = models.ForeignKey(
        Person,
        verbose_name="chargé·e de mission",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    next_action = models.CharField("prochaine action", max_length=200, blank=True)
    next_action_on = models.DateField("pour le", null=True, blank=True)

    class Meta:
        abstract = True


def _date_needs_action(model: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{model}_date_needs_action",
        condition=Q(next_action_on__isnull=True) | ~Q(next_action=""),
        violation_error_message="Dites ce qu’il y a à faire à cette date.",
    )


@tracked()
class FirstContact(Followed):
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
    team = models.ForeignKey(
        Team,
        verbose_name="équipe",
        on_delete=models.PROTECT,
        related_name="first_contacts",
        null=True,
        blank=True,
        help_text="L’équipe dont c’est le début, une fois qu’elle est connue.",
    )

    objects = FollowedQuerySet.as_manager()

    class Meta:
        verbose_name = "premier contact"
        verbose_name_plural = "premiers contacts"
        indexes = [models.Index(fields=["received_on"], name="firstcontact_received_on")]
        constraints = [_date_needs_action("firstcontact")]

    def __str__(self) -> str:
        return f"premier contact {self.code}"


class AccompanimentQuerySet(FollowedQuerySet):
    def running_in(self, year: int, as_of: date) -> Self:
        """Begun by ``as_of`` and not ended before 1 January."""
        return self.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=date(year, 1, 1)), started_on__lte=as_of
        )


@tracked()
class Accompaniment(Followed):
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
        constraints = [_date_needs_action("accompaniment")]

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
