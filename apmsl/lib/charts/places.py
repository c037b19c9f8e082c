"""The map that one looks closer at: a mark for each place, one mark for places too near each other.

Every mark and every département is a link; the labels of places stand where there is room.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import floor, log2

from apmsl.lib import geography
from apmsl.lib.charts import text
from apmsl.lib.charts.base import Drawing, Item, n
from apmsl.lib.clusters import Cluster, clusters
from apmsl.lib.geography import Point
from apmsl.lib.typography import NBSP, plural

WIDTH = 600.0
HEIGHT = geography.sheet(WIDTH).height
CLOSEST = 6
# Half of what a finger needs on a telephone, where the drawing is 350 pixels wide.
_TARGET = 20.5
_RADIUS = 9.0
_LABEL = 14.5
# The borders are coarse beyond: drawing them finer would only weigh more.
_FINEST = 4

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Window:
    """What is seen of the sheet: from its point (x, y), ``scale`` times larger."""

    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0

    @classmethod
    def around(cls, latitude: float, longitude: float, level: int) -> "Window":
        point, scale = geography.sheet(WIDTH).point(latitude, longitude), float(2**level)
        return cls(point.x - WIDTH / scale / 2, point.y - HEIGHT / scale / 2, scale)

    @classmethod
    def on(cls, box: Box) -> "Window":
        """The closest look at all of ``box``, with a margin."""
        west, north, east, south = box
        margin = max(east - west, south - north, 4.0) * 0.08
        room = (east - west + 2 * margin) / WIDTH, (south - north + 2 * margin) / HEIGHT
        scale = min(max(1 / max(room), 1.0), float(2**CLOSEST))
        x, y = (west + east) / 2, (north + south) / 2
        return cls(x - WIDTH / scale / 2, y - HEIGHT / scale / 2, scale)

    @classmethod
    def on_department(cls, code: str) -> "Window":
        return cls.on(next(o.box for o in geography.outlines(WIDTH) if o.code == code))

    @classmethod
    def on_places(cls, places: Sequence[tuple[float, float]]) -> "Window":
        points = [geography.sheet(WIDTH).point(*place) for place in places]
        xs, ys = [point.x for point in points], [point.y for point in points]
        return cls.on((min(xs), min(ys), max(xs), max(ys)))

    @classmethod
    def centred(cls, here: tuple[float, float], places: Sequence[tuple[float, float]]) -> "Window":
        """The closest look at ``places`` with ``here`` in the middle."""
        sheet = geography.sheet(WIDTH)
        middle, points = sheet.point(*here), [sheet.point(*place) for place in places]
        across = max((abs(point.x - middle.x) for point in points), default=0.0)
        down = max((abs(point.y - middle.y) for point in points), default=0.0)
        box = (middle.x - across, middle.y - down, middle.x + across, middle.y + down)
        return cls.on(box)

    @property
    def level(self) -> int:
        return floor(log2(self.scale))

    def point(self, latitude: float, longitude: float) -> Point:
        point = geography.sheet(WIDTH).point(latitude, longitude)
        return Point((point.x - self.x) * self.scale, (point.y - self.y) * self.scale)

    def place(self, point: Point) -> tuple[float, float]:
        on_sheet = Point(point.x / self.scale + self.x, point.y / self.scale + self.y)
        return geography.sheet(WIDTH).place(on_sheet)

    def shows(self, latitude: float, longitude: float) -> bool:
        point = self.point(latitude, longitude)
        return 0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT


@dataclass(frozen=True, slots=True)
class Mark:
    """``hollow`` marks are drawn as rings; ``name`` is written beside, ``title`` is read aloud."""

    latitude: float
    longitude: float
    name: str
    title: str
    city: str = ""
    href: str = ""
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    x: str
    y: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Spot:
    """A mark as it is drawn: of one place, or of ``count`` of them."""

    x: str
    y: str
    radius: str
    target: str
    href: str
    title: str
    count: int
    hollow: bool
    label: Label | None


@dataclass(frozen=True, slots=True)
class Land:
    name: str
    path: str
    href: str
    faded: bool
    label: Label | None


def room_of(count: int) -> float:
    """What a mark for so many places takes of the drawing."""
    return max(_TARGET, _radius(count) + 3)


def _radius(count: int) -> float:
    return _RADIUS if count == 1 else min(12 + 1.6 * log2(count), 26.0)


@dataclass(frozen=True, kw_only=True)
class PlacesMap(Drawing):
    template = "charts/places.svg"

    marks: Sequence[Mark] = ()
    window: Window = field(default_factory=Window)
    # The address of a closer look (latitude, longitude, level); without one, clusters lead to the list.
    closer: Callable[[float, float, int], str] | None = None
    # Where a cluster leads when one cannot look closer.
    listed: str = "#results"
    lands: Mapping[str, str] = field(default_factory=dict)
    # The département that one looks at: the others step back.
    chosen: str = ""
    here: tuple[float, float] | None = None
    singular: str = "équipe"

    @property
    def figures(self) -> Sequence[Item]:
        return []

    @property
    def description(self) -> str:
        seen = sum(len(cluster.members) for cluster in self._clusters)
        marks = plural(len(self._clusters), "repère")
        return f"{plural(seen, self.singular)} en {marks}{NBSP}; la liste suit la carte."

    @property
    def width(self) -> str:
        return n(WIDTH)

    @property
    def height(self) -> str:
        return n(HEIGHT)

    @property
    def source(self) -> str:
        return geography.ATTRIBUTION

    @property
    def source_y(self) -> str:
        return n(HEIGHT - 6)

    @property
    def move(self) -> str:
        """Where the outlines, drawn at their own size, come to lie in the window."""
        fineness = self._fineness
        x, y = -self.window.x * self.window.scale, -self.window.y * self.window.scale
        return f"translate({n(x)} {n(y)}) scale({n(self.window.scale / fineness)})"

    @cached_property
    def spots(self) -> list[Spot]:
        return [self._spot(cluster) for cluster in self._clusters]

    @property
    def areas(self) -> list[Land]:
        """Drawn under the marks, named after them: where there is room left."""
        _ = self.spots
        return [self._land(outline) for outline in geography.outlines(WIDTH * self._fineness)]

    @property
    def place(self) -> tuple[str, str] | None:
        point = self._here
        return (n(point.x), n(point.y)) if point else None

    @property
    def _here(self) -> Point | None:
        return self.window.point(*self.here) if self.here else None

    @property
    def _fineness(self) -> int:
        return max(1, min(int(2**self.window.level), _FINEST))

    @cached_property
    def _clusters(self) -> list[Cluster[Mark]]:
        points = ((self.window.point(mark.latitude, mark.longitude), mark) for mark in self.marks)
        inside = (
            (point.x, point.y, mark)
            for point, mark in points
            if 0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT
        )
        return clusters(inside, radius=room_of)

    @cached_property
    def _free(self) -> "Free":
        """Beside the marks, and the place that was asked for."""
        taken = [
            (c.x - r, c.y - r, c.x + r, c.y + r)
            for c in self._clusters
            for r in [_radius(len(c.members)) + 1]
        ]
        here = self._here
        if here is not None:
            taken.append((here.x - 12, here.y - 33, here.x + 12, here.y + 4))
        return Free(taken)

    def _land(self, outline: geography.Outline) -> Land:
        return Land(
            name=outline.name,
            path=outline.path,
            href=self.lands.get(outline.code, ""),
            faded=self.chosen not in {"", outline.code},
            label=self._land_label(outline),
        )

    def _spot(self, cluster: Cluster[Mark]) -> Spot:
        members = cluster.members
        alone = members[0] if len(members) == 1 else None
        radius = _radius(len(members))
        return Spot(
            x=n(cluster.x),
            y=n(cluster.y),
            radius=n(radius),
            target=n(_TARGET),
            href=(alone.href if alone else "") or self._closer(cluster),
            title=alone.title if alone else self._summary(members),
            count=len(members),
            hollow=all(mark.hollow for mark in members),
            label=self._label(alone.name, cluster) if alone else None,
        )

    def _summary(self, members: Sequence[Mark]) -> str:
        cities = sorted(mark.city for mark in members)
        commonest = max(dict.fromkeys(cities), key=cities.count)
        closer = "agrandir" if self._can_look_closer else "voir la liste"
        return f"{plural(len(members), self.singular)} autour de {commonest}{NBSP}: {closer}"

    @property
    def _can_look_closer(self) -> bool:
        return self.closer is not None and self.window.level < CLOSEST

    def _closer(self, cluster: Cluster[Mark]) -> str:
        """As close as all the places of the cluster are still seen, and one step at least."""
        if self.closer is None or self.window.level >= CLOSEST:
            return self.listed
        around = Window.on_places([(m.latitude, m.longitude) for m in cluster.members])
        level = min(max(around.level, self.window.level + 1), CLOSEST)
        middle = Point(around.x + WIDTH / around.scale / 2, around.y + HEIGHT / around.scale / 2)
        return self.closer(*geography.sheet(WIDTH).place(middle), level)

    def _label(self, name: str, cluster: Cluster[Mark]) -> Label | None:
        """At the right of its mark or at its left, where the whole of it can be read."""
        wide, gap = text.width(name, _LABEL), _RADIUS + 5
        for x, anchor, west in (
            (cluster.x + gap, "start", cluster.x + gap),
            (cluster.x - gap, "end", cluster.x - gap - wide),
        ):
            box = (west, cluster.y - _LABEL * 0.6, west + wide, cluster.y + _LABEL * 0.6)
            if self.window.scale > 1 and self._free.take(box):
                return Label(name, n(x), n(cluster.y + _LABEL * 0.34), anchor)
        return None

    def _land_label(self, outline: geography.Outline) -> Label | None:
        """Near the middle of the département, where no mark hides it."""
        fineness, scale = self._fineness, self.window.scale
        x = (outline.centre.x / fineness - self.window.x) * scale
        y = (outline.centre.y / fineness - self.window.y) * scale
        # Somewhat larger on a telephone.
        half = text.width(outline.name, _LABEL, bold=True) * 0.55
        for down in (0, -24, 24, -48, 48, -72, 72):
            for right in (0, -30, 30, -60, 60):
                base = y + down
                box = (x + right - half, base - _LABEL, x + right + half, base + 4)
                if self._free.take(box):
                    return Label(outline.name, n(x + right), n(base), "middle")
        return None


class Free:
    """What of the drawing is still free of marks and of writing."""

    def __init__(self, taken: Sequence[Box]) -> None:
        self._taken = list(taken)

    def take(self, box: Box) -> bool:
        west, north, east, south = box
        if west < 4 or north < 4 or east > WIDTH - 4 or south > HEIGHT - 16:
            return False
        if any(west < e and w < east and north < s and n_ < south for w, n_, e, s in self._taken):
            return False
        self._taken.append(box)
        return True
