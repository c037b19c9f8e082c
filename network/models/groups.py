"""The coordinators' network: local groups, their meetings and the yearly survey."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from apmsl.lib.dates import holds
from apmsl.lib.history import tracked
from apmsl.lib.periods import Exclusion, daterange, one_of
from events.enums import EventStatus
from events.models import Event
from members.enums import Department
from members.models import Person, Team
from network.enums import CoordinatorProfile, Organisation


class LocalGroupQuerySet(models.QuerySet["LocalGroup"]):
    def open_on(self, on: date) -> Self:
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))

    def with_counts(self, on: date) -> Self:
        """Teams in the group, and meetings held this year, in ``team_count`` and ``held_count``."""
        teams = LocalGroupTeam.objects.on(on).filter(group=OuterRef("pk"))
        held = GroupMeeting.objects.filter(
            group=OuterRef("pk"), event__status=EventStatus.HELD, event__starts_on__year=on.year
        )
        return self.annotate(team_count=_how_many(teams), held_count=_how_many(held))


def _how_many(queryset: models.QuerySet[Any]) -> Coalesce:
    counted = queryset.order_by().values("group").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


@tracked()
class LocalGroup(models.Model):
    """Coordinators of one territory, meeting three or four times a year."""

    code = models.SlugField("code", max_length=30, unique=True)
    name = models.CharField("nom", max_length=100)
    department = models.CharField("département", max_length=3, choices=Department)
    closed_on = models.DateField("fermé le", null=True, blank=True)

    objects = LocalGroupQuerySet.as_manager()

    class Meta:
        verbose_name = "groupe local"
        verbose_name_plural = "groupes locaux"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("network:group", args=[self.pk])


class LocalGroupTeamQuerySet(models.QuerySet["LocalGroupTeam"]):
    def on(self, day: date) -> Self:
        return self.filter(holds(day, "joined_on", "left_on"))

    def registered_on(self, day: date) -> Self:
        """In a group that is open, on that day: the teams registered in the network."""
        return self.on(day).filter(group__in=LocalGroup.objects.open_on(day))


@tracked()
class LocalGroupTeam(models.Model):
    group = models.ForeignKey(
        LocalGroup, verbose_name="groupe", on_delete=models.PROTECT, related_name="group_teams"
    )
    team = models.ForeignKey(
        Team, verbose_name="équipe", on_delete=models.PROTECT, related_name="group_teams"
    )
    joined_on = models.DateField("depuis le")
    left_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = LocalGroupTeamQuerySet.as_manager()

    class Meta:
        verbose_name = "équipe du groupe"
        verbose_name_plural = "équipes du groupe"
        constraints = [
            models.CheckConstraint(
                name="localgroupteam_leaves_after_joining",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                violation_error_message="La sortie du groupe ne peut pas précéder l’entrée.",
            ),
            Exclusion(
                name="localgroupteam_one_group_at_a_time",
                expressions=[
                    (one_of("team"), RangeOperators.OVERLAPS),
                    (daterange("joined_on", "left_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Cette équipe est déjà dans un groupe local à ces dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"équipe du groupe n° {self.pk}"


class GroupReferentQuerySet(models.QuerySet["GroupReferent"]):
    def on(self, day: date) -> Self:
        return self.filter(holds(day))


@tracked()
class GroupReferent(models.Model):
    """Who gathers a local group, and helps its teams to renew in time."""

    group = models.ForeignKey(
        LocalGroup, verbose_name="groupe", on_delete=models.PROTECT, related_name="referents"
    )
    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.PROTECT, related_name="groups_referred"
    )
    started_on = models.DateField("depuis le")
    ended_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = GroupReferentQuerySet.as_manager()

    class Meta:
        verbose_name = "référent·e du groupe"
        verbose_name_plural = "référent·es du groupe"
        constraints = [
            models.CheckConstraint(
                name="groupreferent_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            Exclusion(
                name="groupreferent_no_overlap",
                expressions=[
                    (one_of("group"), RangeOperators.OVERLAPS),
                    (one_of("person"), RangeOperators.OVERLAPS),
                    (daterange("started_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Cette personne est déjà référente du groupe à ces dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"référent·e n° {self.pk}"


class GroupMeeting(models.Model):
    """The event of a local group; an event knows nothing of groups, the group knows its events."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="group_meeting")
    group = models.ForeignKey(
        LocalGroup, verbose_name="groupe", on_delete=models.PROTECT, related_name="meetings"
    )

    class Meta:
        verbose_name = "rencontre du groupe"
        verbose_name_plural = "rencontres du groupe"

    def __str__(self) -> str:
        return f"rencontre n° {self.pk}"


class SurveyAnswerQuerySet(models.QuerySet["SurveyAnswer"]):
    def last_of_year(self, year: int, as_of: date) -> Self:
        """The last answer of each team to the survey of a year, by ``as_of``."""
        latest = (
            SurveyAnswer.objects.filter(team=OuterRef("team"), year=year)
            .filter(answered_on__lte=as_of)
            .order_by()
            .values("team")
            .annotate(day=Max("answered_on"))
            .values("day")
        )
        return self.filter(year=year, answered_on=Subquery(latest))


class SurveyAnswer(models.Model):
    """A team's answer to the network's yearly survey; the last one counts."""

    year = models.PositiveSmallIntegerField("année")
    team = models.ForeignKey(
        Team, verbose_name="équipe", on_delete=models.PROTECT, related_name="survey_answers"
    )
    person = models.ForeignKey(
        Person,
        verbose_name="répondu par",
        on_delete=models.PROTECT,
        related_name="survey_answers",
        null=True,
        blank=True,
    )
    answered_on = models.DateField("répondu le")
    profile = models.CharField("profil", max_length=20, choices=CoordinatorProfile)
    monthly_hours = models.DecimalField(
        "heures par mois", max_digits=5, decimal_places=1, null=True, blank=True
    )
    organisation = models.CharField("organisation", max_length=10, choices=Organisation)
    benefit = models.TextField("ce que le réseau apporte", blank=True)

    objects = SurveyAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse à l’enquête"
        verbose_name_plural = "réponses à l’enquête"
        constraints = [
            models.UniqueConstraint(
                name="surveyanswer_one_per_team_and_day",
                fields=["year", "team", "answered_on"],
                violation_error_message="Cette équipe a déjà répondu ce jour-là.",
            )
        ]

    def __str__(self) -> str:
        return f"réponse {self.year} n° {self.pk}"
