"""Parts of a whole: a ring for one share, a bar cut in parts for several."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from apmsl.lib.charts import palette, text
from apmsl.lib.charts.base import Drawing, Item, n


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring(Drawing):
    """One share of a hundred, written in its middle."""

    template = "charts/ring.svg"
    columns = ("", "Part")

    value: float | None
    colour: str = palette.TEAL
    track: str = palette.TEAL_TINT
    ink: str = palette.TEAL_DEEP

    radius = 42.0

    @property
    def figures(self) -> Sequence[Item]:
        return [self.item]

    @property
    def item(self) -> Item:
        return Item(self.title, self.value, "%")

    @property
    def is_full(self) -> bool:
        return self.value is not None and self.value >= 100

    @property
    def arc(self) -> str:
        """From noon, clockwise; nothing at all below half a percent."""
        share = min(max(self.value or 0, 0), 100) / 100
        if share < 0.005 or self.is_full:
            return ""
        x, y = 50 + self.radius * sin(2 * pi * share), 50 - self.radius * cos(2 * pi * share)
        far = 1 if share > 0.5 else 0
        return (
            f"M50 {n(50 - self.radius)}A{n(self.radius)} {n(self.radius)} 0 {far} 1 {n(x)} {n(y)}"
        )


@dataclass(frozen=True, slots=True)
class Part:
    item: Item
    rank: int
    x: str
    width: str
    middle: str
    colour: str
    ink: str
    inside: str
    legend_y: str
    legend_text_y: str
    legend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacked(Drawing):
    """A bar cut in parts, in the order given; its legend repeats label and figure."""

    template = "charts/stacked.svg"

    items: Sequence[Item]
    width: float = 320.0

    thickness = 30.0
    leading = 19.0
    size = 12.0
    gap = 1.5

    @property
    def figures(self) -> Sequence[Item]:
        return self.items

    @property
    def height(self) -> str:
        return n(self.thickness + 12 + self.leading * len(self.items))

    @property
    def parts(self) -> list[Part]:
        total = sum(item.amount for item in self.items)
        start, parts = 0.0, []
        for rank, item in enumerate(self.items):
            length = self.width * item.amount / total if total else 0.0
            parts.append(self._part(rank, item, start, length))
            start += length
        return parts

    def _part(self, rank: int, item: Item, start: float, length: float) -> Part:
        step = rank % len(palette.STEPS)
        fits = text.width(item.text, self.size, bold=True) + 8 <= length
        y = self.thickness + 12 + self.leading * rank
        label = f"{item.label} ({item.note})" if item.note else item.label
        room = self.width - 26 - text.width(item.text, self.size, bold=True)
        return Part(
            item=item,
            rank=rank,
            x=n(start),
            width=n(max(length - self.gap, 0)),
            middle=n(start + (length - self.gap) / 2),
            colour=palette.STEPS[step],
            ink=palette.ON_STEPS[step],
            inside=item.text if fits else "",
            legend_y=n(y),
            legend_text_y=n(y + self.size * 0.86),
            legend="".join(text.wrap(label, room, self.size, lines=1)),
        )
