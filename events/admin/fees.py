"""What registrations owe, paid and are to be given back, in their list."""

from typing import Any

from django.contrib import admin
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from unfold.decorators import display

from apmsl.lib.admin.model import link_to
from apmsl.lib.typography import money
from events.models import Registration
from members.enums import ChargeStatus
from members.models import Payment

PARAMETER = "paiement"
_STATES = {
    "tous": ("Toutes celles qui ont un prix", Q(charge__isnull=False)),
    "a-regler": ("À régler", Q(charge__status=ChargeStatus.CALLED)),
    "payees": ("Payées", Q(charge__status=ChargeStatus.PAID)),
    "a-rembourser": ("À rembourser", Q(received_cents__gt=F("charge__amount_cents"))),
}


class PaymentFilter(admin.SimpleListFilter):
    title = "paiement"
    parameter_name = PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, label) for key, (label, _) in _STATES.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = _STATES.get(self.value() or "")
        return queryset.filter(known[1]) if known else queryset


class OwesMixin:
    """For the admin of registrations."""

    @display(description="dû", ordering="charge__amount_cents")
    def due(self, registration: Registration) -> str:
        charge = registration.charge
        if charge is None:
            return "–"
        page = reverse("admin:members_charge_change", args=[charge.pk])
        return link_to(page, money(charge.amount_cents), "")

    @display(description="reçu", ordering="received_cents")
    def received(self, registration: Any) -> str:
        return money(registration.received_cents) if registration.received_cents else "–"

    @display(
        description="paiement",
        ordering="charge__status",
        label={"À régler": "warning", "Payée": "success", "À rembourser": "danger"},
    )
    def payment(self, registration: Any) -> str:
        charge = registration.charge
        if charge is None:
            return "–"
        if registration.received_cents > charge.amount_cents:
            return "À rembourser"
        if charge.is_called:
            return "À régler"
        return "Payée" if charge.is_paid else "Annulée"


def with_received(registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    """``received_cents``: what came for each, less what went back."""
    came = Payment.objects.filter(charge=OuterRef("charge")).order_by().values("charge")
    total = came.annotate(total=Sum("amount_cents")).values("total")
    return registrations.annotate(received_cents=Coalesce(Subquery(total), 0))
