"""What happened to a team, where it practises, and what the federation follows it by."""

from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apmsl.lib import geography
from apmsl.lib.dates import today
from apmsl.lib.history import tracked
from apmsl.lib.uploads import check_document
from members.enums import FactKind, ThresholdKey
from members.models.people import Position
from members.models.teams import WHOLE_POINT, Team

if TYPE_CHECKING:
    from members.models.accounts import User

WITH_ANOTHER = (FactKind.MERGER, FactKind.SPLIT)
# What any member may read of another team; the rest is the team's own and the staff's.
TOLD_TO_ALL = (
    FactKind.CONSTITUTION,
    FactKind.ACI,
    FactKind.SISA,
    FactKind.PARTICIPATORY,
    FactKind.MERGER,
    FactKind.SPLIT,
    FactKind.CLOSURE,
)


class TeamFactQuerySet(models.QuerySet["TeamFact"]):
    def of_team(self, team: Team) -> Self:
        """A merger and a split are facts of both teams."""
        return self.filter(Q(team=team) | Q(other_team=team))

    def told_to_all(self) -> Self:
        return self.filter(kind__in=TOLD_TO_ALL)

    def open_to(self, user: "User") -> Self:
        """Notes and documents: for the staff, and for those who are in the team today."""
        if user.is_staff:
            return self
        return self.filter(team__in=Team.objects.of_person(user.person_id or 0, today()))


