"""What money is asked for: a yearly membership, or a charge (a seat at an event).

Pieces, payments and attempts by card hang on one or the other, never on both, and treat them alike.
"""

from typing import Any, Self, TypeVar

from django.core import signing
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from apmsl.lib.history import tracked
from members.enums import ChargeStatus
from members.models.people import Person
from members.models.teams import Team

CHARGE_SALT = "members.charge"


D = TypeVar("D", bound="Debt")


class DebtQuerySet(models.QuerySet[D]):
    def lock(self, pk: int) -> D:
        """Serialise what decides on the money of a debt. Take this lock before a series'."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)

    def with_received(self) -> Self:
        """``received_cents``: what came, less what was given back."""
        return self.annotate(received_cents=Coalesce(Sum("payments__amount_cents"), 0))

    def with_rest(self) -> Self:
        """``rest``: what is still to be paid, in cents; below zero, what came too much."""
        return self.with_received().annotate(rest=F("amount_cents") - F("received_cents"))


class Debt(models.Model):
    """Of a team or of a person; the states that money moves are named alike in both."""

    # Of each model; set by the queryset's with_rest.
    status: Any
    amount_cents: Any
    called_on: Any
    due_on: Any
    paid_on: Any
    team: Any
    team_id: Any
    person: Any
    person_id: Any
    get_status_display: Any
    pieces: Any
    payments: Any
    checkouts: Any
    rest: int

    class Meta:
        abstract = True

    @property
    def title(self) -> str:
        raise NotImplementedError

    @property
    def key(self) -> str:
        """« membership:12 »: which one, in a form."""
        return f"{self._meta.model_name}:{self.pk}"

    @property
    def payer(self) -> Team | Person | None:
        payer: Team | Person | None = self.team or self.person
        return payer

    @property
    def is_called(self) -> bool:
        return bool(self.status == ChargeStatus.CALLED)

    @property
    def is_paid(self) -> bool:
        return bool(self.status == ChargeStatus.PAID)

    def rest_cents(self) -> int:
        """What is still to be paid; below zero, what came too much."""
        return int(self.amount_cents - self.payments.total_cents())

    def keep(self, *fields: str) -> None:
        self.save(update_fields=fields)

    def payment_url(self) -> str:
        """The page that says how to pay."""
        raise NotImplementedError


class ChargeQuerySet(DebtQuerySet["Charge"]):
    def of_token(self, token: str) -> "Charge | None":
        """What a letter's link leads to; None when the link was altered."""
        try:
            return self.get(pk=signing.Signer(salt=CHARGE_SALT).unsign_object(token))
        except (signing.BadSignature, self.model.DoesNotExist, ValueError, TypeError):
            return None


@tracked()
class Charge(Debt):
    """A sum asked of a team, or of a person, that is no membership.

    The team pays where there is one; the person is the one whom it is for.
    """

    label = models.CharField("objet", max_length=300)
    page = models.CharField("page concernée", max_length=200, blank=True, editable=False)
    team = models.ForeignKey(
        Team,
        verbose_name="équipe",
        on_delete=models.PROTECT,
        related_name="charges",
        null=True,
        blank=True,
    )
    person = models.ForeignKey(
        Person,
        verbose_name="pour",
        on_delete=models.PROTECT,
        related_name="charges",
        null=True,
        blank=True,
    )
    status = models.CharField(
        "état", max_length=10, choices=ChargeStatus, default=ChargeStatus.CALLED
    )
    amount_cents = models.PositiveIntegerField("montant (centimes)", default=0)
    called_on = models.DateField("demandée le", null=True, blank=True)
    due_on = models.DateField("à payer avant le", null=True, blank=True)
    paid_on = models.DateField("payée le", null=True, blank=True)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        verbose_name = "somme due"
        verbose_name_plural = "sommes dues"
        constraints = [
            models.CheckConstraint(
                name="charge_team_or_person",
                condition=Q(team__isnull=False) | Q(person__isnull=False),
                violation_error_message="Une somme est due par une équipe ou par une personne.",
            ),
            models.CheckConstraint(
                name="charge_paid_has_a_date",
                condition=Q(status=ChargeStatus.PAID, paid_on__isnull=False)
                | (~Q(status=ChargeStatus.PAID) & Q(paid_on__isnull=True)),
                violation_error_message="La date de paiement va avec une somme payée.",
            ),
            models.CheckConstraint(
                name="charge_cancelled_asks_nothing",
                condition=~Q(status=ChargeStatus.CANCELLED) | Q(amount_cents=0),
                violation_error_message="Ce qui est annulé n’est plus à payer.",
            ),
        ]

    def __str__(self) -> str:
        return f"somme due n° {self.pk}"

    @property
    def title(self) -> str:
        return self.label

    @property
    def token(self) -> str:
        """What a letter's link bears: it shows this sum and lets one pay it, and nothing else."""
        return signing.Signer(salt=CHARGE_SALT).sign_object(self.pk)

    def payment_url(self) -> str:
        return reverse("members:charge", args=[self.token])


class OfADebt(models.Model):
    """What hangs on a debt."""

    membership = models.ForeignKey(
        "members.Membership",
        verbose_name="adhésion",
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        null=True,
        blank=True,
    )
    charge = models.ForeignKey(
        Charge,
        verbose_name="somme due",
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        null=True,
        blank=True,
    )

    class Meta:
        abstract = True

    @property
    def debt(self) -> Any:
        return self.charge if self.membership_id is None else self.membership


def of_one_debt(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{name}_of_one_debt",
        condition=Q(membership__isnull=False, charge__isnull=True)
        | Q(membership__isnull=True, charge__isnull=False),
        violation_error_message="Indiquez une adhésion ou une somme due, pas les deux.",
    )
