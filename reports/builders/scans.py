"""The Scan'équipe of a team and that of the region: one sheet, to be hung on a wall."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string

from apmsl.lib import typography
from apmsl.lib.charts import Drawing, People, RegionMap, Ring, SitesMap
from reports.builders.figures import Change
from reports.enums import SheetBlock

# Names of teams go from nine letters to ninety.
_SIZES = ((26, "short"), (44, "medium"), (70, "long"))


def size_of(name: str) -> str:
    """The class of a sheet whose head holds so long a name."""
    return next((size for most, size in _SIZES if len(name) <= most), "longest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """One of the yes or no questions; ``icon`` is the name of a file of static/img/pdf."""

    label: str
    icon: str
    answer: bool | None
    share: int | None = None
    before: bool | None = None
    year_before: int | None = None

    @property
    def was(self) -> str:
        """« Non en 2022 », where the answer has changed since."""
        if None in (self.answer, self.before) or bool(self.before) == bool(self.answer):
            return ""
        return f"{'Oui' if self.before else 'Non'} en{typography.NBSP}{self.year_before}"


@dataclass(frozen=True, slots=True)
class Like:
    """Teams that one team is set beside: never fewer than five."""

    label: str
    teams: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideRow:
    """A figure of the team, what it was the year before, and its mean in each group."""

    title: str
    team: str
    before: str
    others: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """``year_before`` where the team had answered then."""

    groups: Sequence[Like]
    rows: Sequence[BesideRow]
    year_before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSheet:
    """``beside`` sets the team among its like, ``network`` is its year with us."""

    year: int
    as_of: date
    federation: str
    name: str
    place: str
    facts: Sequence[str] = ()
    figures: Sequence[Change] = ()
    composition: People | None = None
    practices: Sequence[Practice] = ()
    coordination: Sequence[Change] = ()
    coordination_facts: Sequence[str] = ()
    beside: Beside | None = None
    network: Sequence[Change] = ()
    map: RegionMap | None = None
    # Where the team practises, when that is in several places.
    sites: SitesMap | None = None
    # What the team chose: blocks to leave out, pictures as data.
    hidden: Set[str] = frozenset()
    logo: str = ""
    photo: str = ""

    @property
    def shows(self) -> Mapping[str, bool]:
        """By block, whether the team wants it and there is something to show."""
        held = {
            SheetBlock.COMPOSITION: True,
            SheetBlock.BESIDE: self.beside is not None,
            SheetBlock.PRACTICES: True,
            SheetBlock.COORDINATION: bool(self.coordination or self.coordination_facts),
            SheetBlock.SITES: self.sites is not None,
            SheetBlock.NETWORK: bool(self.network),
        }
        return {block.value: held[block] and block not in self.hidden for block in SheetBlock}

    @property
    def columns(self) -> str:
        """The class of the page where one of its two columns would stay white."""
        shows = self.shows
        if not (shows["composition"] or shows["beside"]):
            return "only-right"
        return "" if shows["practices"] or shows["coordination"] else "only-left"

    @property
    def words(self) -> Sequence[str]:
        """Of the name: « Chapelle-sur-Erdre » is not cut in two, if it fits on a line."""
        return typography.typeset(self.name).split(" ")

    @property
    def size(self) -> str:
        return size_of(self.name)

    @property
    def base(self) -> str:
        """Where the figures come from: there is more to say than what the form asks."""
        if self.is_answered:
            return "D’après le formulaire Scan’équipe envoyé par l’équipe"
        return "D’après les fiches du portail"

    @property
    def is_answered(self) -> bool:
        return any(practice.answer is not None for practice in self.practices) or (
            self.composition is not None and bool(self.composition.figures)
        )


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the teams, drawn, and what it was the year before."""

    change: Change
    ring: Ring


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionSheet:
    """The teams together, then the one in the middle: ``portrait``, ``composition``
    with the professions that have one person (``one_each``), ``words``.

    ``answered``: how many sent their form; under five there is no portrait."""

    year: int
    as_of: date
    federation: str
    figures: Sequence[Change] = ()
    answered: int = 0
    portrait: Sequence[Change] = ()
    composition: People | None = None
    one_each: str = ""
    words: str = ""
    professions: Drawing | None = None
    sizes: Drawing | None = None
    practices: Sequence[Share] = ()
    coordination: Sequence[Change] = ()
    map: RegionMap | None = None
    base: str = "D’après les fiches du portail"


def team_html(sheet: TeamSheet) -> str:
    return render_to_string("reports/pdf/scan.html", {"sheet": sheet})


def region_html(sheet: RegionSheet) -> str:
    return render_to_string("reports/pdf/scan_region.html", {"sheet": sheet})
