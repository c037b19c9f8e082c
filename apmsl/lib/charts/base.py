"""What all drawings share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from apmsl.lib import typography
from apmsl.lib.typography import Number

NOTHING = "–"


def n(value: float) -> str:
    """A coordinate, with a point whatever the language of the page."""
    return f"{round(value, 2):g}"


@dataclass(frozen=True, slots=True)
class Item:
    """One figure of a drawing. ``value`` None: nothing is known, which is not zero."""

    label: str
    value: Number | None
    unit: str = ""
    note: str = ""

    @property
    def text(self) -> str:
        if self.value is None:
            return NOTHING
        if self.unit == "%":
            return typography.percent(self.value, None)
        text = typography.number(self.value)
        return f"{text}{typography.NBSP}{self.unit}" if self.unit else text

    @property
    def amount(self) -> float:
        return max(float(self.value or 0), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """``key`` is unique in its page: the identifiers of its title and description begin with it."""

    template: ClassVar[str]
    columns: ClassVar[tuple[str, str]] = ("", "Nombre")

    key: str
    title: str

    @property
    def figures(self) -> Sequence[Item]:
        """All that is drawn, for the description and for the table."""
        raise NotImplementedError

    @property
    def description(self) -> str:
        """« Infirmiers : 24 %, médecins : 23 %. »"""
        known = [f"{item.label}{typography.NBSP}: {item.text}" for item in self.figures]
        figures = f"{', '.join(known)}." if known else "Aucune donnée."
        return " ".join([figures, *self.remarks])

    @property
    def remarks(self) -> Sequence[str]:
        """What the description says after the figures."""
        return ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text at its place."""

    text: str
    x: str
    y: str


def lines(texts: Sequence[str], x: float, middle: float, size: float) -> list[Line]:
    """``texts`` under each other, as a block centred on the height ``middle``."""
    leading = size * 1.2
    first = middle - leading * (len(texts) - 1) / 2 + size * 0.34
    return [Line(text, n(x), n(first + leading * rank)) for rank, text in enumerate(texts)]
