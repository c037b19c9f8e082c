"""Money: pieces with gapless numbers, payments, attempts by card.

Amounts are whole cents. A piece is never changed nor deleted, the database forbids it; a credit note
cancels it.
"""

import uuid
from datetime import date
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from apmsl.lib.history import tracked
from members.enums import CheckoutState, PaymentMethod, PieceKind, Provider
from members.models.debts import OfADebt, of_one_debt

PIECE_LETTERS: dict[str, str] = {
    PieceKind.CALL: "AC",
    PieceKind.INVOICE: "FA",
    PieceKind.RECEIPT: "RE",
    PieceKind.CREDIT_NOTE: "AV",
}

# What is read of whoever owes.
DEBT = ("membership__team", "membership__person", "charge__team", "charge__person")


class PieceSeriesQuerySet(models.QuerySet["PieceSeries"]):
    def lock(self, kind: str, year: int) -> "PieceSeries":
        """The first of a year inserts the row: of two, one waits for the other, then locks it too."""
        self.bulk_create([self.model(kind=kind, year=year)], ignore_conflicts=True)
        return self.select_for_update(no_key=True).get(kind=kind, year=year)

    def take(self, kind: str, year: int) -> "PieceSeries":
        """The series with its next number taken, for the caller's transaction to use or give back."""
        series = self.lock(kind, year)
        series.last_number += 1
        series.save(update_fields=["last_number"])
        return series


