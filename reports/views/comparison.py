"""Figures along the years, drawn; each drawing and its numbers are taken away too."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from apmsl.lib.access import access
from apmsl.lib.exports import csv_response, xlsx_response
from apmsl.lib.typography import NBSP
from reports import indicators
from reports.access import REPORTS
from reports.builders import comparison
from reports.builders.comparison import Compared
from reports.forms import CompareForm
from reports.views.taking import SVG, standing

HEADERS = ("Année", "Valeur", "Rupture de définition")


@access(REPORTS)
@require_safe
def compare(request: HttpRequest) -> HttpResponseBase:
    years = comparison.selectable_years()
    if not years:
        return render(request, "reports/empty.html")
    form = CompareForm(request.GET, years=years)
    figures, chosen = form.chosen()
    found = comparison.compare(figures, chosen)
    if request.GET.get("export") == "xlsx" and found:
        return _all_in_one(found, chosen)
    address = f"?{urlencode({'annee': sorted(chosen)}, doseq=True)}"
    context = {"form": form, "found": found, "address": address}
    return render(request, "reports/comparison.html", context)


@access(REPORTS)
@require_safe
def compared(request: HttpRequest, indicator_id: str, *, kind: str) -> HttpResponseBase:
    """One figure along the years: « svg » its drawing, « csv » and « xlsx » its numbers."""
    indicator = indicators.DECLARED.get(indicator_id)
    years = comparison.last_years(request.GET.getlist("annee"))
    if indicator is None or not indicator.is_comparable or not years:
        raise Http404
    (found,) = comparison.compare([indicator_id], years)
    name = f"{indicator_id}-{years[0]}-{years[-1]}.{kind}"
    if kind == "svg":
        return _drawn(found, name)
    return (csv_response if kind == "csv" else xlsx_response)(name, HEADERS, found.rows)


def _drawn(found: Compared, name: str) -> HttpResponse:
    response = HttpResponse(standing(found.drawing), content_type=SVG)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _all_in_one(found: list[Compared], years: list[int]) -> HttpResponse:
    """A line a figure, a column a year."""
    shown = sorted(years)
    headers = ("Chiffre", "Unité", *map(str, shown), "Ruptures de définition")
    rows = [
        (
            one.indicator.title,
            one.indicator.unit,
            *(year.value for year in one.years),
            f"{NBSP}; ".join(f"{year.year}{NBSP}: {year.broken}" for year in one.broken),
        )
        for one in found
    ]
    return xlsx_response(f"comparaison-{shown[0]}-{shown[-1]}.xlsx", headers, rows)
