"""People the federation knows, where they practise and the posts they hold, over time."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse

from apmsl.lib import text
from apmsl.lib.dates import holds, today
from apmsl.lib.history import tracked
from apmsl.lib.identifiers import new_code
from apmsl.lib.periods import Exclusion, daterange, one_of
from apmsl.lib.uploads import check_document
from members.enums import (
    SPEAKING_ROLES,
    Employment,
    Formalisation,
    Leadership,
    PositionRole,
    TimeUnit,
    Visibility,
)
from members.models import working_time
from members.models.attention import WELCOME_DAYS
from members.models.linked import LinkedOn
from members.models.outbox import feeds_crm
from members.models.teams import Team
from members.models.visibility import ShownQuerySet, new_value_is_private

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models.accounts import User
    from members.models.contacts import ContactDetail


class Profession(models.Model):
    code = models.SlugField("code", max_length=50, unique=True)
    label = models.CharField("libellé", max_length=100)

    class Meta:
        verbose_name = "profession"

    def __str__(self) -> str:
        return self.label


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: "User") -> Self:
        """The staff knows everyone; others see themselves and whoever has a link today."""
        if user.is_staff:
            return self
        return self.filter(Q(LinkedOn(today())) | Q(pk=user.person_id))

    def linked_on(self, on: date, *, each: bool = False) -> Self:
        """People who practise in an open team or hold a post there, isolated members, and the
        federation's own; ``each``: looked up one by one, for a page of them."""
        return self.filter(LinkedOn(on, each=each))

    def with_links_on(self, on: date) -> Self:
        """``current_posts`` and ``current_practices``, each with its team, in three queries."""
        posts = Position.objects.on(on).select_related("team").order_by("role", "pk")
        practices = Affiliation.objects.on(on).select_related("team").order_by("pk")
        return self.select_related("profession").prefetch_related(
            Prefetch("positions", queryset=posts, to_attr="current_posts"),
            Prefetch("affiliations", queryset=practices, to_attr="current_practices"),
        )

    def with_emails_for(self, user: "User | AnonymousUser") -> Self:
        """``visible_emails``: the addresses that this user may see."""
        emails = PersonEmail.objects.visible_to(user).in_order()
        return self.prefetch_related(Prefetch("emails", queryset=emails, to_attr="visible_emails"))

    def with_contacts_for(self, user: "User | AnonymousUser") -> Self:
        """``visible_emails`` and ``visible_details``: what this user may see of each."""
        from members.models.contacts import ContactDetail  # noqa: PLC0415  it points at a person

        details = ContactDetail.objects.visible_to(user).in_order()
        shown = Prefetch("contact_details", queryset=details, to_attr="visible_details")
        return self.with_emails_for(user).prefetch_related(shown)

    def not_confirmed_since(self, day: date) -> Self:
        """Those who have not said since that day that what is known of them is right."""
        return self.filter(Q(checked_on__isnull=True) | Q(checked_on__lt=day))

    def in_team(self, team: Team, on: date) -> Self:
        """Colleagues: they practise there or hold a post there on that day."""
        affiliated = Affiliation.objects.on(on).filter(person=OuterRef("pk"), team=team)
        posted = Position.objects.on(on).filter(person=OuterRef("pk"), team=team)
        return self.filter(Exists(affiliated) | Exists(posted))

    def in_teams(self, teams: "models.QuerySet[Team]", on: date) -> Self:
        """They practise in one of the teams or hold a post there on that day."""
        return self.filter(
            Q(pk__in=Affiliation.objects.on(on).filter(team__in=teams).values("person"))
            | Q(pk__in=Position.objects.on(on).filter(team__in=teams).values("person"))
        )

    def by_name(self) -> Self:
        return self.order_by("sort_name", "pk")


@tracked(exclude=("sort_name",))
class Person(models.Model):
    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    profession = models.ForeignKey(
        Profession,
        verbose_name="profession",
        on_delete=models.PROTECT,
        related_name="people",
        null=True,
        blank=True,
    )
    self_employed = models.BooleanField("exerce en libéral", default=False)
    checked_on = models.DateField("coordonnées confirmées le", null=True, blank=True)
    erased_on = models.DateField("données effacées le", null=True, blank=True, editable=False)
    sort_name = models.GeneratedField(
        expression=text.normalised("last_name", "first_name"),
        output_field=models.CharField(max_length=250),
        db_persist=True,
        verbose_name="nom normalisé",
    )

    objects = PersonQuerySet.as_manager()

    # Set by the queryset's with_links_on and with_contacts_for.
    current_posts: "list[Position]"
    current_practices: "list[Affiliation]"
    visible_emails: "list[PersonEmail]"
    visible_details: "list[ContactDetail]"

    class Meta:
        verbose_name = "personne"
        indexes = [models.Index(fields=["sort_name", "id"], name="person_sort_name")]
        triggers = feeds_crm(contacts="id")

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def get_absolute_url(self) -> str:
        return reverse("members:person", args=[self.pk])


