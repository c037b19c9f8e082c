"""Figures side by side: lying bars for named things, standing columns for steps of time."""

from collections.abc import Sequence
from dataclasses import dataclass

from apmsl.lib.charts import palette, text
from apmsl.lib.charts.base import Drawing, Item, Line, lines, n


@dataclass(frozen=True, slots=True)
class Bar:
    item: Item
    labels: list[Line]
    x: str
    y: str
    width: str
    height: str
    text_x: str
    text_y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars(Drawing):
    """The label to the left on at most three lines, the figure at the end of the bar."""

    template = "charts/bars.svg"

    items: Sequence[Item]
    width: float = 360.0
    size: float = 12.0
    thickness: float = 16.0
    maximum: float | None = None
    colour: str = palette.TEAL
    # Longest label column, as a share of the width.
    label_share: float = 0.46

    gap = 9.0

    @property
    def figures(self) -> Sequence[Item]:
        return self.items

    @property
    def height(self) -> str:
        return n(max(sum(self._heights()), self.thickness))

    @property
    def bars(self) -> list[Bar]:
        labels, left = self._labels(), self._left()
        room = self.width - left - self._right()
        top = self.maximum or max((item.amount for item in self.items), default=0) or 1
        y, bars = 0.0, []
        for item, texts, height in zip(self.items, labels, self._heights(), strict=True):
            middle = y + height / 2
            length = room * min(item.amount / top, 1)
            bars.append(
                Bar(
                    item=item,
                    labels=lines(texts, left - 10, middle, self.size),
                    x=n(left),
                    y=n(middle - self.thickness / 2),
                    width=n(max(length, 1.5 if item.amount else 0)),
                    height=n(self.thickness),
                    text_x=n(left + length + 6),
                    text_y=n(middle + self.size * 0.36),
                )
            )
            y += height
        return bars

    def _left(self) -> float:
        widest = max((self._width(line) for texts in self._labels() for line in texts), default=0)
        return widest + 10

    def _right(self) -> float:
        return 6 + max(
            (text.width(item.text, self.size, bold=True) for item in self.items), default=0
        )

    def _width(self, line: str) -> float:
        return text.width(line, self.size)

    def _labels(self) -> list[Sequence[str]]:
        room = self.width * self.label_share
        return [text.wrap(item.label, room, self.size, lines=3) for item in self.items]

    def _heights(self) -> list[float]:
        return [
            max(self.thickness, len(texts) * self.size * 1.2) + self.gap for texts in self._labels()
        ]


@dataclass(frozen=True, slots=True)
class Column:
    item: Item
    labels: list[Line]
    x: str
    y: str
    width: str
    height: str
    middle: str
    text_y: str
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns(Drawing):
    """The last column stands out: it is the one that the page speaks of.

    ``breaks``: ranks of the items that do not compare with those before, a dashed line between."""

    template = "charts/columns.svg"

    items: Sequence[Item]
    breaks: Sequence[int] = ()
    width: float = 320.0
    height_of_columns: float = 110.0
    size: float = 12.0

    top = 20.0

    @property
    def figures(self) -> Sequence[Item]:
        return self.items

    @property
    def remarks(self) -> Sequence[str]:
        return [f"Rupture de définition avant {self.items[rank].label}." for rank in self.breaks]

    @property
    def break_lines(self) -> list[str]:
        return [n(self._pitch() * rank) for rank in self.breaks]

    @property
    def base(self) -> str:
        return n(self.top + self.height_of_columns)

    @property
    def height(self) -> str:
        most = max((len(texts) for texts in self._labels()), default=1)
        return n(self.top + self.height_of_columns + 6 + most * self.size * 1.2)

    @property
    def bars(self) -> list[Column]:
        highest = max((item.amount for item in self.items), default=0) or 1
        return [
            self._column(rank, item, texts, self.height_of_columns * item.amount / highest)
            for rank, (item, texts) in enumerate(zip(self.items, self._labels(), strict=True))
        ]

    def _column(self, rank: int, item: Item, texts: Sequence[str], height: float) -> Column:
        pitch = self._pitch()
        base, middle = self.top + self.height_of_columns, pitch * (rank + 0.5)
        height = max(height, 1.5 if item.amount else 0)
        below = base + 6 + len(texts) * self.size * 0.6
        return Column(
            item=item,
            labels=lines(texts, middle, below, self.size),
            x=n(middle - pitch * 0.36),
            y=n(base - height),
            width=n(pitch * 0.72),
            height=n(height),
            middle=n(middle),
            text_y=n(base - height - 6),
            is_last=rank == len(self.items) - 1,
        )

    def _pitch(self) -> float:
        return min(self.width / max(len(self.items), 1), 72)

    def _labels(self) -> list[Sequence[str]]:
        return [text.wrap(item.label, self._pitch() - 4, self.size) for item in self.items]
