"""The year as those who pay for it ask: what was done for each line of the agreement, which
territories were reached, which teams nobody met. Counts alone: nobody is named."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from django.db.models import Count, QuerySet

from apmsl.lib import geography, rounding, typography
from apmsl.lib.charts import Mark, PlacesMap
from apmsl.lib.dates import reference_day
from apmsl.lib.text import normalise
from apmsl.lib.typography import NBSP
from events.models import Event, Registration
from members.enums import Department
from members.models import Team
from reports.builders import dashboard, listings
from reports.builders.exhibits import Counted, Exhibit, Table
from reports.builders.reading.meetings import held_events
from reports.indicators import Scope
from reports.indicators.attendance import present
from reports.indicators.teams import member_teams

LINE_HEAD = ("Ligne du CPOM", "Actions tenues", "Séances", "Présences", "Équipes touchées")
PLACE_HEAD = ("Équipes adhérentes", "Touchées", "Part", "Sans contact")


@dataclass(frozen=True)
class View:
    scope: Scope
    tiles: Sequence[Counted]
    lines: Table
    planned: Sequence[dashboard.Line]
    territories: Sequence[Table]
    silent: Sequence[Team]
    map: PlacesMap | None
    # Those that no address places.
    unplaced: int

    @property
    def exhibits(self) -> list[Exhibit]:
        tables = [table.exhibit for table in (self.lines, *self.territories)]
        return [*tables, *filter(None, (self.volumes, self.drawn))]

    @property
    def drawn(self) -> Exhibit | None:
        """The map for a page or a poster: its marks lead nowhere, the teams are its numbers."""
        if self.map is None:
            return None
        marks = [replace(mark, href="") for mark in self.map.marks]
        rows = [(t.name, t.city, t.get_department_display()) for t in self.silent]
        return Exhibit(
            key="sans-contact",
            title=self.map.title,
            headers=("Équipe", "Commune", "Département"),
            rows=rows,
            drawing=replace(self.map, marks=marks, listed=""),
        )

    @property
    def volumes(self) -> Exhibit | None:
        return dashboard.volumes(self.planned)


def view(year: int, on: date | None = None) -> View:
    scope = Scope.of(year, on or reference_day(year))
    teams = list(member_teams(scope).order_by("department", "sort_name", "pk"))
    touched, silent = _touched(scope), _pks(listings.silent_teams(scope))
    told = _Told(scope.year, teams, touched, silent)
    quiet = [team for team in teams if team.pk in silent]
    lines = _lines(scope)
    return View(
        scope=scope,
        tiles=_tiles(told, lines),
        lines=lines,
        planned=dashboard.planned(scope),
        territories=list(_territories(told)),
        silent=quiet,
        map=_map(year, quiet),
        unplaced=sum(team.coordinates is None for team in quiet),
    )


# -- actions ---------------------------------------------------------------------------------------
def _lines(scope: Scope) -> Table:
    """The lines in their order, what has none last, then all together."""
    done = {line: numbers for line, *numbers in _done(scope)}
    touched = dict(
        _of_members(scope).values_list("event__cpom_line").annotate(n=Count("team", distinct=True))
    )
    named = sorted(done, key=lambda line: (not line, line))
    rows = [_line(scope.year, line, [*done[line], touched.get(line, 0)]) for line in named]
    if len(rows) > 1:
        sums = [sum(numbers) for numbers in zip(*done.values(), strict=True)]
        whole = [*sums, len(_touched(scope))]
        rows.append(("En tout", _counted(scope.year, whole, "En tout", {})))
    return Table(key="actions", title="Actions par ligne du CPOM", head=LINE_HEAD, lines=rows)


def _done(scope: Scope) -> QuerySet[Event, tuple[str, int, int, int]]:
    """By line: events, their sessions of the year, attendance."""
    dated = scope.in_year("sessions__held_on")
    held = held_events(scope).order_by().values_list("cpom_line")
    return held.annotate(
        events=Count("pk", distinct=True),
        dated=Count("sessions", filter=dated, distinct=True),
        came=Count("sessions__attendances", distinct=True),
    )


def _line(year: int, line: str, numbers: Sequence[int]) -> tuple[str, list[Counted]]:
    name = line or listings.NO_LINE_NAME
    return name, _counted(year, numbers, name, {"ligne": line or listings.NO_LINE})


def _counted(year: int, numbers: Sequence[int], name: str, cut: dict[str, str]) -> list[Counted]:
    subjects = ("actions", "seances", "actions", "touchees")
    urls = [listings.address(year, subject, **cut) for subject in subjects]
    heads = LINE_HEAD[1:]
    return [
        _figure(number, url, f"{head}, {name}")
        for number, url, head in zip(numbers, urls, heads, strict=True)
    ]


# -- territories -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Told:
    """Member teams of the year, and which of them were touched, or met by nobody."""

    year: int
    teams: Sequence[Team]
    touched: frozenset[int]
    silent: frozenset[int]

    def by(self, place: Callable[[Team], str]) -> dict[str, list[Team]]:
        found: dict[str, list[Team]] = {}
        for team in self.teams:
            found.setdefault(place(team), []).append(team)
        return found

    def counted(
        self, name: str, teams: Sequence[Team], cut: dict[str, str] | None = None
    ) -> list[Counted]:
        touched = sum(team.pk in self.touched for team in teams)
        silent = sum(team.pk in self.silent for team in teams)

        def link(subject: str) -> str:
            return "" if cut is None else listings.address(self.year, subject, **cut)

        share = rounding.percent(touched, len(teams))
        shown = "–" if share is None else typography.percent(share)
        return [
            _figure(len(teams), link("equipes"), f"équipes adhérentes, {name}"),
            _figure(touched, link("touchees"), f"équipes touchées, {name}"),
            Counted(value=share, text=shown),
            _figure(silent, link("sans-contact"), f"équipes sans contact, {name}"),
        ]


def _territories(told: _Told) -> Iterable[Table]:
    by_code = told.by(lambda team: team.department)
    lines = [
        (label, told.counted(label, by_code.get(code, []), {"departement": code}))
        for code, label in Department.choices
    ]
    yield _table("departements", "Département", "Par département", lines)
    named = _named(told, "epci", _epci, geography.epci_name, "Hors intercommunalité")
    yield _table("epci", "Intercommunalité", "Par intercommunalité (EPCI)", named)
    if any(team.cpts for team in told.teams):
        named = _named(told, "cpts", lambda team: team.cpts, str, "Sans CPTS notée")
        yield _table("cpts", "CPTS", "Par CPTS", named)


def _named(
    told: _Told, cut: str, place: Callable[[Team], str], name: Callable[[str], str], none: str
) -> list[tuple[str, list[Counted]]]:
    """By name, what is in none of them last: it has no list of its own."""
    found = told.by(place)
    elsewhere = found.pop("", None)
    places = sorted(found, key=lambda code: normalise(name(code)))
    lines = [(name(code), told.counted(name(code), found[code], {cut: code})) for code in places]
    return [*lines, *([(none, told.counted(none, elsewhere))] if elsewhere else [])]


def _table(
    key: str, place: str, title: str, lines: Sequence[tuple[str, Sequence[Counted]]]
) -> Table:
    return Table(key=key, title=title, head=(place, *PLACE_HEAD), lines=lines)


def _epci(team: Team) -> str:
    commune = geography.commune(team.insee_code)
    return (commune and commune.epci) or ""


def _tiles(told: _Told, lines: Table) -> list[Counted]:
    link = partial(listings.address, told.year)
    members, touched, silent = len(told.teams), len(told.touched), len(told.silent)
    reached = {_epci(team) for team in told.teams if team.pk in told.touched} - {""}
    there = {_epci(team) for team in told.teams} - {""}
    held = int(lines.lines[-1][1][0].value or 0) if lines.lines else 0
    return [
        _tile(held, link("actions"), "action tenue", "actions tenues"),
        _tile(touched, link("touchees"), f"équipe touchée sur {members}"),
        _tile(len(reached), "#epci", f"intercommunalité touchée sur {len(there)}"),
        _tile(silent, link("sans-contact"), "équipe sans contact", "équipes sans contact"),
    ]


def _tile(value: int, url: str, one: str, many: str = "") -> Counted:
    many = many or one.replace(" touchée", "s touchées")
    return _figure(value, url, typography.agree(value, one, many))


# -- the map ---------------------------------------------------------------------------------------
def _map(year: int, silent: Sequence[Team]) -> PlacesMap | None:
    """None when every team was met."""
    marks = [
        Mark(
            *team.coordinates,
            name=team.name,
            title=f"{team.name}, {team.city}",
            city=team.city,
            href=team.get_absolute_url(),
        )
        for team in silent
        if team.coordinates
    ]
    if not marks:
        return None
    return PlacesMap(
        key="carte",
        title=f"Équipes sans contact en{NBSP}{year}",
        marks=marks,
        listed=listings.address(year, "sans-contact"),
    )


# -- reading ---------------------------------------------------------------------------------------
def _of_members(scope: Scope) -> QuerySet[Registration]:
    return present(scope).filter(team__in=member_teams(scope)).order_by()


def _touched(scope: Scope) -> frozenset[int]:
    return frozenset(_of_members(scope).values_list("team", flat=True).distinct())


def _pks(teams: QuerySet[Team]) -> frozenset[int]:
    return frozenset(teams.values_list("pk", flat=True))


def _figure(value: int, url: str, label: str) -> Counted:
    return Counted(
        value=value, text=typography.number(value), label=label, url=url if value else ""
    )
