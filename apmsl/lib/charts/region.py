"""The map of the five départements, with a figure in each, a dot for each team, or one place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from apmsl.lib import geography
from apmsl.lib.charts import palette, text
from apmsl.lib.charts.base import Drawing, Item, n
from apmsl.lib.typography import Number

# Where a label would hide the coast or stand on a border, it is moved (in thousandths of the width).
_SHIFTS = {"44": (12, 0), "49": (-6, 0), "53": (0, -6), "72": (0, -8), "85": (28, -4)}


@dataclass(frozen=True, slots=True)
class Dot:
    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    name: str
    path: str
    item: Item
    x: str
    number_y: str
    name_y: str
    circle_y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionMap(Drawing):
    template = "charts/region.svg"
    columns = ("Département", "Équipes")

    # Figures by code of département; none: the outlines alone.
    values: Mapping[str, Number | None] = field(default_factory=dict)
    unit: str = ""
    dots: Sequence[Dot] = ()
    here: Dot | None = None
    width: float = 600.0
    fill: str = palette.TEAL_LIGHT
    border: str = palette.WHITE
    ink: str = palette.TEAL_DEEP
    dot: str = palette.TEAL
    names: bool = True
    attribution: bool = True

    @property
    def figures(self) -> Sequence[Item]:
        return [area.item for area in self.areas] if self.values else []

    @property
    def description(self) -> str:
        if self.values:
            return super(RegionMap, self).description
        if self.here is not None:
            return f"Carte des Pays de la Loire, où un point situe {self.here.label}."
        return "Carte des cinq départements des Pays de la Loire."

    @property
    def height(self) -> str:
        return n(self._paper.height + (14 if self.attribution else 0))

    @property
    def areas(self) -> list[Area]:
        return [self._area(outline) for outline in geography.outlines(self.width)]

    @property
    def places(self) -> list[tuple[str, str]]:
        labels = self.areas if self.values and self.names else []
        return [self._beside_labels(self._point(dot), labels) for dot in self.dots]

    @property
    def place(self) -> tuple[str, str] | None:
        if self.here is None:
            return None
        point = self._point(self.here)
        return n(point.x), n(point.y)

    @property
    def radius(self) -> str:
        return n(self.width * 0.0075)

    @property
    def size(self) -> str:
        return n(self.width * 0.029)

    @property
    def number_size(self) -> str:
        return n(self.width * 0.05)

    @property
    def circle(self) -> str:
        return n(self.width * 0.049)

    @property
    def pin(self) -> str:
        return n(self.width * 0.024)

    @property
    def halo(self) -> str:
        return n(self.width * 0.06)

    @property
    def source(self) -> str:
        return geography.ATTRIBUTION

    @property
    def source_y(self) -> str:
        return n(self._paper.height + 11)

    @property
    def _paper(self) -> geography.Sheet:
        return geography.sheet(self.width)

    def _point(self, dot: Dot) -> geography.Point:
        return self._paper.point(dot.latitude, dot.longitude)

    def _beside_labels(self, point: geography.Point, areas: Sequence[Area]) -> tuple[str, str]:
        """A dot among letters would be read as an accent: it is moved, by some kilometres at most."""
        size, radius = float(self.size), float(self.radius)
        for area in areas:
            half = text.width(area.name, size, bold=True) / 2 + radius
            base = float(area.name_y)
            top, bottom = base - size * 0.78 - radius, base + size * 0.25 + radius
            if abs(point.x - float(area.x)) < half and top < point.y < bottom:
                # The figure stands above.
                return n(point.x), n(bottom)
        return n(point.x), n(point.y)

    def _area(self, outline: geography.Outline) -> Area:
        right, down = (shift * self.width / 1000 for shift in _SHIFTS[outline.code])
        x, y = outline.centre.x + right, outline.centre.y + down
        return Area(
            name=outline.name,
            path=outline.path,
            item=Item(outline.name, self.values.get(outline.code, 0), self.unit),
            x=n(x),
            circle_y=n(y - self.width * 0.02),
            number_y=n(y - self.width * 0.0025),
            name_y=n(y + self.width * 0.058),
        )
