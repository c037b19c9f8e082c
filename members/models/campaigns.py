"""The campaign of a year: when teams renew, what it costs, and who is written to.

A team's file of the year is its ``Membership``, opened with the campaign (« à compléter »).
"""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from apmsl.lib.history import tracked
from members.enums import FeeCategory, StepKind
from members.models.memberships import Membership, MembershipQuerySet
from members.models.scans import Question, ScanForm


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def opened(self) -> Self:
        return self.filter(opened_at__isnull=False)

    def open_on(self, day: date) -> Self:
        return self.filter(opened_at__isnull=False, opens_on__lte=day, closes_on__gte=day)


@tracked()
class Campaign(models.Model):
    form = models.OneToOneField(
        ScanForm,
        verbose_name="formulaire de l’année",
        on_delete=models.PROTECT,
        related_name="campaign",
    )
    opens_on = models.DateField("ouvre le")
    closes_on = models.DateField("ferme le", help_text="Dernier jour pour transmettre et corriger.")
    due_on = models.DateField("cotisation à payer avant le")
    welcome = models.TextField("mot d’accueil", blank=True)
    payment_text = models.TextField("comment payer", blank=True)
    opened_at = models.DateTimeField("lancée le", null=True, blank=True, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "campagne d’adhésion"
        verbose_name_plural = "campagnes d’adhésion"
        constraints = [
            models.CheckConstraint(
                name="campaign_closes_after_opening",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message="La campagne ne peut pas fermer avant d’ouvrir.",
            ),
            models.CheckConstraint(
                name="campaign_due_after_opening",
                condition=Q(due_on__gte=F("opens_on")),
                violation_error_message="La date de paiement ne peut pas précéder l’ouverture.",
            ),
        ]

    def __str__(self) -> str:
        return f"campagne {self.year}"

    @property
    def year(self) -> int:
        return self.form.year

    def memberships(self) -> MembershipQuerySet:
        """The files of the year."""
        return Membership.objects.filter(year=self.year)


@tracked()
class FeeScale(models.Model):
    """What one kind of member pays: a flat part, then so much per head, up to a cap."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="scales")
    category = models.CharField("pour", max_length=12, choices=FeeCategory)
    flat_cents = models.PositiveIntegerField("part fixe (centimes)", default=0)
    counted = models.ForeignKey(
        Question,
        verbose_name="personnes comptées",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="La question dont la réponse donne l’effectif. Vide : la part fixe seule.",
    )
    cap_cents = models.PositiveIntegerField("plafond (centimes)", null=True, blank=True)

    class Meta:
        verbose_name = "barème"
        constraints = [
            models.UniqueConstraint(
                name="feescale_one_per_category",
                fields=["campaign", "category"],
                violation_error_message="Cette catégorie a déjà un barème.",
            ),
            models.CheckConstraint(
                name="feescale_cap_above_flat_part",
                condition=Q(cap_cents__isnull=True) | Q(cap_cents__gte=F("flat_cents")),
                violation_error_message="Le plafond ne peut pas être sous la part fixe.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_category_display()


@tracked()
class FeeStep(models.Model):
    """From the n-th head to the next step, each costs so much. A step has no end of its own: two
    steps can neither overlap nor leave a gap."""

    scale = models.ForeignKey(FeeScale, on_delete=models.CASCADE, related_name="steps")
    from_head = models.PositiveSmallIntegerField("à partir de la n-ième personne", default=1)
    cents_per_head = models.PositiveIntegerField("par personne (centimes)")

    class Meta:
        verbose_name = "tranche"
        constraints = [
            models.UniqueConstraint(
                name="feestep_one_start",
                fields=["scale", "from_head"],
                violation_error_message="Une tranche commence déjà à cet effectif.",
            ),
            models.CheckConstraint(
                name="feestep_from_one",
                condition=Q(from_head__gte=1),
                violation_error_message="La première tranche commence à 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"à partir de {self.from_head}"


@tracked()
class CampaignStep(models.Model):
    """A letter of the campaign, to those whom it concerns on its day."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField("type", max_length=12, choices=StepKind)
    day = models.DateField("part le")
    subject = models.CharField("sujet", max_length=150)
    body = models.TextField("texte")

    class Meta:
        verbose_name = "étape de la campagne"
        verbose_name_plural = "étapes de la campagne"
        constraints = [
            models.UniqueConstraint(
                name="campaignstep_once_a_day",
                fields=["campaign", "kind", "day"],
                violation_error_message="Cette étape est déjà prévue ce jour-là.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.day:%d/%m/%Y}"


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def since(self, day: date) -> Self:
        """What left on that day or after."""
        return self.filter(day__gte=day)


class Reminder(models.Model):
    """The ledger: a step that left for a member, to how many addresses; by itself once, by hand
    once a day."""

    step = models.ForeignKey(CampaignStep, on_delete=models.PROTECT, related_name="reminders")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="reminders")
    day = models.DateField("jour")
    written_at = models.DateTimeField("écrit le")
    recipients = models.PositiveSmallIntegerField("destinataires", default=0)
    by_hand = models.BooleanField("à la main", default=False)
    written_by = models.ForeignKey(
        "members.User",
        verbose_name="demandé par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "rappel"
        constraints = [
            models.UniqueConstraint(
                name="reminder_once",
                fields=["step", "membership"],
                condition=Q(by_hand=False),
                violation_error_message="Ce rappel est déjà parti.",
            ),
            models.UniqueConstraint(
                name="reminder_by_hand_once_a_day",
                fields=["membership", "day"],
                condition=Q(by_hand=True),
                violation_error_message="Ce dossier a déjà été relancé ce jour-là.",
            ),
        ]

    def __str__(self) -> str:
        return f"rappel n° {self.pk}"