@tracked()
class TeamFact(models.Model):
    """A dated fact. The day of the constitution, of the ACI and of the closure are the team's own,
    a committee's passage is the accompaniment's: a fact of that kind and day adds its note and its
    document to them."""

    team = models.ForeignKey(
        Team, verbose_name="équipe", on_delete=models.PROTECT, related_name="facts"
    )
    kind = models.CharField("fait", max_length=20, choices=FactKind)
    happened_on = models.DateField("le")
    other_team = models.ForeignKey(
        Team,
        verbose_name="autre équipe",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="Celle d’une fusion ou d’une séparation.",
    )
    note = models.TextField("note", blank=True, max_length=5_000)
    document = models.FileField(
        "document", upload_to="facts/", blank=True, validators=[check_document]
    )

    objects = TeamFactQuerySet.as_manager()

    class Meta:
        verbose_name = "fait de la vie d’une équipe"
        verbose_name_plural = "faits de la vie des équipes"
        constraints = [
            models.UniqueConstraint(
                name="teamfact_once_a_day",
                fields=["team", "kind", "happened_on"],
                violation_error_message="Ce fait est déjà noté à cette date.",
            ),
            models.CheckConstraint(
                name="teamfact_day_plausible",
                condition=Q(happened_on__gte=date(1990, 1, 1), happened_on__lt=date(2100, 1, 1)),
                violation_error_message="Cette date n’est pas celle d’un fait de la vie d’une équipe.",
            ),
            models.CheckConstraint(
                name="teamfact_other_team_when_two",
                condition=Q(kind__in=WITH_ANOTHER, other_team__isnull=False)
                | Q(~Q(kind__in=WITH_ANOTHER), other_team__isnull=True),
                violation_error_message=(
                    "Une fusion ou une séparation se fait avec une autre équipe ; les autres faits"
                    " n’en ont pas."
                ),
            ),
            models.CheckConstraint(
                name="teamfact_not_with_itself",
                condition=Q(other_team__isnull=True) | ~Q(other_team=F("team")),
                violation_error_message="L’autre équipe ne peut pas être l’équipe elle-même.",
            ),
            models.CheckConstraint(
                name="teamfact_other_is_told",
                condition=~Q(kind=FactKind.OTHER) | ~Q(note=""),
                violation_error_message="Dites dans la note de quoi il s’agit.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.happened_on:%d/%m/%Y}"

    @property
    def filename(self) -> str:
        """What the document is called once downloaded."""
        suffix = PurePath(self.document.name or "").suffix
        return f"{self.get_kind_display()} {self.happened_on:%Y-%m-%d}{suffix}"


@tracked()
class Site(models.Model):
    """A place where a team practises. Their number is what the team declares (``Team.sites``)."""

    team = models.ForeignKey(
        Team, verbose_name="équipe", on_delete=models.CASCADE, related_name="places"
    )
    label = models.CharField("nom", max_length=100)
    address = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("commune", max_length=100)
    insee_code = models.CharField("code INSEE", max_length=5, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)

    class Meta:
        verbose_name = "site"
        constraints = [
            models.UniqueConstraint(
                name="site_one_per_name",
                fields=["team", "label"],
                violation_error_message="Cette équipe a déjà un site de ce nom.",
            ),
            models.CheckConstraint(
                name="site_postcode_shape",
                condition=Q(postcode__regex=r"^(\d{5})?$"),
                violation_error_message="Le code postal compte cinq chiffres.",
            ),
            models.CheckConstraint(
                name="site_insee_code_shape",
                condition=Q(insee_code__regex=r"^((\d{2}|2[AB])\d{3})?$"),
                violation_error_message="Le code INSEE d’une commune compte cinq caractères.",
            ),
            models.CheckConstraint(
                name="site_point_whole_or_absent",
                condition=WHOLE_POINT,
                violation_error_message="Donnez la latitude et la longitude, ou ni l’une ni l’autre.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def coordinates(self) -> tuple[float, float] | None:
        """Latitude and longitude: its own, or those of its commune."""
        if self.latitude is not None and self.longitude is not None:
            return self.latitude, self.longitude
        commune = geography.commune(self.insee_code)
        return (commune.latitude, commune.longitude) if commune else None


class ThresholdQuerySet(models.QuerySet["Threshold"]):
    def on(self, day: date) -> dict[str, int]:
        """The value of each threshold on that day."""
        rows = self.filter(applies_from__lte=day).order_by("key", "applies_from", "pk")
        return dict(rows.values_list("key", "value"))


@tracked()
class Threshold(models.Model):
    """A number that a text sets, from a day on."""

    key = models.CharField("seuil", max_length=30, choices=ThresholdKey)
    applies_from = models.DateField("à partir du")
    value = models.PositiveSmallIntegerField("valeur")
    source = models.CharField("source", max_length=200, blank=True)

    objects = ThresholdQuerySet.as_manager()

    class Meta:
        verbose_name = "seuil"
        constraints = [
            models.UniqueConstraint(
                name="threshold_one_a_day",
                fields=["key", "applies_from"],
                violation_error_message="Ce seuil a déjà une valeur à partir de cette date.",
            ),
            models.CheckConstraint(
                name="threshold_at_least_one",
                condition=Q(value__gte=1),
                violation_error_message="Un seuil vaut au moins 1.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_key_display()


# -- the welcome of a new coordinator --------------------------------------------------------------
class WelcomeStep(models.Model):
    """What is proposed to whoever takes up a coordinator's post."""

    label = models.CharField("étape", max_length=150)
    help_text = models.TextField("explication", blank=True)
    rank = models.PositiveSmallIntegerField("rang", default=0)
    is_proposed = models.BooleanField("proposée aux suivants", default=True)

    class Meta:
        verbose_name = "étape d’accueil"
        verbose_name_plural = "étapes d’accueil"
        constraints = [
            models.UniqueConstraint(
                name="welcomestep_one_per_label",
                fields=["label"],
                violation_error_message="Cette étape existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.label


@tracked()
class WelcomeDone(models.Model):
    """A step that was taken with a new coordinator: when, and who noted it."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="welcome")
    step = models.ForeignKey(
        WelcomeStep, verbose_name="étape", on_delete=models.PROTECT, related_name="done"
    )
    done_on = models.DateField("fait le", default=today)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="noté par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        verbose_name = "étape d’accueil faite"
        verbose_name_plural = "étapes d’accueil faites"
        constraints = [
            models.UniqueConstraint(
                name="welcomedone_once",
                fields=["position", "step"],
                violation_error_message="Cette étape est déjà notée.",
            )
        ]

    def __str__(self) -> str:
        return f"étape d’accueil n° {self.pk}"
