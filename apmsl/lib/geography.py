"""The communes and départements of Pays de la Loire, and the sheet of paper they are drawn on.

The data lie beside this file (see ``data/README.md``), are read at the first question and kept.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from types import MappingProxyType
from typing import Any

from apmsl.lib.text import normalise

ATTRIBUTION = "© IGN – Etalab, Licence Ouverte 2.0"
DEPARTMENTS: Mapping[str, str] = MappingProxyType(
    {
        "44": "Loire-Atlantique",
        "49": "Maine-et-Loire",
        "53": "Mayenne",
        "72": "Sarthe",
        "85": "Vendée",
    }
)
_DATA = Path(__file__).parent / "data"
# Islets of a few hectares would only be specks of ink.
_SMALLEST_RING = 6
_NEAREST = 2.0
# In kilometres, its mean.
_EARTH_RADIUS = 6371.0088


@dataclass(frozen=True, slots=True)
class Commune:
    insee_code: str
    name: str
    postcodes: tuple[str, ...]
    epci: str | None
    population: int
    latitude: float
    longitude: float

    @property
    def department(self) -> str:
        return self.insee_code[:2]


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Outline:
    """A département on the sheet: its border as an SVG path, and where its name is best written."""

    code: str
    name: str
    path: str
    centre: Point
    # Its west, north, east and south ends on the sheet.
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The region on a sheet of ``width``: latitudes and longitudes as straight lines.

    At 47° N a degree of longitude is shorter than one of latitude by the cosine; over 250 km the
    error of this simplest of projections is less than the width of a border.
    """

    width: float
    height: float
    west: float
    north: float
    scale: float
    squeeze: float

    def point(self, latitude: float, longitude: float) -> Point:
        return Point(
            round((longitude - self.west) * self.squeeze * self.scale, 1),
            round((self.north - latitude) * self.scale, 1),
        )

    def place(self, point: Point) -> tuple[float, float]:
        """The latitude and longitude of a point: ``point`` the other way round."""
        longitude = self.west + point.x / (self.squeeze * self.scale)
        return self.north - point.y / self.scale, longitude


@lru_cache(maxsize=1)
def communes() -> Mapping[str, Commune]:
    """Every commune by its INSEE code."""
    rows = json.loads((_DATA / "pdl-communes.json").read_text("utf-8"))
    found = (Commune(code, name, tuple(postcodes), *rest) for code, name, postcodes, *rest in rows)
    return MappingProxyType({commune.insee_code: commune for commune in found})


def commune(insee_code: str) -> Commune | None:
    return communes().get(insee_code)


def epci_name(code: str) -> str:
    """« CC Erdre et Gesvres »; the code itself for another."""
    return _epci().get(code, code)


def in_epci(code: str) -> Sequence[str]:
    """The INSEE codes of its communes in the region."""
    return [commune.insee_code for commune in communes().values() if commune.epci == code]


def by_postcode(postcode: str) -> Sequence[Commune]:
    return _by_postcode().get(postcode, ())


def by_name(name: str) -> Sequence[Commune]:
    """The communes of that name, however it is typed: « st nazaire », « SAINT-NAZAIRE »."""
    return _by_name().get(_plain(name), ())


def search(text: str, *, limit: int = 10) -> Sequence[Commune]:
    """The communes whose name or postcode begins so, or holds a word that does; the largest first."""
    wanted = _plain(text)
    if not wanted:
        return ()
    found = (
        commune
        for name, same in _by_name().items()
        for commune in same
        if f" {name}".find(f" {wanted}") >= 0
        or any(code.startswith(wanted) for code in commune.postcodes)
    )
    return sorted(found, key=lambda commune: (-commune.population, commune.insee_code))[:limit]


def distance(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Kilometres as the crow flies between two places given as (latitude, longitude)."""
    (south, west), (north, east) = (tuple(map(radians, place)) for place in (here, there))
    chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * _EARTH_RADIUS * asin(min(1.0, sqrt(chord)))


def department_name(code: str) -> str:
    """The name of one of our five départements, or the code of another."""
    return DEPARTMENTS.get(code, code)


@lru_cache(maxsize=8)
def sheet(width: float = 600) -> Sheet:
    points = [point for rings in _borders().values() for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = cos(radians((south + north) / 2))
    scale = width / ((east - west) * squeeze)
    return Sheet(width, round((north - south) * scale, 1), west, north, scale, squeeze)


@lru_cache(maxsize=8)
def outlines(width: float = 600) -> Sequence[Outline]:
    """The five départements, drawn on ``sheet(width)``."""
    paper = sheet(width)
    return tuple(
        Outline(
            code,
            DEPARTMENTS[code],
            _path(rings, paper),
            _centre(rings[0], paper),
            _box(rings, paper),
        )
        for code, rings in sorted(_borders().items())
    )


_Ring = Sequence[tuple[float, float]]


@lru_cache(maxsize=1)
def _borders() -> Mapping[str, Sequence[_Ring]]:
    """Outer borders as (longitude, latitude), the mainland first."""
    collection: dict[str, Any] = json.loads((_DATA / "pdl-deps.geojson").read_text("utf-8"))
    borders: dict[str, Sequence[_Ring]] = {}
    for feature in collection["features"]:
        shape = feature["geometry"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        rings = [[(x, y) for x, y in part[0]] for part in parts if len(part[0]) > _SMALLEST_RING]
        borders[feature["properties"]["code"]] = sorted(rings, key=len, reverse=True)
    return MappingProxyType(borders)


def _path(rings: Sequence[_Ring], paper: Sheet) -> str:
    drawn = []
    for ring in rings:
        points = _thinned([paper.point(latitude, longitude) for longitude, latitude in ring])
        drawn.append("M" + "L".join(f"{point.x:g} {point.y:g}" for point in points) + "Z")
    return "".join(drawn)


def _box(rings: Sequence[_Ring], paper: Sheet) -> tuple[float, float, float, float]:
    points = [paper.point(latitude, longitude) for ring in rings for longitude, latitude in ring]
    xs, ys = [point.x for point in points], [point.y for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    """Without the points that lie within a unit or so of the last one: nobody would see them."""
    kept = list(points[:1])
    for point in points[1:]:
        if abs(point.x - kept[-1].x) + abs(point.y - kept[-1].y) >= _NEAREST:
            kept.append(point)
    return kept


def _centre(ring: _Ring, paper: Sheet) -> Point:
    """The centre of gravity of the ring (all five départements hold theirs)."""
    area = x_moment = y_moment = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area += cross
        x_moment += (x1 + x2) * cross
        y_moment += (y1 + y2) * cross
    return paper.point(y_moment / (3 * area), x_moment / (3 * area))


def _plain(name: str) -> str:
    words = normalise(name).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


@lru_cache(maxsize=1)
def _epci() -> Mapping[str, str]:
    return MappingProxyType(json.loads((_DATA / "pdl-epci.json").read_text("utf-8")))


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, Sequence[Commune]]:
    names: dict[str, tuple[Commune, ...]] = {}
    for found in communes().values():
        names[_plain(found.name)] = (*names.get(_plain(found.name), ()), found)
    return MappingProxyType(names)


@lru_cache(maxsize=1)
def _by_postcode() -> Mapping[str, Sequence[Commune]]:
    postcodes: dict[str, tuple[Commune, ...]] = {}
    for found in communes().values():
        for postcode in found.postcodes:
            postcodes[postcode] = (*postcodes.get(postcode, ()), found)
    return MappingProxyType(postcodes)
