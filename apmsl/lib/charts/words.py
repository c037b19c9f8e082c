"""What people answered in a word or two, the larger the more of them said it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from apmsl.lib.charts import palette, text
from apmsl.lib.charts.base import Drawing, Item, n

T = TypeVar("T")

_SMALLEST, _LARGEST, _ONLY = 11.0, 34.0, 20.0
_LEADING = 1.18
_COLOURS = (palette.TEAL_DEEP, palette.TEAL, "#86350b", palette.INK_SOFT)


@dataclass(frozen=True, slots=True)
class Word:
    """A word at its place, in the middle of its width."""

    text: str
    x: str
    y: str
    size: str
    colour: str


@dataclass(frozen=True, slots=True)
class _Measured:
    item: Item
    rank: int
    text: str
    size: float

    @property
    def width(self) -> float:
        return text.width(self.text, self.size, bold=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Drawing):
    """A cloud: the most said in the middle. ``most`` words at most are drawn and described."""

    template = "charts/words.svg"
    columns = ("Mot", "Réponses")

    items: Sequence[Item]
    width: float = 480.0
    most: int = 40

    @property
    def figures(self) -> Sequence[Item]:
        known = [item for item in self.items if item.amount]
        return sorted(known, key=lambda item: -item.amount)[: self.most]

    @property
    def height(self) -> str:
        return n(sum(_height(row) for row in self._rows()) or _SMALLEST)

    @property
    def words(self) -> list[Word]:
        return [word for row in self._placed() for word in row]

    def _placed(self) -> Iterator[list[Word]]:
        top = 0.0
        for row in _from_the_middle(self._rows()):
            # Letters stand on one line, a fifth of the row above its foot.
            top += _height(row)
            yield list(self._along(_from_the_middle(row), n(top - _height(row) * 0.24)))

    def _along(self, row: Sequence[_Measured], foot: str) -> Iterator[Word]:
        left = (self.width - _length(row)) / 2
        for one in row:
            yield Word(
                one.text,
                n(left + one.width / 2),
                foot,
                n(one.size),
                _COLOURS[one.rank % len(_COLOURS)],
            )
            left += one.width + _gap(row)

    def _rows(self) -> list[list[_Measured]]:
        """As many words in a row as it holds, the most said first."""
        rows: list[list[_Measured]] = []
        for one in self._measured():
            if rows and _length([*rows[-1], one]) <= self.width:
                rows[-1].append(one)
            else:
                rows.append([one])
        return rows

    def _measured(self) -> Iterator[_Measured]:
        amounts = [item.amount for item in self.figures]
        for rank, item in enumerate(self.figures):
            size = _size(item.amount, min(amounts), max(amounts))
            room = self.width / text.width(item.label, 1, bold=True)
            size = max(min(size, room), _SMALLEST)
            (label,) = text.wrap(
                item.label.replace(" ", "\N{NO-BREAK SPACE}"), self.width, size, lines=1, bold=True
            )
            yield _Measured(item, rank, label, size)


def _size(amount: float, least: float, most: float) -> float:
    """Said twice as often, a word covers some twice the surface."""
    if most == least:
        return _ONLY
    share = (amount**0.5 - least**0.5) / (most**0.5 - least**0.5)
    return float(_SMALLEST + (_LARGEST - _SMALLEST) * share)


def _height(row: Sequence[_Measured]) -> float:
    return max(one.size for one in row) * _LEADING


def _gap(row: Sequence[_Measured]) -> float:
    return max(one.size for one in row) * 0.45


def _length(row: Sequence[_Measured]) -> float:
    return sum(one.width for one in row) + _gap(row) * (len(row) - 1)


def _from_the_middle(ranked: Sequence[T]) -> list[T]:
    """The first in the middle, the next to its right, to its left, and so on."""
    return [*reversed(ranked[2::2]), *ranked[:1], *ranked[1::2]]
