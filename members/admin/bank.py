"""The bank's statement: imported, then each line of money matched with what it pays."""

from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display

from apmsl.lib.admin.model import ReadOnlyModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.typography import money, plural
from members.admin.forms import StatementForm
from members.enums import Provider
from members.models import BankLine, Charge, Debt, Membership, Payment
from members.services import bank, payouts
from members.services.payments import PaymentRefused
from members.services.statements import MOST_BYTES, StatementRefused

LINES_A_PAGE = 50


class PendingFilter(admin.SimpleListFilter):
    title = "rapprochement"
    parameter_name = "rapprochement"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("a-faire", "À rapprocher"), ("fait", "Rapprochées"), ("hors", "Hors adhésions")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        kept = {
            "a-faire": queryset.pending(),
            "fait": queryset.exclude(payment=None, payout=None),
            "hors": queryset.filter(set_aside=True),
        }
        return kept.get(self.value() or "", queryset)


@admin.register(BankLine)
class BankLineAdmin(ReadOnlyModelAdmin):
    list_display = ("booked_on", "label", "euros", "payment", "payout", "set_aside")
    list_display_links = ("label",)
    list_filter = (PendingFilter, ("booked_on", RangeDateFilter))
    list_select_related = ("payment", "payout")
    search_fields = ("label",)
    ordering = ("-booked_on", "-pk")
    actions = ("look_again",)
    actions_list = ("import_statement", "reconcile")
    actions_detail = ("match_payout",)

    @action(description="Importer un relevé", icon="upload", url_path="importer")
    def import_statement(self, request: HttpRequest) -> HttpResponse:
        form = StatementForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid() and _import(request, form):
            return redirect(_reconcile_url())
        context = {
            **self.admin_site.each_context(request),
            "title": "Importer un relevé",
            "form": form,
            "submit": "Importer",
            "back": reverse("admin:members_bankline_changelist"),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/members/form.html", context)

    @action(description="Rapprocher", icon="join_inner", url_path="rapprocher")
    def reconcile(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            _decide(request)
            return redirect(_reconcile_url())
        lines = BankLine.objects.pending().order_by("booked_on", "pk")
        page = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page"))
        proposals = bank.propose(page.object_list)
        context = {
            **self.admin_site.each_context(request),
            "title": "Rapprocher le relevé",
            "page": page,
            "proposals": proposals,
            "has_cards": any(_waits_at(provider) for provider in Provider),
            "certain": sum(proposal.is_certain for proposal in proposals),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/members/reconcile.html", context)

    @action(description="Versement d’un prestataire", icon="credit_score", url_path="versement")
    def match_payout(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The payments by card that a provider sent together, ticked as they seem to be."""
        line = self.get_queryset(request).get(pk=object_id)
        if request.method == "POST" and _match(request, line):
            return redirect(_reconcile_url())
        named = payouts.provider_of(line)
        providers = [named] if named else [one for one in Provider if _waits_at(one)]
        context = {
            **self.admin_site.each_context(request),
            "title": "Versement d’un prestataire",
            "line": line,
            "proposals": [payouts.propose(line, provider) for provider in providers],
            "back": _reconcile_url(),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/members/payout.html", context)

    @admin.action(description="Remettre à rapprocher")
    def look_again(self, request: HttpRequest, queryset: Any) -> None:
        bank.set_aside(lines=queryset, aside=False)

    @display(description="montant", ordering="amount_cents")
    def euros(self, line: BankLine) -> str:
        return money(line.amount_cents, exact=True)


def _reconcile_url() -> str:
    return reverse("admin:members_bankline_reconcile")


def _waits_at(provider: Provider) -> bool:
    return Payment.objects.at_provider(provider).exists()


def _match(request: HttpRequest, line: BankLine) -> bool:
    ids = [int(pk) for pk in request.POST.getlist("payments") if pk.isdecimal() and len(pk) < 19]
    try:
        payout = payouts.record(
            line=line, chosen=Payment.objects.filter(pk__in=ids), by=request.user
        )
    except PaymentRefused as refusal:
        messages.error(request, str(refusal))
        return False
    cost = f", frais {money(payout.cost_cents, exact=True)}" if payout.cost_cents else ""
    counted = plural(len(ids), "paiement")
    messages.success(request, f"Versement rapproché : {counted}{cost}.")
    return True


def _import(request: HttpRequest, form: StatementForm) -> bool:
    file = form.cleaned_data["file"]
    try:
        new = bank.import_statement(content=file.read(MOST_BYTES + 1), at=timezone.now())
    except StatementRefused as refusal:
        form.add_error("file", str(refusal))
        return False
    if new:
        messages.success(request, f"{plural(new, 'nouvelle ligne', 'nouvelles lignes')}.")
    else:
        messages.info(request, "Toutes ces lignes étaient déjà importées : rien n’a changé.")
    return True


def _decide(request: HttpRequest) -> None:
    """One button of the page: all the certain ones, this line for that debt, or aside."""
    if "all" in request.POST:
        done = bank.confirm_certain(by=request.user, on=today(), at=timezone.now())
        paid = plural(done, "paiement enregistré", "paiements enregistrés")
        messages.success(request, f"{paid}.")
        return
    what, _, rest = request.POST.get("decision", "").partition(":")
    line_id, _, debt_key = rest.partition(":")
    line = BankLine.objects.filter(pk=line_id).first() if _is_number(line_id) else None
    if line is None:
        messages.error(request, "Cette ligne n’existe plus.")
    elif what == "aside":
        bank.set_aside(lines=[line])
        messages.info(request, "La ligne est mise de côté.")
    elif what == "confirm":
        _confirm(request, line, debt_key)


def _debt(key: str) -> Debt | None:
    """By its key: « membership:12 », « charge:3 »."""
    name, _, number = key.partition(":")
    model: Any = {"membership": Membership, "charge": Charge}.get(name)
    found: Debt | None = (
        model.objects.filter(pk=number).first() if _is_debt(model, number) else None
    )
    return found


def _is_debt(model: Any, number: str) -> bool:
    return model is not None and _is_number(number)


def _is_number(given: str) -> bool:
    return given.isdecimal() and len(given) < 19


def _confirm(request: HttpRequest, line: BankLine, key: str) -> None:
    debt = _debt(key)
    if debt is None:
        messages.error(request, "Cette adhésion n’existe plus.")
        return
    try:
        bank.confirm(line=line, debt=debt, by=request.user, on=today(), at=timezone.now())
    except PaymentRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Paiement de {money(line.amount_cents)} enregistré.")
