"""The year as it happens: each figure today, a year ago to the day, and what the CPOM plans for the year.

Figures that only a whole month or a whole year gives (views of tools, audience of the site) are left
out: half a month against a whole one would say nothing. Those of the members of a year have none beside
them: who had paid by a day is not what they count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.text import slugify

from apmsl.lib import rounding, typography
from apmsl.lib.charts import Bars, Item
from apmsl.lib.dates import today
from reports import indicators
from reports.builders.exhibits import Exhibit
from reports.builders.screen import compares, difference, recorded_years
from reports.indicators import Kind, Reading, Scope
from reports.models import ExternalFigure

# An outside figure « cpom_thematic_meeting_count »: how many the contract with the ARS plans that year.
PLANNED = "cpom_"

SHOWN: Mapping[str, tuple[str, ...]] = {
    "Les équipes": (
        "teams",
        "teams_constituted",
        "teams_in_project",
        "isolated_professionals",
        "scans_answered",
        "teams_reached",
    ),
    "Accompagner": (
        "first_contacts",
        "project_meeting_count",
        "team_visit_count",
        "health_project_writing_teams",
        "esp_clap_to_msp_teams",
        "protocol_writing_teams",
        "prevention_writing_teams",
        "health_project_review_teams",
        "participatory_teams",
    ),
    "Réunir": (
        "thematic_meeting_count",
        "thematic_meeting_participations",
        "practice_count",
        "practice_participations",
        "information_cycle_count",
        "information_cycle_participations",
        "regional_day_participants",
    ),
    "Le réseau": (
        "network_coordinators",
        "local_group_teams",
        "local_group_meeting_count",
        "local_group_meeting_participations",
        "regional_meeting_count",
        "regional_meeting_participations",
        "pacte_enrolled",
    ),
    "Ressources et vie associative": (
        "tools_new",
        "loan_requests",
        "job_postings",
        "letters_members",
        "representation_meetings",
        "commission_meetings",
        "partner_agreements",
    ),
}


@dataclass(frozen=True)
class Line:
    """``before`` is None where the year before has no records, or none that compare on that day;
    ``planned`` where nothing is."""

    now: Reading
    before: Reading | None
    planned: ExternalFigure | None

    @property
    def difference(self) -> str:
        if self.before is None or self.before.value is None or self.now.value is None:
            return ""
        return difference(self.now.value - self.before.value)

    @property
    def share(self) -> str:
        """« 60 % » of what is planned."""
        if self.planned is None or self.now.value is None:
            return ""
        percent = rounding.percent(self.now.value, self.planned.value)
        return "" if percent is None else typography.percent(percent)

    @property
    def so_far(self) -> str:
        """« 12 sur 20, 60 % »."""
        planned = typography.number(self.planned.value) if self.planned else ""
        return ", ".join(filter(None, [f"{self.now.text} sur {planned}", self.share]))

    @property
    def can_be_planned(self) -> bool:
        return self.now.indicator.kind in (Kind.COUNT, Kind.SUM)


@dataclass(frozen=True)
class Part:
    title: str
    lines: list[Line]

    @property
    def exhibit(self) -> Exhibit:
        return Exhibit(
            key=slugify(self.title),
            title=self.title,
            headers=("Chiffre", "À ce jour", "Un an plus tôt", "Prévu au CPOM"),
            rows=[
                (
                    line.now.indicator.title,
                    line.now.value,
                    line.before.value if line.before else None,
                    line.planned.value if line.planned else None,
                )
                for line in self.lines
            ],
        )


@dataclass(frozen=True)
class Dashboard:
    year: int
    day: date
    day_before: date
    # The year before has records.
    has_before: bool
    parts: list[Part]
    planned: list[Line]

    @property
    def volumes(self) -> Exhibit | None:
        return volumes(self.planned)

    @property
    def exhibits(self) -> list[Exhibit]:
        return [*filter(None, [self.volumes]), *(part.exhibit for part in self.parts)]

    @property
    def at(self) -> str:
        """What an address ends in, so that the page of a figure speaks of the same day."""
        return f"?au={self.day}"

    @property
    def at_before(self) -> str:
        return f"?au={self.day_before}"

    @property
    def elapsed(self) -> int:
        """Of the year, in whole percent."""
        length = (date(self.year, 12, 31) - date(self.year - 1, 12, 31)).days
        return (self.day - date(self.year - 1, 12, 31)).days * 100 // length


def year_so_far() -> Dashboard | None:
    """The present year, or the last one that has records; None without any."""
    recorded = [year for year in recorded_years() if year <= today().year]
    if not recorded:
        return None
    year = max(recorded)
    day = min(today(), date(year, 12, 31))
    before, has_before = a_year_ago(day), year - 1 in recorded
    planned = _volumes(year)
    scopes = Scope.several({year: day} | ({year - 1: before} if has_before else {}))
    shown = {title: _lines(names, scopes, planned) for title, names in SHOWN.items()}
    parts = [Part(title, lines) for title, lines in shown.items() if lines]
    return Dashboard(year, day, before, has_before, parts, _lines(planned, scopes, planned))


def a_year_ago(day: date) -> date:
    """The same date; the 28th for a 29 February."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def planned(scope: Scope) -> list[Line]:
    """The volumes that the CPOM plans for a year, beside what is done by its day."""
    volumes = _volumes(scope.year)
    return _lines(volumes, [scope], volumes)


def volumes(lines: Sequence[Line]) -> Exhibit | None:
    """What is done of what is planned, drawn as a share of it; None where nothing is planned."""
    if not lines:
        return None
    items = [Item(line.now.indicator.title, _percent(line), "%") for line in lines]
    return Exhibit(
        key="volumes",
        title="Part faite des volumes prévus au CPOM",
        headers=("Action", "Fait", "Prévu", "Part (%)"),
        rows=[
            (one.now.indicator.title, one.now.value, one.planned and one.planned.value, item.value)
            for one, item in zip(lines, items, strict=True)
        ],
        drawing=Bars(
            key="volumes", title="Part faite des volumes prévus au CPOM", items=items, width=560
        ),
    )


def _percent(line: Line) -> int | float | None:
    return rounding.percent(line.now.value or 0, line.planned.value) if line.planned else None


def _volumes(year: int) -> dict[str, ExternalFigure]:
    """By indicator, in the order of the report."""
    given = ExternalFigure.objects.filter(year=year, key__startswith=PLANNED)
    found = {figure.key.removeprefix(PLANNED): figure for figure in given}
    known = [one.id for one in indicators.REGISTRY.values() if one.is_comparable]
    return {name: found[name] for name in known if name in found}


def _lines(
    names: Iterable[str], scopes: list[Scope], planned: Mapping[str, ExternalFigure]
) -> list[Line]:
    found = []
    for name in names:
        now, *before = [_reading(name, scope) for scope in scopes]
        if now is not None:
            then = before[0] if before and compares(now, scopes[0].as_of) else None
            found.append(Line(now, then, planned.get(name)))
    return found


def _reading(name: str, scope: Scope) -> Reading | None:
    indicator = indicators.get(name)
    return Reading(indicator, indicator.measure(scope)) if indicator.exists(scope) else None
