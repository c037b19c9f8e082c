"""Pieces: read, downloaded, cancelled by a credit note; the journal and the archive of a year."""

from datetime import date

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import action, display

from apmsl.jobs import services as jobs
from apmsl.lib.admin.model import ReadOnlyModelAdmin
from apmsl.lib.dates import today
from apmsl.lib.exports import csv_response
from apmsl.lib.typography import money
from members.admin.forms import JournalForm
from members.builders import journal, piece_archive
from members.models import Piece
from members.services import pieces
from members.services.pieces import PieceRefused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@admin.register(Piece)
class PieceAdmin(ReadOnlyModelAdmin):
    list_display = ("reference", "issued_on", "shown_kind", "recipient", "euros", "shown_state")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        "year",
        ("issued_on", RangeDateFilter),
    )
    list_select_related = ("cancelled_by",)
    search_fields = ("recipient", "membership__team__search_text", "charge__label")
    ordering = ("-issued_on", "-pk")
    fields = (
        ("reference", "kind", "issued_on"),
        ("recipient", "address"),
        ("shown_lines", "euros"),
        ("membership", "charge", "cancels", "shown_state"),
    )
    readonly_fields = ("reference", "shown_lines", "euros", "shown_state")
    actions_list = ("journal", "archive")
    actions_detail = ("download", "cancel")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Piece]:
        return super().get_queryset(request).select_related("cancelled_by")

    # -- of a period -------------------------------------------------------------------------------

    @action(description="Journal comptable", icon="menu_book", url_path="journal")
    def journal(self, request: HttpRequest) -> HttpResponseBase:
        form = JournalForm(request.GET if "start" in request.GET else None, initial=_this_year())
        if form.is_valid():
            return _journal(**form.cleaned_data)
        context = {
            **self.admin_site.each_context(request),
            "title": "Journal comptable",
            "form": form,
            "method": "get",
            "lead": "Appels, avoirs, paiements et remises de chèques de la période, en partie "
            "double : les débits égalent les crédits.",
            "submit": "Télécharger",
            "back": reverse("admin:members_piece_changelist"),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/members/form.html", context)

    @action(description="Archive de l’année (ZIP)", icon="folder_zip", url_path="archive")
    def archive(self, request: HttpRequest) -> HttpResponse:
        year = _year(request)
        return redirect(
            jobs.request(
                kind=piece_archive.KIND,
                key=f"pieces:{year}",
                label=f"Pièces de {year}",
                params={"year": year},
                user=request.user,
                at=timezone.now(),
            )
        )

    # -- of one ------------------------------------------------------------------------------------

    @action(description="Télécharger (PDF)", icon="picture_as_pdf", url_path="telecharger")
    def download(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect(reverse("members:piece", args=[object_id]))

    @action(description="Émettre un avoir", icon="undo", url_path="avoir")
    def cancel(self, request: HttpRequest, object_id: int) -> HttpResponse:
        piece = self.get_queryset(request).get(pk=object_id)
        if request.method == "POST":
            return _cancel(request, piece)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Annuler {piece.reference} par un avoir ?",
            "lead": "L’avoir prend le numéro suivant de sa série et ne s’efface pas. Un appel annulé "
            "rend son dossier à l’équipe, à compléter ; une inscription n’a plus rien à payer.",
            "submit": "Oui, émettre l’avoir",
            "back": reverse("admin:members_piece_change", args=[object_id]),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/members/form.html", context)

    # -- columns -----------------------------------------------------------------------------------

    @display(description="numéro", ordering="number")
    def reference(self, piece: Piece) -> str:
        return piece.reference

    @display(description="type", ordering="kind")
    def shown_kind(self, piece: Piece) -> str:
        return piece.title

    @display(description="montant", ordering="amount_cents")
    def euros(self, piece: Piece) -> str:
        return money(piece.amount_cents, exact=True)

    @display(description="état", label={"Valable": "success", "Annulée": "danger"})
    def shown_state(self, piece: Piece) -> str:
        return "Annulée" if hasattr(piece, "cancelled_by") else "Valable"

    @display(description="lignes")
    def shown_lines(self, piece: Piece) -> str:
        return " ; ".join(f"{label} : {money(cents, exact=True)}" for label, cents in piece.lines)


def _this_year() -> dict[str, date]:
    return {"start": date(today().year, 1, 1), "end": today()}


def _year(request: HttpRequest) -> int:
    """That of the list's filter, else the present one."""
    given = request.GET.get("year__exact") or request.GET.get("year") or ""
    return int(given) if given.isdecimal() and len(given) == 4 else today().year


def _journal(*, start: date, end: date, format: str) -> HttpResponseBase:  # noqa: A002  the field's
    name = f"journal-{start:%Y-%m-%d}-{end:%Y-%m-%d}"
    if format == "csv":
        return csv_response(f"{name}.csv", journal.HEADERS, journal.rows(start, end))
    return HttpResponse(
        journal.journal_xlsx(start, end),
        content_type=XLSX,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.xlsx"',
            "Cache-Control": "private, no-store",
        },
    )


def _cancel(request: HttpRequest, piece: Piece) -> HttpResponse:
    try:
        note = pieces.issue_credit_note(piece=piece, by=request.user, on=today())
    except PieceRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("admin:members_piece_change", args=[piece.pk]))
    messages.success(request, f"L’avoir {note.reference} annule {piece.reference}.")
    return redirect(reverse("admin:members_piece_change", args=[note.pk]))
