"""The link with the CRM: its switch and its state, the fields, the records, the disagreements."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from apmsl.lib.admin.model import PortalModelAdmin, ReadOnlyModelAdmin
from apmsl.lib.typography import plural, typeset
from members.admin import crm_pages
from members.enums import CrmModule, CrmSide, CrmSource
from members.models import CrmBridge, CrmConflict, CrmMapping, CrmRecord, CrmRun
from members.services.crm import bridge, client, conflicts, dry_run, mapping
from members.services.crm.conflicts import ValueRefused
from members.services.crm.tokens import Later, Misconfigured


# -- the state of the bridge -----------------------------------------------------------------------
@admin.register(CrmBridge)
class CrmBridgeAdmin(ReadOnlyModelAdmin):
    """One page in the place of a list: what runs, what waits, what is in the way."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST":
            _act(request)
            return redirect(_bridge_url())
        context = {
            **self.admin_site.each_context(request),
            "title": "Lien avec le CRM",
            "opts": self.opts,
            "bridge": CrmBridge.objects.select_related("changed_by__person").filter(pk=1).first(),
            "configured": client.is_configured(),
            "problems": mapping.problems(),
            "modules": _counts(),
            "runs": CrmRun.objects.order_by("-started_at", "-pk")[:10],
            "conflicts": CrmConflict.objects.open().count(),
        }
        return TemplateResponse(request, "admin/members/crm_bridge.html", context)


def _bridge_url() -> str:
    return reverse("admin:members_crmbridge_changelist")


def _counts() -> list[dict[str, Any]]:
    counted = CrmRecord.objects.values("module").annotate(
        waiting=Count("pk", filter=Q(state="waiting")),
        sent=Count("pk", filter=Q(state="sent") & ~Q(zoho_id="")),
        dead=Count("pk", filter=Q(state="dead")),
    )
    by_module = {row["module"]: row for row in counted}
    nothing = {"waiting": 0, "sent": 0, "dead": 0}
    return [
        {"code": one.value, "label": one.label, **by_module.get(one.value, nothing)}
        for one in CrmModule
    ]


def _act(request: HttpRequest) -> None:
    """One button of the page."""
    at = timezone.now()
    what = request.POST.get("what", "")
    if what in {"open", "stop"}:
        bridge.switch(on=what == "open", by=request.user, at=at)
        opened = "Les échanges sont ouverts." if what == "open" else "Les échanges sont arrêtés."
        messages.success(request, opened)
    elif what == "compare":
        bridge.sweep(at=at)
        messages.success(request, "Toutes les fiches seront comparées au prochain passage.")
    elif what == "fields":
        _read_fields(request)


def _read_fields(request: HttpRequest) -> None:
    try:
        row = mapping.read_fields(at=timezone.now())
    except (Later, Misconfigured, client.BadRequest) as error:
        messages.error(request, typeset(f"Le CRM n’a pas donné ses champs : {error}"))
    else:
        count = sum(len(fields) for fields in row.fields.values())
        messages.success(request, f"{plural(count, 'champ lu', 'champs lus')} dans le CRM.")


