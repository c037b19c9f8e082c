"""Points of a sheet drawn without overlapping: those too near each other become one cluster."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from math import cos, hypot, sin, tau
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cluster(Generic[T]):
    """One mark of the sheet, in the middle of what it stands for."""

    x: float
    y: float
    radius: float
    members: tuple[T, ...]


def clusters(
    points: Iterable[tuple[float, float, T]], *, radius: Callable[[int], float]
) -> list[Cluster[T]]:
    """Each point in exactly one cluster, and no two clusters overlapping.

    ``radius`` gives the room that a mark for so many points takes; never less for more. The same
    points give the same clusters; they come from west to east.
    """
    pending = _by_place(points)
    total = sum(len(group.members) for group in pending)
    settled: _Settled[T] = _Settled(2 * radius(total) if total else 1.0, radius)
    while pending:
        group = pending.pop()
        near = settled.overlapping(group)
        if near is None:
            settled.add(group)
        else:
            settled.remove(near)
            pending.append(_merged(near, group))
    found = (Cluster(g.x, g.y, radius(len(g.members)), tuple(g.members)) for g in settled)
    return sorted(found, key=lambda cluster: (cluster.x, cluster.y))


@dataclass(eq=False, slots=True)
class _Group(Generic[T]):
    x: float
    y: float
    members: list[T]


def _by_place(points: Iterable[tuple[float, float, T]]) -> list[_Group[T]]:
    groups: dict[tuple[float, float], _Group[T]] = {}
    for x, y, member in points:
        groups.setdefault((x, y), _Group(x, y, [])).members.append(member)
    return [groups[place] for place in sorted(groups, reverse=True)]


def _merged(one: _Group[T], other: _Group[T]) -> _Group[T]:
    weight, other_weight = len(one.members), len(other.members)
    total = weight + other_weight
    return _Group(
        (one.x * weight + other.x * other_weight) / total,
        (one.y * weight + other.y * other_weight) / total,
        one.members + other.members,
    )


class _Settled(Generic[T]):
    """Groups that do not overlap, in squares so wide that only neighbouring ones can overlap."""

    def __init__(self, side: float, radius: Callable[[int], float]) -> None:
        self._side = side
        self._radius = radius
        self._squares: dict[tuple[int, int], list[_Group[T]]] = {}

    def __iter__(self) -> Iterator[_Group[T]]:
        for groups in self._squares.values():
            yield from groups

    def add(self, group: _Group[T]) -> None:
        self._squares.setdefault(self._square(group), []).append(group)

    def remove(self, group: _Group[T]) -> None:
        self._squares[self._square(group)].remove(group)

    def overlapping(self, group: _Group[T]) -> _Group[T] | None:
        column, row = self._square(group)
        own = self._radius(len(group.members))
        for square in ((column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
            for other in self._squares.get(square, ()):
                gap = hypot(group.x - other.x, group.y - other.y)
                if gap < own + self._radius(len(other.members)):
                    return other
        return None

    def _square(self, group: _Group[T]) -> tuple[int, int]:
        return int(group.x // self._side), int(group.y // self._side)


# -- marks that must not be put together ------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """Something at the nearest place that was free; ``home_x`` and ``home_y`` are its own."""

    x: float
    y: float
    home_x: float
    home_y: float
    item: T


def apart(points: Iterable[tuple[float, float, T]], *, radius: float) -> list[Placed[T]]:
    """Each point where it belongs, or as near as the ones already placed allow: no two overlap."""
    placed: list[Placed[T]] = []
    taken: dict[tuple[int, int], list[tuple[float, float]]] = {}
    side = 2 * radius
    for x, y, item in sorted(points, key=lambda point: point[:2]):
        free_x, free_y = next(at for at in _around(x, y, radius) if _is_free(at, taken, side))
        taken.setdefault((int(free_x // side), int(free_y // side)), []).append((free_x, free_y))
        placed.append(Placed(free_x, free_y, x, y, item))
    return placed


def _around(x: float, y: float, radius: float) -> Iterator[tuple[float, float]]:
    """The place itself, then rings of places around it, wider and wider."""
    yield x, y
    for ring in count(1):
        for step in range(8 * ring):
            turn = tau * step / (8 * ring)
            yield x + ring * radius / 2 * cos(turn), y + ring * radius / 2 * sin(turn)


def _is_free(
    at: tuple[float, float], taken: dict[tuple[int, int], list[tuple[float, float]]], side: float
) -> bool:
    column, row = int(at[0] // side), int(at[1] // side)
    near = (taken.get((column + i, row + j), ()) for i in (-1, 0, 1) for j in (-1, 0, 1))
    return all(hypot(at[0] - x, at[1] - y) >= side for places in near for x, y in places)
