"""What the bank tells: each line of its statements, once."""

from typing import Self

from django.db import models
from django.db.models import Q

from members.models.money import Payment, Payout


class BankLineQuerySet(models.QuerySet["BankLine"]):
    def pending(self) -> Self:
        """Money that came and that no payment explains yet."""
        return self.filter(payment=None, payout=None, set_aside=False, amount_cents__gt=0)


class BankLine(models.Model):
    """A line of the bank's statement, once however often its file is imported: the n-th of its day
    with that text and amount."""

    booked_on = models.DateField("date")
    label = models.CharField("libellé", max_length=300)
    amount_cents = models.IntegerField("montant (centimes)")
    rank = models.PositiveSmallIntegerField("rang parmi les lignes égales", default=1)
    payment = models.OneToOneField(
        Payment,
        verbose_name="paiement",
        on_delete=models.SET_NULL,
        related_name="bank_line",
        null=True,
        blank=True,
    )
    payout = models.OneToOneField(
        Payout,
        verbose_name="versement d’un prestataire",
        on_delete=models.SET_NULL,
        related_name="bank_line",
        null=True,
        blank=True,
    )
    set_aside = models.BooleanField("hors adhésions", default=False)
    imported_at = models.DateTimeField("importée le")

    objects = BankLineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de relevé"
        verbose_name_plural = "lignes de relevé"
        constraints = [
            models.UniqueConstraint(
                name="bankline_once",
                fields=["booked_on", "label", "amount_cents", "rank"],
                violation_error_message="Cette ligne est déjà importée.",
            ),
            models.CheckConstraint(
                name="bankline_payment_or_payout",
                condition=Q(payment__isnull=True) | Q(payout__isnull=True),
                violation_error_message="Une ligne est un paiement ou un versement, pas les deux.",
            ),
        ]

    def __str__(self) -> str:
        return f"ligne n° {self.pk}"
