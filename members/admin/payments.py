"""Payments and slips of cheques: recorded by their service, never changed afterwards."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import action, display

from apmsl.lib import pdf
from apmsl.lib.admin.model import PortalModelAdmin, ReadOnlyInline, ReadOnlyModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.typography import money
from members.admin.forms import PaymentForm
from members.builders.pieces import deposit_html
from members.enums import PaymentMethod
from members.models import Charge, Debt, DepositSlip, Membership, Payment, Payout
from members.models.money import DEBT
from members.services import cheques, payments, payouts
from members.services.payments import Origin, PaymentRefused


class AtTheBankFilter(admin.SimpleListFilter):
    title = "chèques"
    parameter_name = "cheques"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("a-remettre", "À remettre à la banque")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.at_hand() if self.value() else queryset


@admin.register(Payment)
class PaymentAdmin(PortalModelAdmin):
    list_display = ("received_on", "member", "about", "method", "euros", "reference", "deposit")
    list_display_links = ("received_on", "member")
    list_filter = (
        AtTheBankFilter,
        ("method", ChoicesDropdownFilter),
        ("received_on", RangeDateFilter),
        "membership__year",
    )
    list_select_related = (*DEBT, "deposit")
    search_fields = (
        "membership__team__search_text",
        "membership__person__sort_name",
        "charge__team__search_text",
        "charge__person__sort_name",
        "charge__label",
        "reference",
    )
    ordering = ("-received_on", "-pk")
    fields = (
        ("membership", "charge", "member"),
        ("method", "euros", "received_on"),
        ("reference", "deposit"),
        ("provider", "provider_payment"),
        "recorded_by",
    )
    readonly_fields = ("member", "euros")
    actions = ("deposit_cheques",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A wrong payment is corrected by its contrary, so that the journal tells both."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        debt = _debt(request)
        if debt is None:
            messages.info(
                request,
                "Ouvrez l’adhésion ou la somme due, puis choisissez « Enregistrer un paiement ».",
            )
            return redirect(reverse("admin:members_membership_changelist"))
        form = PaymentForm(request.POST or None, initial={"received_on": today()})
        back = reverse(f"admin:members_{debt._meta.model_name}_change", args=[debt.pk])
        if request.method == "POST" and form.is_valid() and _record(request, debt, form):
            return redirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Enregistrer un paiement : {debt.payer}",
            "lead": f"{debt.title}. {_state(debt)}",
            "form": form,
            "submit": "Enregistrer",
            "back": back,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/members/form.html", context)

    @admin.action(description="Faire un bordereau de remise de ces chèques")
    def deposit_cheques(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        try:
            slip = cheques.deposit(cheques=queryset, by=request.user, on=today())
        except PaymentRefused as refusal:
            messages.error(request, str(refusal))
            return None
        messages.success(request, "Le bordereau est prêt : imprimez-le et joignez-le aux chèques.")
        return redirect(reverse("admin:members_depositslip_change", args=[slip.pk]))

    @display(description="adhérent")
    def member(self, payment: Payment) -> str:
        return str(payment.debt.payer)

    @display(description="objet")
    def about(self, payment: Payment) -> str:
        return str(payment.debt.title)

    @display(description="montant", ordering="amount_cents")
    def euros(self, payment: Payment) -> str:
        return money(payment.amount_cents, exact=True)


def _debt(request: HttpRequest) -> Debt | None:
    models: tuple[Any, ...] = (Membership, Charge)
    for model in models:
        given = request.GET.get(model._meta.model_name, "")
        if given.isdecimal() and len(given) <= 18:
            known = model.objects.select_related("team", "person")
            found: Debt | None = known.filter(pk=given).first()
            return found
    return None


def _record(request: HttpRequest, debt: Debt, form: PaymentForm) -> bool:
    given = form.cleaned_data
    try:
        payments.record(
            debt=debt,
            method=PaymentMethod(given["method"]),
            amount_cents=form.amount_cents(),
            received_on=given["received_on"],
            by=request.user,
            on=today(),
            at=timezone.now(),
            origin=Origin(reference=given["reference"]),
            once=True,
        )
    except PaymentRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    debt.refresh_from_db()
    messages.success(request, f"Paiement enregistré. {_state(debt)}")
    return True


def _state(debt: Debt) -> str:
    rest = debt.rest_cents()
    if rest < 0:
        return f"Trop-perçu : {money(-rest)} à rembourser."
    if rest:
        return f"Il reste {money(rest)} à payer."
    if isinstance(debt, Charge):
        return "Tout est payé." if debt.is_paid else "Rien n’est dû."
    return "La cotisation est payée."


class ChequeInline(ReadOnlyInline):
    model = Payment
    verbose_name_plural = "chèques"
    fields = ("membership", "charge", "received_on", "amount_cents", "reference")


class PayoutPaymentInline(ReadOnlyInline):
    model = Payment
    verbose_name_plural = "paiements par carte"
    fields = ("membership", "charge", "received_on", "amount_cents", "provider_payment")


@admin.register(Payout)
class PayoutAdmin(ReadOnlyModelAdmin):
    list_display = ("__str__", "provider", "received_on", "euros", "costs")
    list_filter = (("provider", ChoicesDropdownFilter), ("received_on", RangeDateFilter))
    ordering = ("-received_on", "-pk")
    fields = (("provider", "received_on"), ("euros", "costs"), "recorded_by")
    readonly_fields = ("euros", "costs")
    inlines = (PayoutPaymentInline,)
    actions_detail = ("undo",)

    @action(description="Défaire le rapprochement", icon="undo", url_path="defaire")
    def undo(self, request: HttpRequest, object_id: int) -> HttpResponse:
        payout = self.get_queryset(request).get(pk=object_id)
        if request.method == "POST":
            payouts.undo(payout=payout, by=request.user)
            messages.success(request, "La ligne et ses paiements sont de nouveau à rapprocher.")
            return redirect(reverse("admin:members_bankline_reconcile"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Défaire ce rapprochement ?",
            "lead": "Les paiements restent enregistrés ; la ligne du relevé est de nouveau à "
            "rapprocher.",
            "submit": "Oui, défaire",
            "back": reverse("admin:members_payout_change", args=[object_id]),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/members/form.html", context)

    @display(description="arrivé", ordering="amount_cents")
    def euros(self, payout: Payout) -> str:
        return money(payout.amount_cents, exact=True)

    @display(description="frais", ordering="cost_cents")
    def costs(self, payout: Payout) -> str:
        return money(payout.cost_cents, exact=True)


@admin.register(DepositSlip)
class DepositSlipAdmin(ReadOnlyModelAdmin):
    list_display = ("__str__", "deposited_on", "cheque_count", "total")
    list_filter = (("deposited_on", RangeDateFilter),)
    ordering = ("-deposited_on", "-pk")
    fields = ("deposited_on", "recorded_by")
    inlines = (ChequeInline,)
    actions_detail = ("print_slip",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DepositSlip]:
        counted = {"cheque_total": Sum("cheques__amount_cents"), "cheques_in": Count("cheques")}
        return super().get_queryset(request).annotate(**counted)

    @action(description="Bordereau (PDF)", icon="print", url_path="imprimer")
    def print_slip(self, request: HttpRequest, object_id: int) -> HttpResponse:
        slip = self.get_queryset(request).get(pk=object_id)
        return HttpResponse(
            pdf.render(deposit_html(slip)),
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="remise-{slip.pk}.pdf"'},
        )

    @display(description="chèques", ordering="cheques_in")
    def cheque_count(self, slip: Any) -> int:
        return slip.cheques_in

    @display(description="total", ordering="cheque_total")
    def total(self, slip: Any) -> str:
        return money(slip.cheque_total or 0, exact=True)
