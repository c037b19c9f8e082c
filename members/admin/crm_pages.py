"""The pages of the CRM's records: what would be sent, files to carry by hand, numbers read back."""

import io
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from apmsl.lib.dates import today
from apmsl.lib.exports import csv_response
from apmsl.lib.imports.formats import harmless
from apmsl.lib.typography import plural, typeset
from members.admin.forms import CrmFileForm, CrmNumbersForm
from members.enums import CrmModule
from members.models import CrmRecord
from members.services.crm import client, dry_run, files
from members.services.crm.files import FileRefused, Sheet
from members.services.crm.tokens import Later, Misconfigured

RECORDS_A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def dry_run_page(page_of: Any, request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("module", "")
    module = CrmModule(asked) if asked in CrmModule.values else CrmModule.ACCOUNTS
    waiting = CrmRecord.objects.exclude(state="sent").filter(module=module).order_by("pk")
    page = Paginator(waiting, RECORDS_A_PAGE).get_page(request.GET.get("page"))
    previews: list[dry_run.Preview] = []
    trouble = ""
    try:
        previews = dry_run.preview(module=module, records=list(page), on=today())
    except (Later, Misconfigured, client.BadRequest) as error:
        trouble = typeset(f"Le CRM n’a pas pu être lu : {error}")
    context = {
        "title": "Essai à blanc",
        "page": page,
        "previews": previews,
        "trouble": trouble,
        "module": module,
        "modules": CrmModule,
        "configured": client.is_configured(),
    }
    return _page(page_of, request, "admin/members/crm_dry_run.html", context)


def file_page(page_of: Any, request: HttpRequest) -> HttpResponseBase:
    form = CrmFileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        sheet = files.write(
            module=given["module"],
            scope=files.Scope(given["scope"]),
            mark=given["mark"],
            on=today(),
            at=timezone.now(),
        )
        return _sheet(sheet, f"crm-{given['module'].lower()}-{given['scope']}", given["format"])
    context = {
        "title": "Préparer un fichier pour le CRM",
        "form": form,
        "lead": "Les mêmes champs que par l’échange automatique. Dans le CRM, importez ce fichier "
        "en reconnaissant les fiches par Portail_ID.",
        "submit": "Télécharger",
        "back": reverse("admin:members_crmrecord_changelist"),
    }
    return _page(page_of, request, "admin/members/form.html", context)


def numbers_page(page_of: Any, request: HttpRequest) -> HttpResponse:
    form = CrmNumbersForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read(files.MOST_BYTES + 1)
        try:
            linked = files.link(module=CrmModule(form.cleaned_data["module"]), content=content)
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, f"{plural(linked, 'fiche reliée', 'fiches reliées')}.")
            return redirect(reverse("admin:members_crmrecord_changelist"))
    context = {
        "title": "Lire les numéros du CRM",
        "form": form,
        "lead": "Après un import dans le CRM, exportez-en le module : les colonnes « id » et "
        "« Portail_ID » relient chaque fiche du portail à la sienne.",
        "submit": "Lire le fichier",
        "back": reverse("admin:members_crmrecord_changelist"),
    }
    return _page(page_of, request, "admin/members/form.html", context)


def _page(
    page_of: Any, request: HttpRequest, template: str, context: dict[str, Any]
) -> HttpResponse:
    shared = {**page_of.admin_site.each_context(request), "opts": page_of.opts}
    return TemplateResponse(request, template, {**shared, **context})


def _sheet(sheet: Sheet, name: str, kind: str) -> HttpResponseBase:
    if kind == "csv":
        return csv_response(f"{name}.csv", sheet.headers, sheet.rows)
    book = Workbook(write_only=True)
    page = book.create_sheet("CRM")
    page.append(sheet.headers)
    for row in sheet.rows:
        page.append([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    content = io.BytesIO()
    book.save(content)
    response = HttpResponse(content.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response
