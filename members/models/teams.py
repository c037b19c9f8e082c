"""Teams: known from the first contact, before they exist and after they close."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from apmsl.lib import geography, identifiers, text
from apmsl.lib.dates import today
from apmsl.lib.history import tracked
from apmsl.lib.identifiers import new_code
from members.enums import Department, LegalForm, MembershipStatus, Stage, TeamKind
from members.models.attention import AttentionQuerySet
from members.models.outbox import feeds_crm

if TYPE_CHECKING:
    from members.models.accounts import User


# A place on the map, or none: never half of one.
WHOLE_POINT = Q(latitude__isnull=True, longitude__isnull=True) | Q(
    latitude__isnull=False,
    longitude__isnull=False,
    latitude__range=(-90, 90),
    longitude__range=(-180, 180),
)


class TeamQuerySet(AttentionQuerySet, models.QuerySet["Team"]):
    def visible_to(self, user: "User") -> Self:
        """The staff knows every team; members see the teams that are still open."""
        return self if user.is_staff else self.open_on(today())

    def open_on(self, on: date) -> Self:
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))

    def paid_for(self, *years: int) -> Self:
        """Teams with a paid membership of one of ``years``."""
        from members.models.memberships import Membership  # noqa: PLC0415  they point at each other

        paid = Membership.objects.filter(
            team=OuterRef("pk"), year__in=years, status=MembershipStatus.PAID
        )
        return self.filter(Exists(paid))

    def members_of(self, year: int, as_of: date) -> Self:
        """Member teams of a year: membership paid, and not closed at ``as_of``."""
        return self.open_on(as_of).paid_for(year)

    def member_on(self, on: date) -> Self:
        """Open that day, with a membership of the year, or of the year before while teams renew."""
        from members.models.memberships import Membership  # noqa: PLC0415  they point at each other

        opening = Membership.objects.opening_on(on).filter(team=OuterRef("pk"))
        return self.open_on(on).filter(Exists(opening))

    def constituted_on_day(self, on: date) -> Self:
        return self.filter(constituted_on__lte=on)

    def in_project_on_day(self, on: date) -> Self:
        return self.filter(Q(constituted_on__isnull=True) | Q(constituted_on__gt=on))

    def of_person(self, person_id: int, on: date) -> Self:
        """Teams where a person practises or holds a post on that day."""
        from members.models.people import Affiliation, Position  # noqa: PLC0415  idem

        practised = Affiliation.objects.on(on).filter(person=person_id)
        held = Position.objects.on(on).filter(person=person_id)
        # A union, not two conditions: the few teams are looked up, instead of trying every one.
        return self.filter(pk__in=practised.values("team").union(held.values("team"), all=True))

    def at_stage(self, stage: str, on: date) -> Self:
        """The same stages as ``Team.stage_on``."""
        closed = Q(closed_on__lte=on)
        signed, constituted = Q(aci_signed_on__lte=on), Q(constituted_on__lte=on)
        open_or_later = Q(closed_on__isnull=True) | Q(closed_on__gt=on)
        unsigned = Q(aci_signed_on__isnull=True) | Q(aci_signed_on__gt=on)
        unconstituted = Q(constituted_on__isnull=True) | Q(constituted_on__gt=on)
        conditions = {
            Stage.CLOSED: closed,
            Stage.ACI_SIGNED: open_or_later & signed,
            Stage.CONSTITUTED: open_or_later & unsigned & constituted,
            Stage.IN_PROJECT: open_or_later & unsigned & unconstituted,
        }
        return self.filter(conditions[Stage(stage)])

    def with_people_count(self, on: date) -> Self:
        """``people_count``: who practises there on that day."""
        from members.models.people import Affiliation  # noqa: PLC0415  idem

        practices = Affiliation.objects.on(on).filter(team=OuterRef("pk")).order_by()
        counted = practices.values("team").annotate(number=Count("person", distinct=True))
        return self.annotate(people_count=Coalesce(Subquery(counted.values("number")), 0))

    def without_coordinator(self, on: date) -> Self:
        """Constituted member teams of the year where nobody holds the coordinator's post."""
        from members.models.people import Position  # noqa: PLC0415  they point at each other

        posted = Position.objects.coordinators().on(on).filter(team=OuterRef("pk"))
        return self.members_of(on.year, on).constituted_on_day(on).exclude(Exists(posted))

    def for_map(self) -> Self:
        """With no more than the map tells."""
        return self.only(
            *("name", "city", "department", "insee_code", "latitude", "longitude"),
            *("constituted_on", "aci_signed_on", "closed_on"),
        )

    def by_name(self) -> Self:
        return self.order_by("sort_name", "pk")


