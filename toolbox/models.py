"""Documents, job postings and lending."""

from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from apmsl.lib import text
from apmsl.lib.audiences import AudienceField, keys_of_user
from apmsl.lib.dates import holds, today
from apmsl.lib.history import tracked
from apmsl.lib.identifiers import new_code
from apmsl.lib.periods import Exclusion, daterange, one_of
from apmsl.lib.uploads import check_document
from members.models import Team
from toolbox.enums import JobKind, LoanStatus, ToolKind

if TYPE_CHECKING:
    from members.models import User


class Theme(models.Model):
    """What a tool or an event is about; apart from what kind of tool or event it is."""

    code = models.SlugField("code", max_length=50, unique=True)
    label = models.CharField("libellé", max_length=100)

    class Meta:
        verbose_name = "thème"

    def __str__(self) -> str:
        return self.label


class ToolQuerySet(models.QuerySet["Tool"]):
    def visible_to(self, user: "User") -> Self:
        """The staff sees every tool; others those for them, as long as they are published."""
        if getattr(user, "is_staff", False):
            return self
        return self.published_on_day(today()).filter(audiences__overlap=keys_of_user(user))

    def published_on_day(self, on: date) -> Self:
        return self.filter(holds(on, "published_on", "withdrawn_on"))

    def with_views(self) -> Self:
        """Views since the beginning, in ``views``."""
        total = (
            ToolMonth.objects.filter(tool=OuterRef("pk"))
            .order_by()
            .values("tool")
            .annotate(total=Sum("views"))
            .values("total")
        )
        return self.annotate(views=Coalesce(Subquery(total), 0))