# -- fields ----------------------------------------------------------------------------------------
class MappingForm(forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Both have a name: what is of whom is said."""
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            grouped: dict[str, list[tuple[str, str]]] = {}
            for source, label in CrmSource.choices:
                grouped.setdefault(mapping.module_of(source).label, []).append((source, label))
            self.fields["source"].choices = [("", "---------"), *grouped.items()]

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        try:
            self.instance.validate_constraints()  # the module, which is not typed, included
            mapping.check(self.instance, CrmBridge.current().fields)
        except ValidationError as error:
            self._update_errors(error)

    def clean(self) -> dict[str, Any]:
        """The module follows from the datum."""
        given: dict[str, Any] = super().clean() or {}
        if source := given.get("source"):
            self.instance.module = mapping.module_of(source)
        return given


@admin.register(CrmMapping)
class CrmMappingAdmin(PortalModelAdmin):
    form = MappingForm
    list_display = ("source", "module", "zoho_field", "direction", "owner", "mode")
    list_filter = (("module", ChoicesDropdownFilter), ("direction", ChoicesDropdownFilter))
    search_fields = ("zoho_field", "source")
    ordering = ("module", "source", "pk")
    fields = (("source", "zoho_field"), ("direction", "owner"), "mode")
    actions_list = ("propose",)

    @action(description="Associer les champs habituels", icon="auto_fix_high", url_path="proposer")
    def propose(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            count = mapping.propose(at=timezone.now())
            messages.success(request, f"{plural(count, 'champ associé', 'champs associés')}.")
            return redirect(reverse("admin:members_crmmapping_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Associer les champs habituels ?",
            "effect": "Les champs que le CRM a d’origine, et ceux que le guide propose d’y créer. "
            "Ce qui est déjà associé ne change pas.",
            "back": reverse("admin:members_crmmapping_changelist"),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/members/confirm.html", context)

    def save_model(self, request: HttpRequest, obj: CrmMapping, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        mapping.changed(modules=[obj.module], at=timezone.now())


# -- records ---------------------------------------------------------------------------------------
@admin.register(CrmRecord)
class CrmRecordAdmin(ReadOnlyModelAdmin):
    list_display = (
        "title",
        "module",
        "shown_state",
        "zoho_id",
        "sent_at",
        "attempts",
        "last_error",
    )
    list_display_links = ("title",)
    list_filter = (("state", ChoicesDropdownFilter), ("module", ChoicesDropdownFilter))
    search_fields = ("zoho_id", "last_error")
    ordering = ("-pk",)
    fields = (
        ("title", "module"),
        ("portal_id", "zoho_id"),
        ("shown_state", "attempts", "last_error"),
        ("not_before", "tried_at", "sent_at"),
    )
    readonly_fields = ("title", "shown_state")
    actions = ("send_again",)
    actions_list = ("dry_run", "files", "link_numbers")

    @action(description="Essai à blanc", icon="science", url_path="essai")
    def dry_run(self, request: HttpRequest) -> HttpResponse:
        return crm_pages.dry_run_page(self, request)

    @action(description="Préparer un fichier", icon="download", url_path="fichier")
    def files(self, request: HttpRequest) -> HttpResponseBase:
        return crm_pages.file_page(self, request)

    @action(description="Lire les numéros du CRM", icon="upload", url_path="numeros")
    def link_numbers(self, request: HttpRequest) -> HttpResponse:
        return crm_pages.numbers_page(self, request)

    @admin.action(description="Envoyer de nouveau")
    def send_again(self, request: HttpRequest, queryset: QuerySet[CrmRecord]) -> None:
        count = queryset.look_again(at=timezone.now())
        messages.success(request, f"{plural(count, 'fiche')} au prochain passage.")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        listed = getattr(response, "context_data", None)
        if listed and "cl" in listed:
            rows = list(listed["cl"].result_list)
            names = dry_run.titles(rows)
            for row in rows:
                row.known_title = names.get(row.pk, "")
            listed["cl"].result_list = rows
        return response

    @display(description="fiche")
    def title(self, record: CrmRecord) -> str:
        known = getattr(record, "known_title", None)
        if known is None:
            known = dry_run.titles([record]).get(record.pk, "")
        return known or "Supprimée du portail"

    @display(
        description="état",
        ordering="state",
        label={"À jour": "success", "À envoyer": "info", "Refusée": "danger"},
    )
    def shown_state(self, record: CrmRecord) -> str:
        return str(record.get_state_display())


# -- disagreements ---------------------------------------------------------------------------------
class OpenFilter(admin.SimpleListFilter):
    title = "suite"
    parameter_name = "suite"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("attend", "À décider"), ("decide", "Décidés")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "attend":
            return queryset.open()
        return queryset.exclude(decided_at=None) if self.value() == "decide" else queryset


@admin.register(CrmConflict)
class CrmConflictAdmin(ReadOnlyModelAdmin):
    list_display = ("title", "mapping", "of_portal", "of_crm", "reason", "found_at", "kept")
    list_display_links = ("title",)
    list_filter = (OpenFilter,)
    list_select_related = ("mapping", "record")
    search_fields = ("mapping__zoho_field",)
    ordering = ("-found_at", "pk")
    fields = (
        ("title", "mapping"),
        ("of_portal", "of_crm", "reason"),
        ("found_at", "kept", "decided_at", "decided_by"),
    )
    readonly_fields = ("title", "of_portal", "of_crm")
    actions = ("keep_portal", "keep_crm", "keep_owner")

    @admin.action(description="Garder la valeur du portail")
    def keep_portal(self, request: HttpRequest, queryset: Any) -> None:
        _decide(request, queryset, CrmSide.PORTAL)

    @admin.action(description="Garder la valeur du CRM")
    def keep_crm(self, request: HttpRequest, queryset: Any) -> None:
        _decide(request, queryset, CrmSide.CRM)

    @admin.action(description="Garder la valeur de qui fait foi")
    def keep_owner(self, request: HttpRequest, queryset: Any) -> None:
        _decide(request, queryset, None)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        listed = getattr(response, "context_data", None)
        if listed and "cl" in listed:
            rows = list(listed["cl"].result_list)
            names = dry_run.titles([row.record for row in rows])
            for row in rows:
                row.known_title = names.get(row.record_id, "")
            listed["cl"].result_list = rows
        return response

    @display(description="fiche")
    def title(self, conflict: CrmConflict) -> str:
        known = getattr(conflict, "known_title", None)
        if known is None:
            known = dry_run.titles([conflict.record]).get(conflict.record_id, "")
        return known or "Supprimée du portail"

    @display(description="valeur du portail")
    def of_portal(self, conflict: CrmConflict) -> str:
        return dry_run.shown(conflict.portal_value)

    @display(description="valeur du CRM")
    def of_crm(self, conflict: CrmConflict) -> str:
        return dry_run.shown(conflict.crm_value)


def _decide(request: HttpRequest, rows: Any, keep: CrmSide | None) -> None:
    """``keep`` None: whoever the mapping says."""
    done = 0
    for row in rows.open().select_related("mapping").order_by("pk"):
        side = keep or CrmSide(row.mapping.owner)
        try:
            done += conflicts.decide(conflict=row, keep=side, by=request.user, at=timezone.now())
        except ValueRefused as refusal:
            messages.error(request, typeset(f"{row.mapping} : {refusal}"))
    if done:
        messages.success(request, f"{plural(done, 'désaccord réglé', 'désaccords réglés')}.")
