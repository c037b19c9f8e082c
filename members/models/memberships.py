from datetime import date
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.urls import reverse

from apmsl.lib.history import tracked
from members.enums import MembershipStatus
from members.models.debts import Debt, DebtQuerySet
from members.models.outbox import feeds_crm
from members.models.people import Person
from members.models.teams import Team

TOKEN_SALT = "members.renewal"  # noqa: S105  a name, no secret


class MembershipQuerySet(DebtQuerySet["Membership"]):
    def paid(self) -> Self:
        return self.filter(status=MembershipStatus.PAID)

    def of_token(self, token: str) -> "Membership | None":
        """The file that a letter's link leads to; None when the link was altered."""
        try:
            return self.get(pk=signing.Signer(salt=TOKEN_SALT).unsign_object(token))
        except (signing.BadSignature, self.model.DoesNotExist):
            return None

    def opening_on(self, day: date) -> Self:
        """Memberships that open the members' area on that day: those of the year, and in its first
        months those of the year before, while teams renew."""
        return self.paid().filter(year__in=membership_years(day))


def membership_years(day: date) -> list[int]:
    in_grace = (day.month, day.day) <= settings.MEMBERSHIP_GRACE_UNTIL
    return [day.year, day.year - 1] if in_grace else [day.year]


@tracked()
class Membership(Debt):
    """The yearly membership of a team, or of an isolated professional."""

    year = models.PositiveSmallIntegerField("année")
    team = models.ForeignKey(
        Team,
        verbose_name="équipe",
        on_delete=models.PROTECT,
        related_name="memberships",
        null=True,
        blank=True,
    )
    person = models.ForeignKey(
        Person,
        verbose_name="professionnel·le isolé·e",
        on_delete=models.PROTECT,
        related_name="memberships",
        null=True,
        blank=True,
    )
    status = models.CharField(
        "état", max_length=10, choices=MembershipStatus, default=MembershipStatus.CALLED
    )
    amount_cents = models.PositiveIntegerField("montant (centimes)", default=0)
    checked_on = models.DateField("équipe vérifiée le", null=True, blank=True)
    checked_by = models.ForeignKey(
        "members.User",
        verbose_name="vérifiée par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    called_on = models.DateField("appelée le", null=True, blank=True)
    due_on = models.DateField("à payer avant le", null=True, blank=True)
    promised_on = models.DateField("paiement annoncé pour le", null=True, blank=True)
    declined_on = models.DateField("renoncement le", null=True, blank=True)
    declined_reason = models.CharField("raison du renoncement", max_length=300, blank=True)
    paid_on = models.DateField("payée le", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "adhésion"
        triggers = feeds_crm(contacts="person_id", accounts="team_id")
        indexes = [models.Index(fields=["year", "status"], name="membership_year_status")]
        constraints = [
            models.CheckConstraint(
                name="membership_team_or_person",
                condition=Q(team__isnull=False, person__isnull=True)
                | Q(team__isnull=True, person__isnull=False),
                violation_error_message="Une adhésion est celle d’une équipe ou d’une personne.",
            ),
            models.UniqueConstraint(
                name="membership_one_per_team_and_year",
                fields=["year", "team"],
                violation_error_message="Cette équipe a déjà une adhésion pour cette année.",
            ),
            models.UniqueConstraint(
                name="membership_one_per_person_and_year",
                fields=["year", "person"],
                violation_error_message="Cette personne a déjà une adhésion pour cette année.",
            ),
            models.CheckConstraint(
                name="membership_paid_has_a_date",
                condition=Q(status=MembershipStatus.PAID, paid_on__isnull=False)
                | Q(status=MembershipStatus.CANCELLED)
                | (
                    ~Q(status__in=[MembershipStatus.PAID, MembershipStatus.CANCELLED])
                    & Q(paid_on__isnull=True)
                ),
                violation_error_message="La date de paiement va avec une adhésion payée.",
            ),
            models.CheckConstraint(
                name="membership_declined_has_a_date",
                condition=Q(status=MembershipStatus.DECLINED, declined_on__isnull=False)
                | (~Q(status=MembershipStatus.DECLINED) & Q(declined_on__isnull=True)),
                violation_error_message="La date de renoncement va avec une adhésion non renouvelée.",
            ),
            models.CheckConstraint(
                name="membership_year_plausible",
                condition=Q(year__range=(2000, 2100)),
                violation_error_message="L’année doit être comprise entre 2000 et 2100.",
            ),
        ]

    def __str__(self) -> str:
        return f"adhésion {self.year} n° {self.pk}"

    @property
    def title(self) -> str:
        return f"Adhésion {self.year}"

    @property
    def token(self) -> str:
        """What a letter's link bears: it names the file, and lets nobody in."""
        return signing.Signer(salt=TOKEN_SALT).sign_object(self.pk)

    def is_late_on(self, day: date) -> bool:
        """Called, not paid, and past its date or the date that was promised."""
        limits = [limit for limit in (self.due_on, self.promised_on) if limit]
        return self.status == MembershipStatus.CALLED and bool(limits) and max(limits) < day

    def page_url(self, name: str) -> str:
        """A page of the file of the year; an isolated professional has no other than one's own."""
        if self.team_id is None:
            return reverse(f"members:own_{name}", args=[self.year])
        return reverse(f"members:{name}", args=[self.team_id, self.year])

    def payment_url(self) -> str:
        """The page that says how to pay."""
        return self.page_url("renewal_payment")
