"""Who keeps a team's account, whom the team invites, and who leaves it."""

from datetime import date, datetime, timedelta
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core import signing
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apmsl.lib.dates import holds
from apmsl.lib.history import tracked
from apmsl.lib.periods import Exclusion, daterange, one_of
from apmsl.lib.typography import listing
from members.enums import PositionRole
from members.models.accounts import User
from members.models.people import Person
from members.models.teams import Team

LASTS = timedelta(days=30)
TOKEN_SALT = "members.invitation"  # noqa: S105  a name, no secret

# Whoever ends a manager waits for the others who do: the second sees what the first left.
_AT_LEAST_ONE = """
    IF TG_OP = 'UPDATE' THEN
        IF NEW.ended_on IS NULL AND NEW.team_id = OLD.team_id THEN RETURN NULL; END IF;
    END IF;
    PERFORM 1 FROM members_team
        WHERE id = OLD.team_id AND closed_on IS NULL FOR NO KEY UPDATE;
    IF FOUND AND OLD.ended_on IS NULL AND NOT EXISTS (
        SELECT 1 FROM members_teammanager WHERE team_id = OLD.team_id AND ended_on IS NULL
    ) THEN
        RAISE EXCEPTION 'the account of team % would have no manager', OLD.team_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'teammanager_at_least_one';
    END IF;
    RETURN NULL;
"""


class TeamManagerQuerySet(models.QuerySet["TeamManager"]):
    def on(self, day: date) -> Self:
        return self.filter(holds(day))

    def open(self) -> Self:
        """Those whose end is not known yet: of a team that has managers, there is always one."""
        return self.filter(ended_on=None)


@tracked()
class TeamManager(models.Model):
    """Who keeps the account of a team: invites colleagues, sends its form, whatever their post.

    A team whose account has managers is never without one (a trigger holds it)."""

    team = models.ForeignKey(
        Team, verbose_name="équipe", on_delete=models.PROTECT, related_name="managers"
    )
    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.PROTECT, related_name="managed"
    )
    started_on = models.DateField("depuis le")
    ended_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = TeamManagerQuerySet.as_manager()

    class Meta:
        verbose_name = "gestionnaire du compte d’une équipe"
        verbose_name_plural = "gestionnaires des comptes d’équipe"
        constraints = [
            models.CheckConstraint(
                name="teammanager_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            Exclusion(
                name="teammanager_no_overlap",
                expressions=[
                    (one_of("person"), RangeOperators.OVERLAPS),
                    (one_of("team"), RangeOperators.OVERLAPS),
                    (daterange("started_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Cette personne gère déjà ce compte à ces dates.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="at_least_one",
                when=pgtrigger.After,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_AT_LEAST_ONE,
            )
        ]

    def __str__(self) -> str:
        return f"gestionnaire n° {self.pk}"

    @property
    def last_day(self) -> date | None:
        return self.ended_on and self.ended_on - timedelta(days=1)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> Self:
        """Neither accepted nor withdrawn; too late or not."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def of_token(self, token: str) -> "Invitation | None":
        """The one that a letter's link leads to; None when the link was altered."""
        try:
            return self.get(pk=signing.Signer(salt=TOKEN_SALT).unsign_object(token))
        except (signing.BadSignature, self.model.DoesNotExist):
            return None


@tracked()
class Invitation(models.Model):
    """A team asks a colleague in. Accepted once, it opens the account and begins what it says."""

    team = models.ForeignKey(
        Team, verbose_name="équipe", on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField("courriel")
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    role = models.CharField("fonction", max_length=20, choices=PositionRole, blank=True)
    person = models.ForeignKey(
        Person,
        verbose_name="personne",
        on_delete=models.CASCADE,
        related_name="invitations",
        null=True,
        blank=True,
        help_text="Quand la fédération la connaît déjà, ou une fois l’invitation acceptée.",
    )
    invited_by = models.ForeignKey(
        User,
        verbose_name="invité·e par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    invited_at = models.DateTimeField("invité·e le", default=timezone.now)
    sent_at = models.DateTimeField("envoyée le", default=timezone.now)
    expires_at = models.DateTimeField("expire le")
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation dans une équipe"
        verbose_name_plural = "invitations dans les équipes"
        constraints = [
            models.UniqueConstraint(
                name="invitation_one_pending",
                fields=["team", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                violation_error_message="Cette adresse a déjà une invitation en attente.",
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_withdrawn",
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
                violation_error_message="Une invitation est acceptée ou retirée, pas les deux.",
            ),
            models.CheckConstraint(
                name="invitation_accepted_by_someone",
                condition=Q(accepted_at=None) | Q(person__isnull=False),
                violation_error_message="Une invitation acceptée dit par qui.",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation n° {self.pk}"

    @property
    def token(self) -> str:
        return signing.Signer(salt=TOKEN_SALT).sign_object(self.pk)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def is_late_at(self, at: datetime) -> bool:
        return self.expires_at <= at


class DepartureQuerySet(models.QuerySet["Departure"]):
    def prepared(self, on: date) -> Self:
        """Those to come: whoever leaves is still there on the last day."""
        return self.filter(last_day__gte=on)


@tracked()
class Departure(models.Model):
    """Someone leaves a team, or the functions they hold there: until when, and who takes over."""

    team = models.ForeignKey(
        Team, verbose_name="équipe", on_delete=models.PROTECT, related_name="departures"
    )
    person = models.ForeignKey(
        Person, verbose_name="qui part", on_delete=models.CASCADE, related_name="departures"
    )
    last_day = models.DateField("dernier jour")
    leaves_team = models.BooleanField("quitte aussi l’équipe", default=True)
    roles = ArrayField(
        models.CharField(max_length=20, choices=PositionRole),
        verbose_name="fonctions reprises",
        default=list,
        blank=True,
    )
    successor = models.ForeignKey(
        Person,
        verbose_name="qui prend la suite",
        on_delete=models.SET_NULL,
        related_name="taken_over",
        null=True,
        blank=True,
    )
    prepared_by = models.ForeignKey(
        User,
        verbose_name="préparé par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    prepared_at = models.DateTimeField("préparé le", default=timezone.now)

    objects = DepartureQuerySet.as_manager()

    class Meta:
        verbose_name = "départ"
        constraints = [
            models.UniqueConstraint(
                name="departure_once_a_day",
                fields=["team", "person", "last_day"],
                violation_error_message="Ce départ est déjà préparé.",
            ),
            models.CheckConstraint(
                name="departure_somebody_else_takes_over",
                condition=Q(successor__isnull=True) | ~Q(successor=F("person")),
                violation_error_message="Quelqu’un d’autre prend la suite.",
            ),
        ]

    def __str__(self) -> str:
        return f"départ n° {self.pk}"

    @property
    def first_day_without(self) -> date:
        """What ends holds no more that day; what begins, begins then."""
        return self.last_day + timedelta(days=1)

    @property
    def roles_told(self) -> str:
        return listing([str(PositionRole(role).label) for role in self.roles])
