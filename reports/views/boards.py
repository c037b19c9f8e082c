"""Boards: the year as the funders ask about it, a département as its officer follows it; and the lists
that their figures open."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apmsl.lib.access import access
from apmsl.lib.dates import reference_day, today
from apmsl.lib.htmx import Request
from members.access import STAFF
from members.enums import Department
from reports.access import REPORTS
from reports.builders import district as districts
from reports.builders import funder as funders
from reports.builders import listings, screen
from reports.indicators import Scope
from reports.views.figures import exported, listed
from reports.views.taking import taken
from reports.views.years import of_recorded_year


@access(REPORTS)
@require_safe
@of_recorded_year
def funder(request: HttpRequest, year: int) -> HttpResponseBase:
    """What was done for the agreement, where, and whom nobody met."""
    found = funders.view(year)
    if file := taken(request, found.exhibits, f"financeur-{year}"):
        return file
    context = {"year": year, "years": screen.recorded_years(), "view": found}
    return render(request, "reports/funder.html", context)


@access(REPORTS)
@require_safe
@of_recorded_year
def listing(request: HttpRequest, year: int, subject: str) -> HttpResponseBase:
    """The records that a figure of a board counts."""
    if subject not in listings.SUBJECTS:
        raise Http404
    try:
        cut = listings.Cut.asked(request.GET)
    except listings.Unknown:
        raise Http404 from None
    shown, as_of = listings.SUBJECTS[subject], reference_day(year)
    records = shown.read(Scope.of(year, as_of), cut)
    if "export" in request.GET:
        return exported(records, f"{subject}-{year}", request.GET["export"])
    context = {"subject": shown, "cut": cut} | listed(request, records, year, as_of)
    return render(request, "reports/listing.html", context)


@access(STAFF)
@require_safe
def district(request: Request) -> HttpResponseBase:
    """« Mon département »: the one asked for, or the one where one follows the most."""
    past = [year for year in screen.recorded_years() if year <= today().year]
    if not past:
        return render(request, "reports/empty.html")
    asked = request.GET.get("departement", "")
    if asked and asked not in Department.values:
        raise Http404
    found = districts.of_department(asked or districts.usual(request.user), past[0])
    name = f"departement-{found.department.value}-{past[0]}"
    if file := taken(request, [found.table.exhibit], name):
        return file
    context = {"district": found, "departments": Department.choices}
    return render(request, "reports/district.html", context)