@tracked(exclude=("sort_name", "search_text"))
class Team(models.Model):
    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    name = models.CharField("nom", max_length=150)
    kind = models.CharField("type", max_length=10, choices=TeamKind, default=TeamKind.MSP)
    department = models.CharField("département", max_length=3, choices=Department)
    insee_code = models.CharField("code INSEE de la commune", max_length=5)
    city = models.CharField("commune", max_length=100)
    postcode = models.CharField("code postal", max_length=5)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    sites = models.PositiveSmallIntegerField("nombre de sites", default=1)
    legal_form = models.CharField("forme juridique", max_length=12, choices=LegalForm, blank=True)
    siret = models.CharField(
        "SIRET",
        max_length=14,
        blank=True,
        validators=[identifiers.validate_siret],
        help_text="Quatorze chiffres ; celui de la structure juridique.",
    )
    finess = models.CharField("FINESS", max_length=9, blank=True, help_text="Neuf caractères.")
    cpts = models.CharField("CPTS", max_length=150, blank=True)
    information_system = models.CharField("système d’information", max_length=100, blank=True)
    system_editor = models.CharField("éditeur", max_length=100, blank=True)
    constituted_on = models.DateField("constituée le", null=True, blank=True)
    aci_signed_on = models.DateField("ACI signé le", null=True, blank=True)
    closed_on = models.DateField("fermée le", null=True, blank=True)
    sort_name = models.GeneratedField(
        expression=text.normalised("name"),
        output_field=models.CharField(max_length=200),
        db_persist=True,
        verbose_name="nom normalisé",
    )
    search_text = models.GeneratedField(
        expression=text.normalised("name", "city", "postcode", "siret", "finess", "cpts"),
        output_field=models.CharField(max_length=600),
        db_persist=True,
        verbose_name="texte de recherche",
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = "équipe"
        triggers = feeds_crm(accounts="id")
        indexes = [
            models.Index(fields=["sort_name", "id"], name="team_sort_name"),
            models.Index(fields=["department"], name="team_department"),
        ]
        constraints = [
            models.CheckConstraint(
                name="team_at_least_one_site",
                condition=Q(sites__gte=1),
                violation_error_message="Une équipe a au moins un site.",
            ),
            models.CheckConstraint(
                name="team_insee_code_shape",
                condition=Q(insee_code__regex=r"^(\d{2}|2[AB])\d{3}$"),
                violation_error_message="Le code INSEE d’une commune compte cinq caractères.",
            ),
            models.CheckConstraint(
                name="team_postcode_shape",
                condition=Q(postcode__regex=r"^\d{5}$"),
                violation_error_message="Le code postal compte cinq chiffres.",
            ),
            models.CheckConstraint(
                name="team_siret_shape",
                condition=Q(siret__regex=r"^(\d{14})?$"),
                violation_error_message="Un SIRET compte quatorze chiffres.",
            ),
            models.CheckConstraint(
                name="team_finess_shape",
                condition=Q(finess__regex=r"^(\d[\dAB]\d{7})?$"),
                violation_error_message="Un numéro FINESS compte neuf caractères.",
            ),
            models.CheckConstraint(
                name="team_point_whole_or_absent",
                condition=WHOLE_POINT,
                violation_error_message="Donnez la latitude et la longitude, ou ni l’une ni l’autre.",
            ),
            models.CheckConstraint(
                name="team_aci_needs_constitution",
                condition=Q(aci_signed_on__isnull=True) | Q(constituted_on__isnull=False),
                violation_error_message="L’ACI est celui d’une équipe constituée : donnez la date.",
            ),
            models.CheckConstraint(
                name="team_closed_after_constitution",
                condition=Q(closed_on__isnull=True)
                | Q(constituted_on__isnull=True)
                | Q(closed_on__gte=F("constituted_on")),
                violation_error_message="Une équipe ne ferme pas avant d’être constituée.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:team", args=[self.pk])

    def stage_on(self, on: date) -> Stage:
        if self.closed_on and self.closed_on <= on:
            return Stage.CLOSED
        if self.aci_signed_on and self.aci_signed_on <= on:
            return Stage.ACI_SIGNED
        if self.constituted_on and self.constituted_on <= on:
            return Stage.CONSTITUTED
        return Stage.IN_PROJECT

    @property
    def coordinates(self) -> tuple[float, float] | None:
        """Latitude and longitude: its own, or those of its commune."""
        if self.latitude is not None and self.longitude is not None:
            return self.latitude, self.longitude
        commune = geography.commune(self.insee_code)
        return (commune.latitude, commune.longitude) if commune else None

    @property
    def place(self) -> str:
        return f"{self.city} ({self.department})"

    def stage_today(self) -> Stage:
        return self.stage_on(today())
