"""All that the report is made of, read beforehand: figures by indicator, lists, texts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from apmsl.lib import typography
from apmsl.lib.charts import Dot, Item, Words
from apmsl.lib.typography import Number
from reports.builders.figures import Figure, Landmark, Person, Picture, Quote, Sender, Story, Text
from reports.models.actions import APART


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An institution, who sits there, how many of its meetings were attended in the year."""

    institution: str
    people: str
    meetings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccompaniedTeam:
    """``state`` is « En cours », « Reconnue en juin 2023 » …; ``planned_on`` is the day of a passage
    before the committee that is still to come."""

    name: str
    since: date
    state: str
    planned_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """One meeting of a series: its number there, who came, from how many teams and départements."""

    title: str
    day: date
    number: int | None = None
    people: int = 0
    teams: int = 0
    departments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortOfYear:
    """A cohort that had at least one day in the year."""

    programme: str
    number: int
    starts_on: date
    ends_on: date

    @property
    def months(self) -> int:
        """From the month of its first day to that of its last, both counted."""
        years = self.ends_on.year - self.starts_on.year
        return years * 12 + self.ends_on.month - self.starts_on.month + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfYear:
    """A kind of action that no indicator counts by itself; ``chapter`` is the one that tells of it."""

    key: int  # of the kind
    label: str
    chapter: str
    meetings: int
    people: int
    is_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What those present thought of an event; of each objective, how many say that it was reached,
    reached in part, not reached."""

    title: str
    answers: int
    mean: float
    objectives: Sequence[tuple[str, Sequence[int]]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedKind:
    """What the agenda of the year after holds of one kind of action; of a single event, its title."""

    label: str
    count: int
    first: date
    last: date


def kind_key(kind: int) -> str:
    """Of a kind that is counted as none, among what the staff tells of actions."""
    return f"{APART}{kind}"


def apart_key(chapter: str) -> str:
    """In place of a category, for kinds that are counted as none."""
    return f"apart {chapter}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Rows ready to print, in the order in which they are printed."""

    dots: Sequence[Dot] = ()
    board: Sequence[Person] = ()
    staff: Sequence[Person] = ()
    mandates: Sequence[Seat] = ()
    partners: Sequence[str] = ()
    # Way, first contacts.
    contact_channels: Sequence[tuple[str, int]] = ()
    # By kind of accompaniment.
    accompanied: Mapping[str, Sequence[AccompaniedTeam]] = field(default_factory=dict)
    # Age, teams.
    ages: Sequence[tuple[str, int]] = ()
    # Group, teams, meetings, participations.
    groups: Sequence[tuple[str, int, int, int]] = ()
    # Title, day, participants.
    thematic_meetings: Sequence[tuple[str, date, int]] = ()
    practice_meetings: Sequence[tuple[str, date, int]] = ()
    regional_meetings: Sequence[Gathering] = ()
    regional_cancelled: Sequence[Gathering] = ()
    regional_days: Sequence[Gathering] = ()
    cohorts: Sequence[CohortOfYear] = ()
    # By chapter.
    landmarks: Mapping[str, Sequence[Landmark]] = field(default_factory=dict)
    kinds: Sequence[KindOfYear] = ()
    # By category, ``apart_key``, or ``kind_key``.
    opinions: Mapping[str, Sequence[Opinion]] = field(default_factory=dict)
    pictures: Mapping[str, Sequence[Picture]] = field(default_factory=dict)
    # By key of the action.
    stories: Mapping[str, Story] = field(default_factory=dict)
    # By subject: key of an action, or « chapter-… ».
    quotes: Mapping[str, Sequence[Quote]] = field(default_factory=dict)
    clouds: Mapping[str, Sequence[Words]] = field(default_factory=dict)
    # Title, day, reason.
    cancelled: Sequence[tuple[str, date, str]] = ()
    # Of the year after, in the order of their first day.
    planned: Sequence[PlannedKind] = ()
    # Categories of what is offered for the first time.
    new: Collection[str] = ()
    # Commission, who leads it, meetings.
    commissions: Sequence[tuple[str, str, int]] = ()
    # Tool, views.
    tools: Sequence[tuple[str, int]] = ()
    # Item, copies, requests of the year, digital copies.
    equipment: Sequence[tuple[str, int, int, int]] = ()
    # Title, day, views.
    articles: Sequence[tuple[str, date, int]] = ()
    # Kind of posting, postings, views.
    postings: Sequence[tuple[str, int, int]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A chapter where the staff put it, or an action in its chapter; ``text`` is that of a chapter of
    words alone, which it added. An action that has its usual title has none here."""

    key: str
    title: str = ""
    is_shown: bool = True
    text: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """``values`` are those of ``manage.py indicators``; ``names`` say their codes in French."""

    year: int
    as_of: date
    sender: Sender
    values: Mapping[str, Any]
    withheld: Collection[str] = ()  # indicators made of the answers of too few: nobody prints them
    check: str = ""  # the address under which each figure has its page
    names: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)  # by indicator
    breaks: Mapping[str, Sequence[str]] = field(default_factory=dict)  # told, by indicator
    lists: Lists = field(default_factory=Lists)
    places: Sequence[Place] = ()  # none: the usual order
    actions: Mapping[str, Sequence[Place]] = field(default_factory=dict)  # so, by chapter

    def value(self, indicator: str) -> Any:
        """None where there is none, as where nothing could be divided."""
        return None if indicator in self.withheld else self.values.get(indicator)

    def name(self, code: str) -> str:
        return self.names.get(code, code)

    def figure(self, indicator: str, one: str, many: str = "", **details: str) -> Figure:
        """``one`` is « réunion »; « % » is the unit of indicators that end so."""
        unit = "%" if indicator.endswith("_pct") else ""
        footnote = " ".join(filter(None, [details.get("footnote"), self.notes.get(indicator)]))
        given = {"unit": unit} | details | {"footnote": footnote}
        # Without its name, what is withheld has no page that proves it, and no line of the annex.
        name = "" if indicator in self.withheld else indicator
        return Figure(name, self.value(indicator), one, many, **given)

    def pair(self, first: Figure, second: Figure) -> Figure:
        """« 14 réunions », and beside it « 308 inscrits »."""
        if not second.is_known:
            return first
        notes = dict.fromkeys(filter(None, [first.footnote, second.footnote]))
        return replace(
            first,
            footnote=" ".join(notes),
            detail=f"{second.text}{typography.NBSP}{second.label}",
            also=second.id,
        )

    def items(self, indicator: str, unit: str = "") -> Sequence[Item]:
        """A breakdown as the items of a drawing, the largest first."""
        parts: Mapping[str, Number] = self.value(indicator) or {}
        ranked = sorted(parts.items(), key=lambda part: (-part[1], part[0]))
        return [Item(self.name(code), value, unit) for code, value in ranked]

    def text(self, chapter: str) -> Text | None:
        return self.texts.get(chapter)
