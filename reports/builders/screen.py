"""The figures of a year as a page shows them: by chapter, tiles, tables of alike figures, lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import slugify

from apmsl.lib import charts, typography
from events.enums import ReportChapter
from members.models import Membership, Scan, Team
from reports import indicators
from reports.builders.exhibits import Exhibit
from reports.enums import Chapter
from reports.indicators import Kind, Reading
from reports.indicators.categories import ACCOMPANIMENTS, EVENTS, Words
from reports.models import ReportVersion

Readings = Mapping[str, Reading]

EVENT_COLUMNS = {
    "count": "Tenues",
    "sessions": "Séances",
    "registered": "Inscrits",
    "participations": "Présences",
    "participants": "Personnes",
    "teams": "Équipes",
    "departments": "Dép.",
    "cancelled": "Annulées",
}
ACCOMPANIMENT_COLUMNS = {
    "count": "Nombre",
    "teams": "Équipes",
    "sessions": "Séances",
    "professionals": "Personnes",
    "presented": "En CATS",
    "recognised_pct": "Reconnues",
}

# Where the screen shows the kinds that are counted apart; as the printed report does.
CHAPTERS: dict[str, Chapter] = {
    ReportChapter.PROJECTS: Chapter.PROJECTS,
    ReportChapter.TEAMS: Chapter.TEAMS,
    ReportChapter.NEWS: Chapter.TEAMS,
    ReportChapter.NETWORK: Chapter.NETWORK,
    ReportChapter.TRAINING: Chapter.NETWORK,
    ReportChapter.REPRESENTATION: Chapter.REPRESENTATION,
    ReportChapter.FEDERATION: Chapter.GOVERNANCE,
}


@dataclass(frozen=True)
class Tile:
    id: str
    text: str
    label: str
    value: Any = None


@dataclass(frozen=True)
class Line:
    title: str
    # None where the figure has no meaning.
    cells: Sequence[Tile | None]


@dataclass(frozen=True)
class Table:
    caption: str
    head: Sequence[str]
    lines: Sequence[Line]

    @property
    def exhibit(self) -> Exhibit:
        rows = [
            (line.title, *(cell.value if cell else None for cell in line.cells))
            for line in self.lines
        ]
        headers = (self.caption, *self.head)
        return Exhibit(key=slugify(self.caption), title=self.caption, headers=headers, rows=rows)


@dataclass(frozen=True)
class Bar:
    name: str
    amount: float
    text: str


@dataclass(frozen=True)
class Breakdown:
    id: str
    title: str
    bars: Sequence[Bar]

    @property
    def most(self) -> float:
        return max((bar.amount for bar in self.bars), default=0)

    @property
    def exhibit(self) -> Exhibit:
        """Drawn where its parts are amounts; a ranking is a table alone."""
        unit = indicators.get(self.id).unit
        rows = [(bar.name, bar.amount or None, bar.text) for bar in self.bars]
        items = [charts.Item(bar.name, bar.amount, unit) for bar in self.bars]
        shape = charts.Bars(key=self.id, title=self.title, items=items, width=560)
        return Exhibit(
            key=self.id,
            title=self.title,
            headers=("Part", "Valeur", "En toutes lettres"),
            rows=rows,
            drawing=shape if self.most else None,
        )


@dataclass
class Section:
    chapter: Chapter
    tiles: list[Tile] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    breakdowns: list[Breakdown] = field(default_factory=list)

    @property
    def exhibits(self) -> list[Exhibit]:
        return [*(one.exhibit for one in self.tables), *(one.exhibit for one in self.breakdowns)]


def recorded_years() -> list[int]:
    """Years that have members, the last one first."""
    years = Membership.objects.paid().order_by().values_list("year", flat=True).distinct()
    return sorted(years, reverse=True)


def stage(year: int) -> str:
    """Where the report stands between its draft and its vote."""
    kept = ReportVersion.objects.of_year(year)
    if kept.in_reading().exists():
        return "en lecture"
    voted = kept.voted().without_pages().first()
    return f"voté le {typography.day(voted.voted_on)}" if voted and voted.voted_on else "brouillon"


@dataclass(frozen=True)
class Before:
    """The same figure the year before; ``difference`` is « +5 », « = », or nothing."""

    year: int
    on: date
    text: str
    difference: str


def before(reading: Reading, year: int, on: date) -> Before | None:
    """On a day of the year before. None without records of that year, for what is no single figure, and
    for what does not compare on that day."""
    if not isinstance(reading.value, int | float) or year - 1 not in recorded_years():
        return None
    if not compares(reading, on):
        return None
    known = indicators.readings(year - 1, on, [reading.id]).get(reading.id)
    if known is None or not isinstance(known.value, int | float):
        return None
    return Before(year - 1, on, text(known), difference(reading.value - known.value))


def compares(reading: Reading, on: date) -> bool:
    """With the same day of another year. What counts the members of a year does so on its last day
    alone: before, it would set those who have paid beside those who had and those who were to."""
    return not reading.indicator.of_members or (on.month, on.day) == (12, 31)


def difference(amount: float) -> str:
    return f"{'+' if amount > 0 else ''}{typography.number(amount)}" if amount else "="


def in_voted_report(reading: Reading, year: int) -> str:
    """What the voted report says, where the records say something else by now."""
    voted = ReportVersion.objects.without_pages().last_voted(year)
    if voted is None or isinstance(reading.value, dict | list) or reading.id not in voted.figures:
        return ""
    then = voted.figures[reading.id]
    return "" if then == reading.value else reading.indicator.text(then)


def scan_years(team: Team) -> list[int]:
    """Years for which the team sent a form or is a member, the last one first."""
    sent = Scan.objects.sent().filter(team=team).values_list("form__year", flat=True)
    paid = Membership.objects.paid().filter(team=team).values_list("year", flat=True)
    return sorted({*sent, *paid}, reverse=True)


def chapters() -> list[Chapter]:
    """Those that have figures."""
    return list(indicators.by_chapter())


def section(chapter: Chapter, year: int, as_of: date) -> Section:
    wanted = [indicator.id for indicator in indicators.by_chapter()[chapter]]
    return _section(chapter, indicators.readings(year, as_of, wanted))


def _section(chapter: Chapter, found: Readings) -> Section:
    section = Section(chapter)
    section.tables += _tables("Rencontres", EVENTS, EVENT_COLUMNS, found)
    section.tables += _tables("Accompagnements", ACCOMPANIMENTS, ACCOMPANIMENT_COLUMNS, found)
    inside = {
        f"{kind}_{measure}"
        for kinds, columns in ((EVENTS, EVENT_COLUMNS), (ACCOMPANIMENTS, ACCOMPANIMENT_COLUMNS))
        for kind in kinds
        for measure in columns
    }
    for reading in found.values():
        if reading.id in inside or reading.value is None:
            continue
        if isinstance(reading.value, dict) or reading.indicator.kind is Kind.RANKING:
            section.breakdowns += [b for b in [breakdown(reading)] if b.bars]
        else:
            section.tiles.append(tile(reading))
    return section


def _tables(
    caption: str, kinds: Mapping[Any, Words], columns: Mapping[str, str], found: Readings
) -> Iterable[Table]:
    lines = []
    for kind, words in kinds.items():
        readings = [found.get(f"{kind}_{measure}") for measure in columns]
        # A kind without anything in the year is no line.
        if any(reading and reading.value for reading in readings):
            cells = [tile(reading) if reading else None for reading in readings]
            lines.append(Line(words.title, cells))
    return [Table(caption, list(columns.values()), lines)] if lines else []


def tile(reading: Reading) -> Tile:
    return Tile(reading.id, text(reading), reading.label, reading.value)


def text(reading: Reading) -> str:
    """A figure that is three says its mean, then its bounds."""
    if isinstance(reading.value, list) and reading.indicator.kind is not Kind.RANKING:
        mean, least, most = map(typography.number, reading.value)
        return f"{mean} ({least} à {most})"
    return reading.text


def breakdown(reading: Reading) -> Breakdown:
    unit = reading.indicator.unit
    ranking = reading.indicator.kind is Kind.RANKING
    bars = [_bar(part.name, part.value, unit, ranking) for part in reading.parts()]
    return Breakdown(reading.id, reading.indicator.title, bars)


def _bar(name: str, value: int | float | list[int], unit: str, ranking: bool) -> Bar:
    if ranking:
        return Bar(name, 0, f"n°{typography.NBSP}{value}")
    if isinstance(value, list):
        held, came = value
        said = f"{typography.plural(held, 'rencontre')}, {typography.plural(came, 'participation')}"
        return Bar(name, came, said)
    shown = typography.number(value)
    return Bar(name, value, f"{shown}{typography.NBSP}{unit}" if unit else shown)