class PersonEmailQuerySet(ShownQuerySet):
    def in_order(self) -> Self:
        return self.order_by("-is_primary", "address", "pk")


class PersonEmail(models.Model):
    """One of a person's addresses; two people may share one (a secretariat's)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="emails")
    address = models.EmailField("adresse")
    is_primary = models.BooleanField("principale", default=True)
    visibility = models.CharField(
        "visible par", max_length=12, choices=Visibility, default=Visibility.FEDERATION
    )

    objects = PersonEmailQuerySet.as_manager()

    class Meta:
        verbose_name = "adresse électronique"
        verbose_name_plural = "adresses électroniques"
        constraints = [
            models.UniqueConstraint(
                name="personemail_once_per_person",
                fields=["person", "address"],
                violation_error_message="Cette adresse est déjà enregistrée pour cette personne.",
            ),
            models.UniqueConstraint(
                name="personemail_one_primary",
                fields=["person"],
                condition=Q(is_primary=True),
                violation_error_message="Une personne a une seule adresse principale.",
            ),
        ]
        triggers = [
            *new_value_is_private("address", "'email'"),
            *feeds_crm(contacts="person_id"),
        ]

    def __str__(self) -> str:
        return self.address


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def on(self, day: date) -> Self:
        """Affiliations that hold on that day; an unknown start is a start long ago."""
        return self.filter(
            Q(started_on__isnull=True) | Q(started_on__lte=day),
            Q(ended_on__isnull=True) | Q(ended_on__gt=day),
        )


@tracked()
class Affiliation(models.Model):
    """Where a person practises, and when. Several teams at once are possible."""

    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.CASCADE, related_name="affiliations"
    )
    team = models.ForeignKey(
        Team, verbose_name="équipe", on_delete=models.PROTECT, related_name="affiliations"
    )
    started_on = models.DateField("depuis le", null=True, blank=True)
    ended_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = "exercice en équipe"
        verbose_name_plural = "exercices en équipe"
        triggers = feeds_crm(contacts="person_id", accounts="team_id")
        constraints = [
            models.CheckConstraint(
                name="affiliation_ends_after_start",
                condition=Q(ended_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(ended_on__gte=F("started_on")),
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            Exclusion(
                name="affiliation_no_overlap",
                expressions=[
                    (one_of("person"), RangeOperators.OVERLAPS),
                    (one_of("team"), RangeOperators.OVERLAPS),
                    (daterange("started_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Cette personne exerce déjà dans cette équipe à ces dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"exercice n° {self.pk}"


class PositionQuerySet(models.QuerySet["Position"]):
    def on(self, day: date) -> Self:
        return self.filter(holds(day))

    def coordinators(self) -> Self:
        return self.filter(role=PositionRole.COORDINATOR)

    def speaking(self) -> Self:
        """Posts whose holders act in the name of the team."""
        return self.filter(role__in=SPEAKING_ROLES)

    def to_welcome(self, on: date, days: int = WELCOME_DAYS) -> Self:
        """Coordinators who arrived lately, with whom no step of the welcome has been taken."""
        since = on - timedelta(days=days)
        return self.coordinators().on(on).filter(started_on__gt=since, welcome__isnull=True)

    def to_describe(self, on: date) -> Self:
        """Coordinators' posts whose description is missing, or was not read again for a year."""
        old = Q(described_on__isnull=True) | Q(described_on__lte=on - working_time.DESCRIBED_FOR)
        return self.coordinators().on(on).filter(old | Q(job_description=""))

    def in_network_on(self, day: date) -> Self:
        """Coordinators' posts registered in the regional network on that day."""
        return self.coordinators().filter(holds(day, "network_joined_on", "network_left_on"))


