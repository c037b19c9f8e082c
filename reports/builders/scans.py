"""The Scan'équipe of a team and that of the region: one sheet, to be hung on a wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string

from apmsl.lib import typography
from apmsl.lib.charts import Comparison, Drawing, People, RegionMap, Ring
from reports.builders.figures import Change, Figure

# Names of teams go from nine letters to ninety.
_SIZES = ((26, "short"), (44, "medium"), (70, "long"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """One of the yes or no questions; ``icon`` is the name of a file of static/img/pdf."""

    label: str
    icon: str
    answer: bool | None
    share: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSheet:
    """``comparisons`` set the team beside the mean of the region, ``network`` is its year with us."""

    year: int
    as_of: date
    federation: str
    name: str
    place: str
    facts: Sequence[str] = ()
    figures: Sequence[Change] = ()
    composition: People | None = None
    practices: Sequence[Practice] = ()
    coordination: Sequence[Figure] = ()
    coordination_facts: Sequence[str] = ()
    comparisons: Sequence[Comparison] = ()
    network: Sequence[Figure] = ()
    map: RegionMap | None = None

    @property
    def words(self) -> Sequence[str]:
        """Of the name: « Chapelle-sur-Erdre » is not cut in two, if it fits on a line."""
        return typography.typeset(self.name).split(" ")

    @property
    def size(self) -> str:
        return next((size for most, size in _SIZES if len(self.name) <= most), "longest")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionSheet:
    """``portrait`` draws the team of the year: its size, its age, its sites, its coordination."""

    year: int
    as_of: date
    federation: str
    figures: Sequence[Change] = ()
    portrait: Sequence[Figure] = ()
    professions: Drawing | None = None
    practices: Sequence[Ring] = ()
    coordination: Sequence[Figure] = ()
    map: RegionMap | None = None
    sites: Drawing | None = None
    base: str = "D’après les fiches du portail"


def team_html(sheet: TeamSheet) -> str:
    return render_to_string("reports/pdf/scan.html", {"sheet": sheet})


def region_html(sheet: RegionSheet) -> str:
    return render_to_string("reports/pdf/scan_region.html", {"sheet": sheet})
