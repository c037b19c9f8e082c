"""The map of local groups: each team in its group's colour and with its group's letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase

from apmsl.lib import geography
from apmsl.lib.charts import palette
from apmsl.lib.charts.base import Drawing, Item, n
from apmsl.lib.clusters import Placed, apart
from apmsl.lib.typography import NBSP, listing, plural

_WIDTH = 600.0
_RADIUS = 8.5
# White is read on each; the letter tells two groups of one colour from each other.
_COLOURS = (
    palette.TEAL,
    palette.ACCENT,
    "#5b3a8c",
    "#28663a",
    "#1f4e9e",
    "#9b1c5a",
    "#6b5a00",
    palette.INK_SOFT,
)


@dataclass(frozen=True, slots=True)
class Territory:
    """A group, the places of its teams as (latitude, longitude, name), and whatever it stands for."""

    name: str
    places: Sequence[tuple[float, float, str]]
    subject: object = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A group in the legend."""

    letter: str
    colour: str
    name: str
    subject: object


@dataclass(frozen=True, slots=True)
class Team:
    """A team as it is drawn; a line leads to its place where its mark had to make room."""

    x: str
    y: str
    home: tuple[str, str] | None
    letter: str
    colour: str
    title: str


@dataclass(frozen=True, kw_only=True)
class GroupsMap(Drawing):
    template = "charts/groups.svg"
    columns = ("Groupe", "Équipes")

    territories: Sequence[Territory]

    @property
    def figures(self) -> Sequence[Item]:
        return [Item(territory.name, len(territory.places)) for territory in self.territories]

    @property
    def description(self) -> str:
        told = [
            f"{entry.letter}, {entry.name}{NBSP}: {plural(len(territory.places), 'équipe')}"
            for entry, territory in zip(self.legend, self.territories, strict=True)
        ]
        return f"{listing(told)}."

    @property
    def width(self) -> str:
        return n(_WIDTH)

    @property
    def height(self) -> str:
        return n(geography.sheet(_WIDTH).height)

    @property
    def radius(self) -> str:
        return n(_RADIUS)

    @property
    def source(self) -> str:
        return geography.ATTRIBUTION

    @property
    def paths(self) -> list[str]:
        return [outline.path for outline in geography.outlines(_WIDTH)]

    @cached_property
    def legend(self) -> list[Entry]:
        return [
            Entry(_letter(rank), _COLOURS[rank % len(_COLOURS)], territory.name, territory.subject)
            for rank, territory in enumerate(self.territories)
        ]

    @property
    def teams(self) -> list[Team]:
        paper, points = geography.sheet(_WIDTH), []
        for entry, territory in zip(self.legend, self.territories, strict=True):
            for latitude, longitude, name in territory.places:
                point = paper.point(latitude, longitude)
                points.append((point.x, point.y, (entry, name)))
        return [_team(mark) for mark in apart(points, radius=_RADIUS)]


def _letter(rank: int) -> str:
    """A to Z, then numbers."""
    return ascii_uppercase[rank] if rank < len(ascii_uppercase) else str(rank + 1)


def _team(mark: Placed[tuple[Entry, str]]) -> Team:
    entry, name = mark.item
    moved = (mark.x, mark.y) != (mark.home_x, mark.home_y)
    return Team(
        x=n(mark.x),
        y=n(mark.y),
        home=(n(mark.home_x), n(mark.home_y)) if moved else None,
        letter=entry.letter,
        colour=entry.colour,
        title=f"{name} – groupe {entry.name}",
    )
