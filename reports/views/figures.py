"""The year in figures: each one opens the records that it counts."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from apmsl.lib.access import access
from apmsl.lib.dates import reference_day, today
from apmsl.lib.exports import csv_response, xlsx_response
from events.models import ActionKind
from members.access import STAFF
from reports import indicators
from reports.access import REPORTS
from reports.builders import reading, screen, steadiness
from reports.builders.activity.material import KindOfYear
from reports.builders.comparison import last_of
from reports.builders.dashboard import PLANNED, a_year_ago, year_so_far
from reports.builders.kept import kept_page
from reports.builders.reading import actions
from reports.builders.reading.landmarks import landmarks
from reports.enums import Chapter, Document
from reports.indicators import Scope
from reports.indicators.records import RecordList
from reports.models import ReportText, ReportVersion
from reports.views.documents import BOARD_DOCUMENTS, PRINTED, runs_of_year
from reports.views.taking import taken
from reports.views.years import of_recorded_year

PER_PAGE = 50
LISTS = ("csv", "xlsx")


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
@of_recorded_year
def year(request: HttpRequest, year: int) -> HttpResponseBase:
    chapter = _chapter(request.GET.get("chapitre"))
    section = screen.section(chapter, year, reference_day(year))
    if file := taken(request, section.exhibits, f"{year}-{chapter.value}"):
        return file
    context = {
        "year": year,
        "years": screen.recorded_years(),
        "as_of": reference_day(year),
        "chapters": screen.chapters(),
        "section": section,
        "apart": _apart(chapter, year),
        "landmarks": landmarks(Scope.of(year)).get(chapter, []),
        "documents": BOARD_DOCUMENTS,
        "printed": PRINTED,
        "runs": runs_of_year(year, request.user),
        "stage": screen.stage(year),
        "is_voted": ReportVersion.objects.of_year(year).voted().exists(),
        "texts": ReportText.objects.written().filter(year=year).count(),
    }
    return render(request, "reports/year.html", context)


@access(REPORTS)
@require_safe
@of_recorded_year
def region(request: HttpRequest, year: int) -> HttpResponse:
    """The Scan'équipe Région on the screen: its figures open their lists."""
    sheet = reading.region_sheet(year, reference_day(year))
    context = {"year": year, "years": screen.recorded_years(), "sheet": sheet}
    context |= {"document": Document.SCAN_REGION, "may_renew": STAFF.allows(request.user)}
    context |= {"kept": kept_page(Document.SCAN_REGION, year)}
    return render(request, "reports/region.html", context)


@access(REPORTS)
@require_safe
def dashboard(request: HttpRequest) -> HttpResponseBase:
    """The year as it happens, beside the year before on the same day and what is planned."""
    found = year_so_far()
    if found is None:
        return render(request, "reports/empty.html")
    if file := taken(request, found.exhibits, f"tableau-de-bord-{found.year}"):
        return file
    context = {"dashboard": found, "may_write": STAFF.allows(request.user), "prefix": PLANNED}
    return render(request, "reports/dashboard.html", context)


@access(REPORTS)
@require_safe
@of_recorded_year
def indicator(request: HttpRequest, year: int, indicator_id: str) -> HttpResponseBase:
    """Seen on the reference day, or on the day that a page speaks of (« ?au=2023-06-30 »)."""
    asked = _day(request.GET.get("au", ""), year)
    as_of = asked or reference_day(year)
    found = indicators.readings(year, as_of, [_known(indicator_id)]).get(indicator_id)
    if found is None:
        raise Http404
    records = found.indicator.records(year, as_of)
    if request.GET.get("export") in LISTS:
        return exported(records, f"{indicator_id}-{year}", request.GET["export"])
    breakdown = screen.breakdown(found)
    if file := taken(request, [breakdown.exhibit] if breakdown.bars else [], f"chiffre-{year}"):
        return file
    compare = urlencode(
        {"chiffre": indicator_id, "annee": last_of(screen.recorded_years())}, doseq=True
    )
    context = {"reading": found, "text": screen.text(found), "compare": compare, "asked": asked}
    context |= {"breakdown": breakdown} | listed(request, records, year, as_of)
    context |= {"before": screen.before(found, year, _day_before(asked, year))}
    context |= {"voted": "" if asked else screen.in_voted_report(found, year)}
    context |= {"since_when": "" if asked else steadiness.since_when(found, year)}
    context |= {"last_change": steadiness.last_change(records)}
    context |= {"breaks": indicators.breaks_of(found.indicator)}
    return render(request, "reports/indicator.html", context)


@access(REPORTS)
@require_safe
@of_recorded_year
def apart(request: HttpRequest, year: int, kind_id: int, *, people: bool) -> HttpResponseBase:
    """A kind of action that no figure counts by itself: its meetings, or those who came."""
    kind = get_object_or_404(ActionKind, pk=kind_id)
    records = actions.records(Scope.of(year, reference_day(year)), kind, people=people)
    if request.GET.get("export") in LISTS:
        return exported(records, f"{kind.code}-{year}", request.GET["export"])
    context = {"kind": kind, "people": people}
    context |= listed(request, records, year, reference_day(year))
    return render(request, "reports/apart.html", context)


def _apart(chapter: Chapter, year: int) -> list[KindOfYear]:
    told = [chapter_of for chapter_of, shown in screen.CHAPTERS.items() if shown == chapter]
    if not told:
        return []
    found = actions.apart(Scope.of(year, reference_day(year)))
    return [kind for kind in found if kind.chapter in told]


def _day(asked: str, year: int) -> date | None:
    """A day of the year; None for what is none, which an address alone can say."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return None
    return day if day.year == year else None


def _day_before(asked: date | None, year: int) -> date:
    return a_year_ago(asked) if asked else reference_day(year - 1)


def listed(request: HttpRequest, records: RecordList, year: int, as_of: date) -> dict[str, Any]:
    page = Paginator(records.queryset, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"year": year, "as_of": as_of, "page": page}
    return context | {"headers": records.headers, "rows": records.rows(page)}


def exported(records: RecordList, name: str, kind: str) -> HttpResponseBase:
    """The list behind a figure, whole; ``kind`` comes from an address."""
    if kind not in LISTS:
        raise Http404
    rows = map(records.values, records.queryset.iterator(2000))
    write = csv_response if kind == "csv" else xlsx_response
    return write(f"{name}.{kind}", records.headers, rows)


def _chapter(asked: str | None) -> Chapter:
    chapters = screen.chapters()
    return next((chapter for chapter in chapters if chapter == asked), chapters[0])


def _known(indicator_id: str) -> str:
    if indicator_id not in indicators.DECLARED:
        raise Http404
    return indicator_id
