"""One figure over time: beside the year before, or along several years."""

from collections.abc import Sequence
from dataclasses import dataclass

from apmsl.lib import typography
from apmsl.lib.charts import palette, text
from apmsl.lib.charts.base import NOTHING, Drawing, Item, n


@dataclass(frozen=True, slots=True)
class Bar:
    item: Item
    y: str
    text_y: str
    width: str
    text_x: str
    colour: str
    weight: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Drawing):
    """This year above the year before, on the same scale."""

    template = "charts/comparison.svg"

    now: Item
    before: Item
    width: float = 200.0
    size: float = 11.0

    thickness = 13.0
    gap = 5.0

    @property
    def figures(self) -> Sequence[Item]:
        return [self.now, self.before]

    @property
    def height(self) -> str:
        return n(2 * self.thickness + self.gap)

    @property
    def label_x(self) -> str:
        return n(0)

    @property
    def bar_x(self) -> str:
        return n(self._left())

    @property
    def bars(self) -> list[Bar]:
        highest = max(self.now.amount, self.before.amount) or 1
        room = self.width - self._left() - self._right()
        return [
            Bar(
                item=item,
                y=n(rank * (self.thickness + self.gap)),
                text_y=n(
                    rank * (self.thickness + self.gap) + self.thickness * 0.5 + self.size * 0.36
                ),
                width=n(room * item.amount / highest),
                text_x=n(self._left() + room * item.amount / highest + 5),
                colour=(palette.TEAL, palette.TEAL_LIGHT)[rank],
                weight=("700", "400")[rank],
            )
            for rank, item in enumerate(self.figures)
        ]

    @property
    def change(self) -> str:
        """« +2 », « −5 », « = »; « – » when one of the two is not known."""
        if self.now.value is None or self.before.value is None:
            return NOTHING
        difference = self.now.value - self.before.value  # type: ignore[operator]  # same kind
        if difference == 0:
            return "="
        return f"{'+' if difference > 0 else ''}{typography.number(difference)}"

    def _left(self) -> float:
        return 8 + max(text.width(item.label, self.size, bold=True) for item in self.figures)

    def _right(self) -> float:
        return 5 + max(text.width(item.text, self.size, bold=True) for item in self.figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark(Drawing):
    """A line through the years; its first and its last figure are written."""

    template = "charts/spark.svg"

    items: Sequence[Item]
    width: float = 160.0
    height_of_line: float = 34.0
    size: float = 11.0

    margin = 5.0

    @property
    def figures(self) -> Sequence[Item]:
        return self.items

    @property
    def height(self) -> str:
        return n(self.height_of_line + 2 * self.margin + self.size * 1.4)

    @property
    def base(self) -> str:
        return n(self.height_of_line + 2 * self.margin + self.size * 1.1)

    @property
    def points(self) -> list[tuple[str, str]]:
        """Only what is known: the line jumps over a year without a figure."""
        known = [
            (rank, item.amount) for rank, item in enumerate(self.items) if item.value is not None
        ]
        if not known:
            return []
        lowest, highest = min(v for _, v in known), max(v for _, v in known)
        step = (self.width - 2 * self.margin) / max(len(self.items) - 1, 1)
        rise = self.height_of_line / ((highest - lowest) or 1)
        return [
            (
                n(self.margin + rank * step),
                n(self.margin + self.height_of_line - (value - lowest) * rise),
            )
            for rank, value in known
        ]

    @property
    def line(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.points)

    @property
    def last(self) -> tuple[str, str] | None:
        return self.points[-1] if self.points else None
