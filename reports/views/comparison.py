"""Figures along the years, drawn; each drawing and its numbers are taken away too."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apmsl.lib.access import access
from apmsl.lib.exports import xlsx_response
from apmsl.lib.typography import NBSP
from reports.access import REPORTS
from reports.builders import comparison
from reports.builders.comparison import Compared
from reports.forms import CompareForm
from reports.views.taking import taken


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
    if file := taken(request, [one.exhibit for one in found], "comparaison"):
        return file
    context = {"form": form, "found": found}
    return render(request, "reports/comparison.html", context)


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