class PieceSeries(models.Model):
    """The last number taken in a series; its row is locked while a piece is issued."""

    kind = models.CharField("type", max_length=12, choices=PieceKind)
    year = models.PositiveSmallIntegerField("année")
    last_number = models.PositiveIntegerField("dernier numéro", default=0)

    objects = PieceSeriesQuerySet.as_manager()

    class Meta:
        verbose_name = "série de pièces"
        verbose_name_plural = "séries de pièces"
        constraints = [
            models.UniqueConstraint(
                name="pieceseries_one_per_year",
                fields=["kind", "year"],
                violation_error_message="Cette série existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"

    def last_issued_on(self) -> date | None:
        issued = Piece.objects.filter(kind=self.kind, year=self.year).order_by("-number")
        return issued.values_list("issued_on", flat=True).first()


class PieceQuerySet(models.QuerySet["Piece"]):
    def with_debt(self) -> Self:
        return self.select_related(*DEBT)

    def standing(self) -> Self:
        """What no credit note cancels."""
        return self.filter(cancelled_by=None).exclude(kind=PieceKind.CREDIT_NOTE)


class Piece(OfADebt):
    """A call for payment, an invoice, a receipt or a credit note, as it was issued."""

    kind = models.CharField("type", max_length=12, choices=PieceKind)
    year = models.PositiveSmallIntegerField("année")
    number = models.PositiveIntegerField("numéro")
    issued_on = models.DateField("émise le")
    payment = models.ForeignKey(
        "members.Payment",
        verbose_name="paiement",
        on_delete=models.PROTECT,
        related_name="receipts",
        null=True,
        blank=True,
    )
    cancels = models.OneToOneField(
        "self",
        verbose_name="annule",
        on_delete=models.PROTECT,
        related_name="cancelled_by",
        null=True,
        blank=True,
    )
    recipient = models.CharField("destinataire", max_length=200)
    address = models.TextField("adresse", blank=True)
    lines = models.JSONField("lignes", default=list, help_text="[[libellé, centimes], …]")
    amount_cents = models.IntegerField("montant (centimes)")

    objects = PieceQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce"
        constraints = [
            of_one_debt("piece"),
            models.UniqueConstraint(
                name="piece_number_once",
                fields=["kind", "year", "number"],
                violation_error_message="Ce numéro est déjà pris.",
            ),
            models.CheckConstraint(
                name="piece_credit_note_cancels",
                condition=Q(kind=PieceKind.CREDIT_NOTE, cancels__isnull=False)
                | (~Q(kind=PieceKind.CREDIT_NOTE) & Q(cancels__isnull=True)),
                violation_error_message="Un avoir annule une pièce.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="piece_stays", operation=pgtrigger.Delete | pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("members:piece", args=[self.pk])

    @property
    def title(self) -> str:
        """What it is called: only a membership has a « cotisation »."""
        asks = self.kind == PieceKind.CALL and self.membership_id is None
        return "Demande de paiement" if asks else str(PieceKind(self.kind).label)

    @property
    def reference(self) -> str:
        """« AC-2023-0007 »: what a transfer bears, hence without accent or space."""
        return f"{PIECE_LETTERS[self.kind]}-{self.year}-{self.number:04d}"


@tracked()
class Payout(models.Model):
    """Payments by card that their provider sent to the bank in one transfer, less its costs."""

    provider = models.CharField("prestataire", max_length=12, choices=Provider)
    received_on = models.DateField("arrivé le")
    amount_cents = models.PositiveIntegerField("montant arrivé (centimes)")
    cost_cents = models.PositiveIntegerField("frais retenus (centimes)", default=0)
    recorded_by = models.ForeignKey(
        "members.User",
        verbose_name="enregistré par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "versement d’un prestataire"
        verbose_name_plural = "versements des prestataires"

    def __str__(self) -> str:
        return f"versement n° {self.pk}"


class PaymentQuerySet(models.QuerySet["Payment"]):
    def with_debt(self) -> Self:
        return self.select_related(*DEBT)

    def total_cents(self) -> int:
        total: int = self.aggregate(total=Coalesce(Sum("amount_cents"), 0))["total"]
        return total

    def at_hand(self) -> Self:
        """Cheques that are not at the bank yet."""
        return self.filter(method=PaymentMethod.CHEQUE, deposit=None, amount_cents__gt=0)

    def at_provider(self, provider: str) -> Self:
        """By card, and not sent to the bank yet; what was given back there is below zero."""
        return self.filter(method=PaymentMethod.CARD, provider=provider, payout=None)


@tracked()
class Payment(OfADebt):
    """Money that came, or went back (below zero)."""

    method = models.CharField("moyen", max_length=10, choices=PaymentMethod)
    amount_cents = models.IntegerField("montant (centimes)")
    received_on = models.DateField("reçu le")
    reference = models.CharField("référence", max_length=100, blank=True)
    provider = models.CharField("prestataire", max_length=12, choices=Provider, blank=True)
    provider_payment = models.CharField("paiement du prestataire", max_length=100, blank=True)
    recorded_by = models.ForeignKey(
        "members.User",
        verbose_name="enregistré par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    deposit = models.ForeignKey(
        "members.DepositSlip",
        verbose_name="bordereau de remise",
        on_delete=models.PROTECT,
        related_name="cheques",
        null=True,
        blank=True,
    )
    payout = models.ForeignKey(
        Payout,
        verbose_name="versement du prestataire",
        on_delete=models.PROTECT,
        related_name="payments",
        null=True,
        blank=True,
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "paiement"
        constraints = [
            of_one_debt("payment"),
            models.CheckConstraint(
                name="payment_of_something",
                condition=~Q(amount_cents=0),
                violation_error_message="Un paiement n’est pas nul.",
            ),
            models.UniqueConstraint(
                name="payment_once_per_provider",
                fields=["provider", "provider_payment"],
                condition=~Q(provider=""),
                violation_error_message="Ce paiement est déjà enregistré.",
            ),
            models.CheckConstraint(
                name="payment_deposit_of_cheques",
                condition=Q(deposit__isnull=True) | Q(method=PaymentMethod.CHEQUE),
                violation_error_message="Seul un chèque est remis à la banque.",
            ),
            models.CheckConstraint(
                name="payment_payout_of_cards",
                condition=Q(payout__isnull=True) | Q(method=PaymentMethod.CARD),
                violation_error_message="Un prestataire ne verse que des paiements par carte.",
            ),
        ]

    def __str__(self) -> str:
        return f"paiement n° {self.pk}"


class DepositSlip(models.Model):
    """The cheques taken to the bank together."""

    deposited_on = models.DateField("remis le")
    recorded_by = models.ForeignKey(
        "members.User", on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "bordereau de remise de chèques"
        verbose_name_plural = "bordereaux de remise de chèques"

    def __str__(self) -> str:
        return f"bordereau n° {self.pk}"


class Checkout(OfADebt):
    """One attempt to pay by card; a debt may have several."""

    key = models.UUIDField("clé", default=uuid.uuid4, unique=True, editable=False)
    provider = models.CharField("prestataire", max_length=12, choices=Provider)
    provider_checkout = models.CharField("numéro du prestataire", max_length=200, blank=True)
    pay_url = models.URLField("page de paiement", max_length=1000, blank=True)
    amount_cents = models.PositiveIntegerField("montant (centimes)")
    state = models.CharField(
        "état", max_length=10, choices=CheckoutState, default=CheckoutState.OPENED
    )
    opened_at = models.DateTimeField("ouvert le")
    opened_by = models.ForeignKey(
        "members.User", on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    fetched_at = models.DateTimeField("vérifié le", null=True, blank=True)

    class Meta:
        verbose_name = "paiement en ligne"
        verbose_name_plural = "paiements en ligne"
        constraints = [
            of_one_debt("checkout"),
            models.UniqueConstraint(
                name="checkout_number_once",
                fields=["provider", "provider_checkout"],
                condition=~Q(provider_checkout=""),
                violation_error_message="Ce paiement en ligne est déjà connu.",
            ),
            models.UniqueConstraint(
                name="checkout_one_opened",
                fields=["membership"],
                condition=Q(state=CheckoutState.OPENED),
                violation_error_message="Un paiement en ligne est déjà en cours.",
            ),
            models.UniqueConstraint(
                name="checkout_one_opened_of_charge",
                fields=["charge"],
                condition=Q(state=CheckoutState.OPENED),
                violation_error_message="Un paiement en ligne est déjà en cours.",
            ),
        ]

    def __str__(self) -> str:
        return f"paiement en ligne n° {self.pk}"


class Notice(models.Model):
    """What a provider told us, once; it proves nothing, and makes us ask."""

    provider = models.CharField("prestataire", max_length=12, choices=Provider)
    event = models.CharField("numéro de l’avis", max_length=200)
    received_at = models.DateTimeField("reçu le")
    checkout = models.ForeignKey(
        Checkout, on_delete=models.CASCADE, related_name="notices", null=True, blank=True
    )
    handled_at = models.DateTimeField("traité le", null=True, blank=True)

    class Meta:
        verbose_name = "avis de paiement"
        verbose_name_plural = "avis de paiement"
        constraints = [
            models.UniqueConstraint(
                name="notice_once",
                fields=["provider", "event"],
                violation_error_message="Cet avis est déjà connu.",
            )
        ]

    def __str__(self) -> str:
        return f"avis n° {self.pk}"
