"""People, one pictogram each (or one for several where they are many), a row a profession."""

from collections.abc import Sequence
from dataclasses import dataclass

from apmsl.lib import typography
from apmsl.lib.charts import palette, text
from apmsl.lib.charts.base import Drawing, Item, Line, lines, n

# A head and shoulders, 10 wide and 13 high, from its upper left corner, in relative steps.
_HEAD = "m5 0a3.1 3.1 0 1 1 0 6.2a3.1 3.1 0 1 1 0-6.2z"
_BODY = "m-5 13v-1.8a4.2 4.2 0 0 1 4.2-4.2h1.6a4.2 4.2 0 0 1 4.2 4.2v1.8z"
_WIDTH, _HEIGHT = 10.0, 13.0


@dataclass(frozen=True, slots=True)
class Row:
    item: Item
    labels: list[Line]
    icons: str
    number_y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class People(Drawing):
    """``most`` rows at most: the last one then gathers the other professions."""

    template = "charts/people.svg"
    columns = ("Profession", "Personnes")

    items: Sequence[Item]
    width: float = 360.0
    most: int = 12
    size: float = 11.0
    row: float = 20.0
    colour: str = palette.TEAL
    label_share: float = 0.42

    @property
    def figures(self) -> Sequence[Item]:
        return [item for item in self.items if item.amount]

    @property
    def height(self) -> str:
        return n(max(self.row * len(self.shown), self.row))

    @property
    def shown(self) -> Sequence[Item]:
        if len(self.figures) <= self.most:
            return self.figures
        others = self.figures[self.most - 1 :]
        label = typography.plural(len(others), "autre profession", "autres professions")
        return [
            *self.figures[: self.most - 1],
            Item(label, sum(int(item.amount) for item in others)),
        ]

    @property
    def people_per_icon(self) -> int:
        """1 as long as icons of half their size still fit in the longest row."""
        longest = self._longest()
        each = 1
        while longest / each * _WIDTH * 0.5 > self._room():
            each = {1: 2, 2: 5}.get(each, each + 5)
        return each

    @property
    def scale(self) -> str:
        return n(self._scale())

    @property
    def rows(self) -> list[Row]:
        most = 2 if self.row >= self.size * 2.3 else 1
        return [
            Row(
                item=item,
                labels=lines(
                    text.wrap(
                        item.label, self._left() - self._numbers() - 8, self.size, lines=most
                    ),
                    self._left() - self._numbers() - 8,
                    self.row * (rank + 0.5),
                    self.size,
                ),
                icons=self._icons(item, rank),
                number_y=n(self.row * (rank + 0.5) + self.size * 0.36),
            )
            for rank, item in enumerate(self.shown)
        ]

    @property
    def number_x(self) -> str:
        return n(self._left() - 8)

    def _left(self) -> float:
        return self.width * self.label_share + self._numbers()

    def _numbers(self) -> float:
        """Between the labels and the pictograms."""
        widths = [text.width(item.text, self.size, bold=True) for item in self.shown]
        return max([26.0, *(width + 8 for width in widths)])

    def _room(self) -> float:
        return self.width - self._left()

    def _scale(self) -> float:
        """The same for all rows: their lengths can be compared."""
        longest = self._longest() / self.people_per_icon
        return min(1.5, (self.row - 5) / _HEIGHT, self._room() / (max(longest, 1) * (_WIDTH + 2)))

    def _longest(self) -> float:
        """Of the professions: the row of the others, which may be many, has no pictogram."""
        return max((item.amount for item in self.figures), default=1)

    def _icons(self, item: Item, rank: int) -> str:
        """One path for the whole row."""
        if item not in self.figures:
            return ""
        scale = self._scale()
        count = max(round(item.amount / self.people_per_icon), 1)
        left, top = self._left() / scale, (self.row * (rank + 0.5)) / scale - _HEIGHT / 2
        corners = (f"M{n(left + i * (_WIDTH + 2))} {n(top)}" for i in range(count))
        return "".join(f"{corner}{_HEAD}{_BODY}" for corner in corners)