@tracked()
class Position(models.Model):
    """A post held in a team between two dates; what its holder may do follows from it."""

    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.CASCADE, related_name="positions"
    )
    team = models.ForeignKey(
        Team, verbose_name="équipe", on_delete=models.PROTECT, related_name="positions"
    )
    role = models.CharField("fonction", max_length=20, choices=PositionRole)
    started_on = models.DateField("depuis le")
    ended_on = models.DateField("jusqu’au", null=True, blank=True)
    employment = models.CharField("statut", max_length=24, choices=Employment, blank=True)
    leadership = models.CharField(
        "leader", max_length=12, choices=Leadership, blank=True, help_text="Tel qu’on se dit."
    )
    time_given = models.DecimalField(
        "temps consacré", max_digits=5, decimal_places=1, null=True, blank=True
    )
    time_unit = models.CharField("en", max_length=12, choices=TimeUnit, blank=True)
    monthly_hours = models.DecimalField(
        "heures par mois",
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        help_text="Calculées depuis le temps consacré, s’il est donné.",
    )
    job_description = models.FileField(
        "fiche de poste", upload_to="posts/", blank=True, validators=[check_document]
    )
    described_on = models.DateField("fiche de poste revue le", null=True, blank=True)
    formalisation = models.CharField(
        "formalisée par", max_length=20, choices=Formalisation, blank=True
    )
    formal_document = models.FileField(
        "document", upload_to="posts/", blank=True, validators=[check_document]
    )
    network_joined_on = models.DateField("inscription au réseau", null=True, blank=True)
    network_left_on = models.DateField("sortie du réseau", null=True, blank=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = "fonction"
        triggers = feeds_crm(contacts="person_id", accounts="team_id")
        indexes = [models.Index(fields=["role", "team"], name="position_role_team")]
        constraints = [
            models.CheckConstraint(
                name="position_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            models.CheckConstraint(
                name="position_hours_of_a_month",
                condition=Q(monthly_hours__isnull=True) | Q(monthly_hours__range=(0, 250)),
                violation_error_message="Les heures par mois vont de 0 à 250.",
            ),
            models.CheckConstraint(
                name="position_time_has_its_unit",
                condition=Q(time_given__isnull=True, time_unit="")
                | (Q(time_given__isnull=False, time_given__gte=0) & ~Q(time_unit="")),
                violation_error_message="Donnez le temps consacré avec son unité.",
            ),
            models.CheckConstraint(
                name="position_leadership_of_leaders",
                condition=Q(leadership="") | Q(role=PositionRole.LEADER),
                violation_error_message="Seul un leader se dit historique, désigné, volontaire…",
            ),
            models.CheckConstraint(
                name="position_document_says_what_it_is",
                condition=Q(formal_document="") | ~Q(formalisation=""),
                violation_error_message="Dites ce qu’est ce document.",
            ),
            models.CheckConstraint(
                name="position_network_for_coordinators",
                condition=Q(network_joined_on__isnull=True, network_left_on__isnull=True)
                | Q(role=PositionRole.COORDINATOR, network_joined_on__isnull=False),
                violation_error_message="Seule la coordination s’inscrit au réseau.",
            ),
            models.CheckConstraint(
                name="position_network_left_after_joined",
                condition=Q(network_left_on__isnull=True)
                | Q(network_left_on__gte=F("network_joined_on")),
                violation_error_message="La sortie du réseau ne peut pas précéder l’inscription.",
            ),
            *(
                Exclusion(
                    name=f"position_no_overlap_{role.value}",
                    expressions=[
                        (one_of("person"), RangeOperators.OVERLAPS),
                        (one_of("team"), RangeOperators.OVERLAPS),
                        (daterange("started_on", "ended_on"), RangeOperators.OVERLAPS),
                    ],
                    condition=Q(role=role.value),
                    violation_error_message=(
                        "Cette personne tient déjà cette fonction dans cette équipe à ces dates."
                    ),
                )
                for role in PositionRole
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} n° {self.pk}"

    def clean(self) -> None:
        """What is told by the week or in days is compared by the month."""
        if self.time_given is not None and self.time_unit:
            self.monthly_hours = working_time.monthly(self.time_given, self.time_unit)

    @property
    def time_told(self) -> str:
        """« 8 heures par semaine », as it was told; the hours of the month otherwise."""
        if self.time_given is not None:
            return working_time.told(self.time_given, self.time_unit)
        if self.monthly_hours is None:
            return ""
        return working_time.told(self.monthly_hours, TimeUnit.HOURS_A_MONTH)
