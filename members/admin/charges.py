"""Sums due for events: asked by the registrations, paid, given back."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter
from unfold.decorators import action, display

from apmsl.lib.admin.model import ReadOnlyModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.typography import money, typeset
from members.admin.memberships import MembershipPaymentInline, MembershipPieceInline
from members.enums import ChargeStatus
from members.models import Charge
from members.services import charges
from members.services.pieces import PieceRefused

TO_PAY, LATE, TO_GIVE_BACK, PAID, CANCELLED = (
    "À payer",
    "En retard",
    "À rembourser",
    "Payée",
    "Annulée",
)


class StateFilter(admin.SimpleListFilter):
    title = "où en est-on"
    parameter_name = "situation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("a-payer", TO_PAY),
            ("en-retard", LATE),
            ("a-rembourser", TO_GIVE_BACK),
            ("payee", PAID),
            ("annulee", CANCELLED),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        kept = {
            "a-payer": Q(status=ChargeStatus.CALLED),
            "en-retard": Q(status=ChargeStatus.CALLED, due_on__lt=today()),
            "a-rembourser": Q(received_cents__gt=F("amount_cents")),
            "payee": Q(status=ChargeStatus.PAID),
            "annulee": Q(status=ChargeStatus.CANCELLED),
        }
        known = kept.get(self.value() or "")
        return queryset.filter(known) if known else queryset


class ChargePaymentInline(MembershipPaymentInline):
    pass


class ChargePieceInline(MembershipPieceInline):
    pass


@admin.register(Charge)
class ChargeAdmin(ReadOnlyModelAdmin):
    list_display = ("label", "payer", "person", "shown_state", "euros", "received", "due_on")
    list_filter: tuple[Any, ...] = (
        StateFilter,
        ("team", AutocompleteSelectFilter),
        ("due_on", RangeDateFilter),
    )
    list_select_related = ("team", "person")
    search_fields = ("label", "team__search_text", "person__sort_name")
    ordering = ("-called_on", "-pk")
    fields = (
        "label",
        ("payer", "person"),
        ("shown_state", "euros", "received"),
        ("called_on", "due_on", "paid_on"),
    )
    readonly_fields = ("payer", "shown_state", "euros", "received")
    actions_detail = ("record_payment", "cancel", "ask_again", "see_page")
    inlines = (ChargePaymentInline, ChargePieceInline)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_received()

    @action(description="Enregistrer un paiement", icon="payments", url_path="payer")
    def record_payment(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect(f"{reverse('admin:members_payment_add')}?charge={object_id}")

    @action(description="Annuler (avoir)", icon="undo", url_path="annuler")
    def cancel(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._asked_first(
            request,
            object_id,
            title="Annuler cette somme due ?",
            lead="Un avoir annule la demande de paiement ; l’inscription reste. Ce qui a été reçu "
            "est à rembourser.",
            submit="Oui, émettre l’avoir",
        )

    @action(description="Redemander", icon="redo", url_path="redemander")
    def ask_again(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._asked_first(
            request,
            object_id,
            title="Demander de nouveau cette somme ?",
            lead="Une nouvelle demande de paiement est émise, du même montant. Ce qui avait été reçu "
            "compte : c’est ainsi que l’on garde le paiement d’une annulation trop tardive.",
            submit="Oui, redemander",
            again=True,
        )

    @action(description="Voir la page de paiement", icon="open_in_new", url_path="page")
    def see_page(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect(self.get_queryset(request).get(pk=object_id).payment_url())

    def _asked_first(
        self,
        request: HttpRequest,
        object_id: int,
        *,
        title: str,
        lead: str,
        submit: str,
        again: bool = False,
    ) -> HttpResponse:
        charge = self.get_queryset(request).get(pk=object_id)
        back = reverse("admin:members_charge_change", args=[object_id])
        if request.method == "POST":
            _make(request, charge, again=again)
            return redirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": typeset(title),
            "lead": typeset(f"{charge.label}. {lead}"),
            "submit": submit,
            "back": back,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/members/form.html", context)

    @display(description="payé par")
    def payer(self, charge: Charge) -> str:
        return str(charge.payer)

    @display(
        description="état",
        label={
            TO_PAY: "warning",
            LATE: "danger",
            TO_GIVE_BACK: "danger",
            PAID: "success",
            CANCELLED: "info",
        },
    )
    def shown_state(self, charge: Any) -> str:
        if charge.received_cents > charge.amount_cents:
            return TO_GIVE_BACK
        if charge.is_called:
            return LATE if charge.due_on and charge.due_on < today() else TO_PAY
        return PAID if charge.is_paid else CANCELLED

    @display(description="montant", ordering="amount_cents")
    def euros(self, charge: Charge) -> str:
        return money(charge.amount_cents)

    @display(description="reçu", ordering="received_cents")
    def received(self, charge: Any) -> str:
        return money(charge.received_cents) if charge.received_cents else "–"


def _make(request: HttpRequest, charge: Charge, *, again: bool) -> None:
    by: Any = request.user
    try:
        if again:
            piece = charges.ask_again(charge=charge, by=by, on=today(), at=timezone.now())
            messages.success(request, f"La demande de paiement {piece.reference} est émise.")
        else:
            charges.cancel(charge=charge, by=by, on=today())
            messages.success(request, "Il n’y a plus rien à payer.")
    except PieceRefused as refusal:
        messages.error(request, typeset(str(refusal)))
