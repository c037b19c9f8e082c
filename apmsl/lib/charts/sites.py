"""Where a team practises, on a map the size of a stamp: its places, with the towns around them.

The outlines, the clusters and the labels are those of the map of teams; only the middle of that
drawing is shown, so that what is written in it can still be read a few centimetres wide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from apmsl.lib import geography
from apmsl.lib.charts import text
from apmsl.lib.charts.base import n
from apmsl.lib.charts.places import (
    HEIGHT,
    WIDTH,
    Box,
    Free,
    Label,
    Mark,
    PlacesMap,
    Window,
    room_of,
)
from apmsl.lib.clusters import Cluster
from apmsl.lib.geography import Point
from apmsl.lib.typography import NBSP, listing

# What is shown of the drawing, around its middle.
_WIDE, _HIGH = 270.0, 222.0
_LEFT, _TOP = (WIDTH - _WIDE) / 2, (HEIGHT - _HIGH) / 2
# The places take two thirds of it: their names stand in the rest.
_ROOM = 0.3
# Some six kilometres from side to side: closer, nothing is left around the places.
_CLOSEST = 20.0
_TOWN = 11.5
_NAME = 14.5
_TOWNS = 5
_BARS = (50, 20, 10, 5, 2, 1)  # kilometres


def _nowhere(latitude: float, longitude: float, level: int) -> str:
    return ""


@lru_cache(maxsize=1)
def _largest_first() -> Sequence[geography.Commune]:
    return sorted(geography.communes().values(), key=lambda commune: -commune.population)


@dataclass(frozen=True, slots=True)
class ScaleBar:
    text: str
    x: str
    end: str
    y: str
    text_y: str


@dataclass(frozen=True, kw_only=True)
class SitesMap(PlacesMap):
    template = "charts/sites.svg"

    closer: Callable[[float, float, int], str] = _nowhere
    singular: str = "site"

    @classmethod
    def of(cls, key: str, title: str, marks: Sequence[Mark]) -> "SitesMap":
        seen = Window.on_places([(mark.latitude, mark.longitude) for mark in marks])
        x, y = seen.x + WIDTH / seen.scale / 2, seen.y + HEIGHT / seen.scale / 2
        scale = min(seen.scale * _ROOM, _CLOSEST)
        window = Window(x - WIDTH / scale / 2, y - HEIGHT / scale / 2, scale)
        return cls(key=key, title=title, marks=marks, window=window)

    @property
    def description(self) -> str:
        return f"{listing(self.named)}."

    @property
    def named(self) -> list[str]:
        """« Le Bourg (Clisson) »."""
        return [
            mark.name if mark.city in mark.name else f"{mark.name} ({mark.city})"
            for mark in self.marks
        ]

    @property
    def view(self) -> str:
        return f"{n(_LEFT)} {n(_TOP)} {n(_WIDE)} {n(_HIGH)}"

    @property
    def frame(self) -> tuple[str, str, str, str]:
        return n(_LEFT), n(_TOP), n(_WIDE), n(_HIGH)

    @property
    def border(self) -> str:
        """Not every engine keeps a line as thin as it was when its drawing grows."""
        return n(1.2 * self._fineness / self.window.scale)

    @cached_property
    def towns(self) -> list[Label]:
        """The largest communes in sight, where no place and no name of one stands."""
        _ = self.spots
        found: list[Label] = []
        for commune in _largest_first():
            point = self.window.point(commune.latitude, commune.longitude)
            if len(found) < _TOWNS and self._shows(point):
                half = text.width(commune.name, _TOWN) / 2
                box = (point.x - half, point.y - _TOWN, point.x + half, point.y + 4)
                if self._free.take(box):
                    found.append(Label(commune.name, n(point.x), n(point.y), "middle"))
        return found

    @property
    def scale_bar(self) -> ScaleBar:
        """The longest that takes no more than a third of the map."""
        a, b = self.window.place(Point(0, HEIGHT / 2)), self.window.place(Point(_WIDE, HEIGHT / 2))
        unit = _WIDE / geography.distance(a, b)
        kilometres = next((km for km in _BARS if km * unit <= _WIDE / 3), _BARS[-1])
        x, y = _LEFT + 8, _TOP + _HIGH - 8
        return ScaleBar(f"{kilometres}{NBSP}km", n(x), n(x + kilometres * unit), n(y), n(y - 5))

    @cached_property
    def _free(self) -> Free:
        """Beside the marks and the scale, and inside what is shown."""
        taken: list[Box] = [
            (c.x - r, c.y - r, c.x + r, c.y + r)
            for c in self._clusters
            for r in [room_of(len(c.members)) - 8]
        ]
        right, bottom = _LEFT + _WIDE, _TOP + _HIGH
        taken += [
            (0, 0, _LEFT + 3, HEIGHT),
            (right - 3, 0, WIDTH, HEIGHT),
            (0, 0, WIDTH, _TOP + 3),
            (0, bottom - 24, WIDTH, HEIGHT),
        ]
        return Free(taken)

    def _label(self, name: str, cluster: Cluster[Mark]) -> Label | None:
        """Above its mark or under it, where there is room at neither side."""
        beside = super()._label(name, cluster)
        if beside is not None:
            return beside
        half = text.width(name, _NAME, bold=True) / 2
        for base in (cluster.y - 15, cluster.y + 25):
            box = (cluster.x - half, base - 11, cluster.x + half, base + 3)
            if self._free.take(box):
                return Label(name, n(cluster.x), n(base), "middle")
        return None

    def _shows(self, point: Point) -> bool:
        return _LEFT <= point.x <= _LEFT + _WIDE and _TOP <= point.y <= _TOP + _HIGH
