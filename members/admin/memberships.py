"""Memberships, and the board of a campaign: who has started, sent, paid."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import action, display

from apmsl.lib.admin.model import ReadOnlyInline
from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.typography import money, plural
from members.enums import Department, MembershipStatus, Situation
from members.models import Campaign, Membership, Payment, Piece
from members.services import reminders, renewals
from members.services.progress import with_situation
from members.services.renewals import RenewalRefused

COLOURS = {
    Situation.TO_START: "danger",
    Situation.DRAFT: "warning",
    Situation.SENT: "info",
    Situation.CALLED: "info",
    Situation.PROMISED: "info",
    Situation.LATE: "danger",
    Situation.PARTLY_PAID: "warning",
    Situation.PAID: "success",
}


class MembershipPaymentInline(ReadOnlyInline):
    model = Payment
    verbose_name_plural = "paiements"
    fields = ("received_on", "method", "amount_cents", "reference", "deposit")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return super().get_queryset(request).select_related("deposit").order_by("received_on", "pk")


class MembershipPieceInline(ReadOnlyInline):
    model = Piece
    verbose_name_plural = "pièces"
    fields = ("__str__", "kind", "issued_on", "amount_cents")
    readonly_fields = ("__str__",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Piece]:
        return super().get_queryset(request).order_by("issued_on", "pk")


class OverpaidFilter(admin.SimpleListFilter):
    title = "trop-perçu"
    parameter_name = "trop"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "À rembourser")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(received_cents__gt=F("amount_cents")) if self.value() else queryset


class SituationFilter(admin.SimpleListFilter):
    title = "situation"
    parameter_name = "situation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Situation.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> Any:
        return queryset.filter(situation=self.value()) if self.value() else queryset


@admin.register(Membership)
class MembershipAdmin(SheetsModelAdmin):
    table = "memberships"
    list_display = ("year", "member", "shown_situation", "euros", "received", "due_on", "paid_on")
    list_filter: tuple[Any, ...] = (
        "year",
        SituationFilter,
        OverpaidFilter,
        ("status", ChoicesDropdownFilter),
        ("team__department", ChoicesDropdownFilter),
        ("paid_on", RangeDateFilter),
    )
    list_select_related = ("team", "person")
    list_before_template = "admin/members/board.html"
    search_fields = ("team__search_text", "person__sort_name")
    autocomplete_fields = ("team", "person")
    ordering = ("-year", "team__sort_name", "pk")
    readonly_fields = ("checked_on", "checked_by")
    fieldsets = (
        (None, {"fields": (("year", "status"), "team", "person")}),
        (
            "Argent",
            {"fields": (("amount_cents", "called_on"), ("due_on", "promised_on"), "paid_on")},
        ),
        ("Renoncement", {"fields": (("declined_on", "declined_reason"),)}),
        ("Équipe vérifiée", {"fields": (("checked_on", "checked_by"),)}),
    )
    actions = ("remind",)
    actions_detail = ("issue_call", "issue_invoice", "record_payment")
    inlines = (MembershipPaymentInline, MembershipPieceInline)

    def get_queryset(self, request: HttpRequest) -> Any:
        return with_situation(super().get_queryset(request), today())

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The counts above are those of the rows that the filters keep."""
        response: Any = super().changelist_view(request, extra_context)
        listed = getattr(response, "context_data", {}).get("cl") if response else None
        if listed is not None:
            response.context_data |= {
                "situations": _by_situation(listed.queryset),
                "departments": _by_department(listed.queryset),
            }
        return response

    @admin.action(description="Envoyer un rappel")
    def remind(self, request: HttpRequest, queryset: Any) -> None:
        """The letter that suits where each file stands, once a day."""
        files = Membership.objects.filter(pk__in=queryset.values("pk"))
        count = reminders.remind(files=files, by=request.user, on=today(), at=timezone.now())
        left = queryset.count() - count
        if count:
            sent = plural(count, "dossier relancé", "dossiers relancés")
            self.message_user(request, f"{sent}.", messages.SUCCESS)
        if left:
            told = plural(left, "dossier n’est", "dossiers ne sont")
            reason = "rien n’y est attendu, aucune lettre ne convient, personne n’a d’adresse, ou une lettre "
            "est partie aujourd’hui."
            self.message_user(request, f"{told} pas à relancer : {reason}", messages.WARNING)

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> Any:
        """Once a piece says it, the money follows pieces and payments only."""
        if obj is None or not obj.pieces.exists():
            return self.readonly_fields
        return (*self.readonly_fields, "status", "amount_cents", "called_on", "paid_on")

    @action(description="Émettre l’appel", icon="request_quote", url_path="appeler")
    def issue_call(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The fee as the member would see it; it is asked first, since a piece is not undone."""
        membership = self.get_queryset(request).get(pk=object_id)
        back = reverse("admin:members_membership_change", args=[object_id])
        if request.method == "POST":
            _ask(request, renewals.ask_call, membership, "L’appel {} est émis et envoyé.")
            return redirect(back)
        context = {**self.admin_site.each_context(request), **_fee(membership), "back": back}
        context |= {"opts": self.opts, "title": "Émettre l’appel à cotisation ?"}
        return TemplateResponse(request, "admin/members/call.html", context)

    @action(description="Émettre la facture", icon="receipt_long", url_path="facturer")
    def issue_invoice(self, request: HttpRequest, object_id: int) -> HttpResponse:
        membership = self.get_queryset(request).get(pk=object_id)
        back = reverse("admin:members_membership_change", args=[object_id])
        if request.method == "POST":
            _ask(request, renewals.ask_invoice, membership, "La facture {} est émise et envoyée.")
            return redirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": "Émettre la facture ?",
            "lead": f"{membership.team or membership.person}, adhésion {membership.year}. La facture "
            "reprend les lignes de l’appel, et part par courriel.",
            "submit": "Oui, émettre la facture",
            "back": back,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/members/form.html", context)

    @action(description="Enregistrer un paiement", icon="payments", url_path="payer")
    def record_payment(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect(f"{reverse('admin:members_payment_add')}?membership={object_id}")

    @display(description="adhérent")
    def member(self, membership: Membership) -> str:
        return str(membership.team or membership.person)

    @display(
        description="situation",
        ordering="situation",
        label={str(situation.label): colour for situation, colour in COLOURS.items()},
    )
    def shown_situation(self, membership: Any) -> str:
        return str(Situation(membership.situation).label)

    @display(description="montant", ordering="amount_cents")
    def euros(self, membership: Membership) -> str:
        return money(membership.amount_cents)

    @display(description="reçu")
    def received(self, membership: Any) -> str:
        received = membership.received_cents
        if received > membership.amount_cents:
            return f"{money(received)}, trop-perçu {money(received - membership.amount_cents)}"
        return money(received) if received else "–"


def _ask(request: HttpRequest, act: Any, membership: Membership, said: str) -> None:
    try:
        piece = act(membership=membership, by=request.user, on=today(), at=timezone.now())
    except RenewalRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said.format(piece.reference))


def _fee(membership: Membership) -> dict[str, Any]:
    """What the call would say, or why there can be none."""
    context: dict[str, Any] = {"membership": membership}
    campaign = Campaign.objects.select_related("form").filter(form__year=membership.year).first()
    if campaign is None:
        return {**context, "refusal": f"Il n’y a pas de campagne {membership.year}."}
    try:
        fee = renewals.fee_of(membership, campaign, today())
    except RenewalRefused as refusal:
        return {**context, "refusal": str(refusal)}
    return {**context, "fee": fee}


def _by_situation(files: Any) -> list[tuple[str, int]]:
    rows = files.order_by().values_list("situation").annotate(Count("pk"))
    counts = dict(rows)
    return [(str(one.label), counts[one]) for one in Situation if one in counts]


def _by_department(files: Any) -> list[dict[str, Any]]:
    rows = (
        files.order_by()
        .values("team__department")
        .annotate(
            files=Count("pk"),
            sent=Count("pk", filter=Q(has_sent=True)),
            paid=Count("pk", filter=Q(status=MembershipStatus.PAID)),
        )
    )
    labels = {value: str(label) for value, label in Department.choices}
    named = [{**row, "label": labels.get(row["team__department"], "Isolés")} for row in rows]
    return sorted(named, key=lambda row: row["team__department"] or "99")