@tracked(exclude=("search_text",))
class Tool(models.Model):
    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    title = models.CharField("titre", max_length=200)
    summary = models.TextField("résumé", blank=True)
    kind = models.CharField("type", max_length=20, choices=ToolKind)
    theme = models.ForeignKey(
        Theme,
        verbose_name="thème",
        on_delete=models.PROTECT,
        related_name="tools",
        null=True,
        blank=True,
    )
    published_on = models.DateField("publié le")
    withdrawn_on = models.DateField("retiré le", null=True, blank=True)
    audiences = AudienceField()
    file = models.FileField("fichier", upload_to="tools/", blank=True, validators=[check_document])
    search_text = models.GeneratedField(
        expression=text.normalised("title", "summary"),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name="texte de recherche",
    )

    objects = ToolQuerySet.as_manager()

    class Meta:
        verbose_name = "outil"
        constraints = [
            models.CheckConstraint(
                name="tool_withdrawn_after_published",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("published_on")),
                violation_error_message="Un outil n’est pas retiré avant d’être publié.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("toolbox:tool", args=[self.pk])

    @property
    def filename(self) -> str:
        """What the file is called once downloaded: the title, with the extension of the file."""
        return f"{self.title}{PurePath(self.file.name or '').suffix}"


class ToolMonth(models.Model):
    """Views of a tool in a month: a counter, with nobody's name."""

    tool = models.ForeignKey(Tool, on_delete=models.CASCADE, related_name="months")
    month = models.DateField("mois", help_text="Le premier jour du mois.")
    views = models.PositiveIntegerField("consultations", default=0)

    class Meta:
        verbose_name = "consultations d’un mois"
        verbose_name_plural = "consultations par mois"
        constraints = [
            models.UniqueConstraint(
                name="toolmonth_one_per_tool_and_month",
                fields=["tool", "month"],
                violation_error_message="Ce mois est déjà compté pour cet outil.",
            ),
            models.CheckConstraint(
                name="toolmonth_first_day",
                condition=Q(month__day=1),
                violation_error_message="Un mois se note par son premier jour.",
            ),
        ]

    def __str__(self) -> str:
        return f"consultations n° {self.pk}"


class JobPostingQuerySet(models.QuerySet["JobPosting"]):
    def visible_to(self, user: "User") -> Self:
        """Everyone reads an open posting; a closed one stays with the staff and its own team."""
        if getattr(user, "is_staff", False):
            return self
        own = Q(team__in=Team.objects.of_person(getattr(user, "person_id", None) or 0, today()))
        return self.filter(pk__in=self.filter(holds(today(), "published_on", "closed_on") | own))

    def open_on(self, on: date) -> Self:
        return self.filter(holds(on, "published_on", "closed_on"))


@tracked()
class JobPosting(models.Model):
    """Read by everyone, published by member teams; the federation only circulates it."""

    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    team = models.ForeignKey(
        Team,
        verbose_name="équipe",
        on_delete=models.PROTECT,
        related_name="job_postings",
        null=True,
        blank=True,
    )
    title = models.CharField("intitulé", max_length=200)
    description = models.TextField("description", blank=True)
    kind = models.CharField("type", max_length=20, choices=JobKind)
    published_on = models.DateField("publiée le")
    closed_on = models.DateField("close le", null=True, blank=True)
    views = models.PositiveIntegerField("consultations", default=0, editable=False)

    objects = JobPostingQuerySet.as_manager()

    class Meta:
        verbose_name = "offre"
        constraints = [
            models.CheckConstraint(
                name="jobposting_closed_after_published",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("published_on")),
                violation_error_message="Une offre n’est pas close avant d’être publiée.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("toolbox:job", args=[self.pk])


HOLDING = (LoanStatus.APPROVED, LoanStatus.OUT)
DIGITAL_COPY = 0  # lent to many at a time


class EquipmentQuerySet(models.QuerySet["Equipment"]):
    def with_free_today(self, on: date) -> Self:
        """Copies to carry that nobody holds on that day, in ``free``."""
        held = Q(loans__status__in=HOLDING, loans__starts_on__lte=on, loans__ends_on__gte=on)
        carried = held & Q(loans__copy__gt=DIGITAL_COPY)
        return self.annotate(free=F("copies") - Count("loans", filter=carried))


@tracked()
class Equipment(models.Model):
    """What is lent, free of charge: some copies to carry, others to download."""

    code = models.SlugField("code", max_length=30, unique=True)
    name = models.CharField("nom", max_length=120)
    description = models.TextField("description", blank=True)
    copies = models.PositiveSmallIntegerField("exemplaires", default=1)
    digital_copies = models.PositiveSmallIntegerField("versions numériques", default=0)

    objects = EquipmentQuerySet.as_manager()

    class Meta:
        verbose_name = "matériel"
        verbose_name_plural = "matériels"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("toolbox:equipment", args=[self.pk])


class LoanQuerySet(models.QuerySet["Loan"]):
    def live(self) -> Self:
        return self.filter(status__in=[LoanStatus.REQUESTED, *HOLDING])

    def holding(self) -> Self:
        """Loans that keep a copy from others."""
        return self.filter(status__in=HOLDING)

    def lent(self) -> Self:
        """What went out, or is to."""
        return self.filter(status__in=[*HOLDING, LoanStatus.RETURNED])

    def over(self, start: date, end: date) -> Self:
        """Loans whose period shares a day with the one given, both ends included."""
        return self.filter(starts_on__lte=end, ends_on__gte=start)


@tracked()
class Loan(models.Model):
    """The lending of one copy to a team. The database refuses one copy lent twice at a time."""

    code = models.CharField("code", max_length=20, unique=True, default=new_code, editable=False)
    equipment = models.ForeignKey(
        Equipment, verbose_name="matériel", on_delete=models.PROTECT, related_name="loans"
    )
    copy = models.PositiveSmallIntegerField("exemplaire n°", null=True, blank=True)
    team = models.ForeignKey(
        Team, verbose_name="équipe", on_delete=models.PROTECT, related_name="loans"
    )
    requested_on = models.DateField("demandé le")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    returned_on = models.DateField("rendu le", null=True, blank=True)
    renewed = models.BooleanField("renouvelé", default=False)
    status = models.CharField(
        "état", max_length=12, choices=LoanStatus, default=LoanStatus.REQUESTED
    )

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = "prêt"
        constraints = [
            models.CheckConstraint(
                name="loan_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="Le retour ne peut pas précéder le départ.",
            ),
            models.CheckConstraint(
                name="loan_held_has_a_copy",
                condition=~Q(status__in=["approved", "out"]) | Q(copy__isnull=False),
                violation_error_message="Un prêt accordé désigne un exemplaire.",
            ),
            models.CheckConstraint(
                name="loan_returned_has_a_date",
                condition=Q(status="returned", returned_on__isnull=False)
                | (~Q(status="returned") & Q(returned_on__isnull=True)),
                violation_error_message="La date de retour va avec un prêt rendu.",
            ),
            Exclusion(
                name="loan_one_team_per_copy",
                expressions=[
                    (one_of("equipment"), RangeOperators.OVERLAPS),
                    (one_of("copy"), RangeOperators.OVERLAPS),
                    (daterange("starts_on", "ends_on", "[]"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=["approved", "out"], copy__gt=DIGITAL_COPY),
                violation_error_message="Cet exemplaire est déjà prêté à ces dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"prêt {self.code}"
