"""Figures of an event and of a year: each opens the list that it counts, all leave as a sheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.contrib.filters.admin import DropdownFilter

from apmsl.lib.dates import today
from apmsl.lib.exports import xlsx_response
from events.admin import tabs
from events.enums import EventStatus, RegistrationStatus
from events.models import SEATED, Attendance, Event, Registration
from events.services import by_kind, statistics
from events.services.statistics import Line, Statistics

HEADERS = ("Inscrits", "Présents", "Absents", "Excusés")
_SEATED = ",".join(SEATED)
# What each of the four columns counts, as filters of the list of registrations.
_FILTERS: tuple[dict[str, Any], ...] = (
    {"status__in": _SEATED},
    {"presence": "oui"},
    {"status__in": _SEATED, "presence": "non", "event__status__exact": EventStatus.HELD},
    {"status__exact": RegistrationStatus.EXCUSED},
)


class PresenceFilter(DropdownFilter):
    title = "présence"
    parameter_name = "presence"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "Présent·e"), ("non", "Non noté·e présent·e")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Registration]
    ) -> QuerySet[Registration]:
        came = Exists(
            Attendance.objects.filter(session__event=OuterRef("event"), person=OuterRef("person"))
        )
        if self.value() == "oui":
            return queryset.filter(came)
        return queryset.filter(~came) if self.value() == "non" else queryset


@dataclass(frozen=True)
class Row:
    """A line with, for each figure, the list that it counts."""

    line: Line
    figures: list[tuple[int, str]]


def event_page(page_of: Any, request: HttpRequest, object_id: int) -> HttpResponse:
    event = get_object_or_404(page_of.get_queryset(request), pk=object_id)
    found = statistics.of_event(event)
    if "xlsx" in request.GET:
        return _sheet(f"statistiques-{event.code}.xlsx", found)
    context = {
        "title": f"Statistiques de « {event} »",
        "tabs": tabs.tabs_of(object_id, "statistiques"),
        "statistics": found,
        "tables": _tables(found, {"event__id__exact": object_id}),
        "headers": HEADERS,
    }
    return tabs.page(page_of, request, "admin/events/statistics.html", context)


def year_page(page_of: Any, request: HttpRequest) -> HttpResponse:
    years = [day.year for day in Event.objects.dates("starts_on", "year", order="DESC")]
    asked = request.GET.get("annee", "")
    year = {str(year): year for year in years}.get(asked) or _latest(years)
    found = statistics.of_year(year)
    if "xlsx" in request.GET:
        return _sheet(f"statistiques-{year}.xlsx", found)
    context = {
        "title": f"Statistiques de {year}",
        "year": year,
        "years": years,
        "kinds": by_kind.of_year(year),
        "events_url": reverse("admin:events_event_changelist"),
        "statistics": found,
        "tables": _tables(found, {"event__starts_on__year": year, "event__status__in": _STANDING}),
        "headers": HEADERS,
    }
    return tabs.page(page_of, request, "admin/events/statistics.html", context)


_STANDING = f"{EventStatus.PLANNED},{EventStatus.HELD}"


def _latest(years: list[int]) -> int:
    past = [year for year in years if year <= today().year]
    return past[0] if past else today().year


def _tables(found: Statistics, scope: dict[str, Any]) -> list[tuple[str, list[Row]]]:
    departments = [*found.departments, found.total]
    return [
        ("Par département", [_row(line, scope, "team__department") for line in departments]),
        ("Par équipe", [_row(line, scope, "team__id") for line in found.teams]),
    ]


def _row(line: Line, scope: dict[str, Any], path: str) -> Row:
    about = {f"{path}__exact": line.key} if line.key else {}
    if line.label == statistics.WITHOUT:
        about = {"team__isnull": "True"}
    figures = [
        (count, _url(scope | about | kept))
        for count, kept in zip(line.counts, _FILTERS, strict=True)
    ]
    return Row(line, figures)


def _url(filters: dict[str, Any]) -> str:
    return f"{reverse('admin:events_registration_changelist')}?{urlencode(filters)}"


def _sheet(name: str, found: Statistics) -> HttpResponse:
    return xlsx_response(name, ("Par", "Nom", *HEADERS, "Nouvelle équipe"), _lines(found))


def _lines(found: Statistics) -> Iterator[list[Any]]:
    for line in found.departments:
        yield ["Département", line.label, *line.counts, ""]
    for line in found.teams:
        yield ["Équipe", line.label, *line.counts, "oui" if line.is_new else ""]
    yield ["Ensemble", "", *found.total.counts, len(found.new_teams)]
