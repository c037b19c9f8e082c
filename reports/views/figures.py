"""The year in figures: each one opens the records that it counts."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from apmsl.lib.access import access
from apmsl.lib.dates import reference_day, today
from apmsl.lib.exports import csv_response
from reports import indicators
from reports.access import REPORTS
from reports.builders import screen
from reports.enums import Chapter
from reports.models import ReportText
from reports.views.documents import BOARD_DOCUMENTS, runs_of_year

PER_PAGE = 50


@access(REPORTS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    years = screen.recorded_years()
    past = [year for year in years if year <= today().year]
    if not years:
        return render(request, "reports/empty.html")
    return redirect("reports:year", (past or years)[0])


@access(REPORTS)
@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    years, chapter = _years_with(year), _chapter(request.GET.get("chapitre"))
    context = {
        "year": year,
        "years": years,
        "as_of": reference_day(year),
        "chapters": screen.chapters(),
        "section": screen.section(chapter, year, reference_day(year)),
        "documents": BOARD_DOCUMENTS,
        "runs": runs_of_year(year, request.user),
        "stage": screen.stage(year),
        "texts": ReportText.objects.filter(year=year).count(),
    }
    return render(request, "reports/year.html", context)


@access(REPORTS)
@require_safe
def indicator(request: HttpRequest, year: int, indicator_id: str) -> HttpResponseBase:
    _years_with(year)
    reading = indicators.readings(year, reference_day(year), [_known(indicator_id)]).get(
        indicator_id
    )
    if reading is None:
        raise Http404
    records = reading.indicator.records(year, reference_day(year))
    if request.GET.get("export") == "csv":
        rows = map(records.values, records.queryset.iterator(2000))
        return csv_response(f"{indicator_id}-{year}.csv", records.headers, rows)
    page = Paginator(records.queryset, PER_PAGE).get_page(request.GET.get("page"))
    context = {"year": year, "reading": reading, "text": screen.text(reading), "page": page}
    context |= {"breakdown": screen.breakdown(reading), "headers": records.headers}
    context |= {"rows": records.rows(page), "as_of": reference_day(year)}
    context |= {"before": screen.before(reading, year)}
    context |= {"voted": screen.in_voted_report(reading, year)}
    return render(request, "reports/indicator.html", context)


def _years_with(year: int) -> list[int]:
    years = screen.recorded_years()
    if year not in years:
        raise Http404
    return years


def _chapter(asked: str | None) -> Chapter:
    chapters = screen.chapters()
    return next((chapter for chapter in chapters if chapter == asked), chapters[0])


def _known(indicator_id: str) -> str:
    if indicator_id not in indicators.REGISTRY:
        raise Http404
    return indicator_id
