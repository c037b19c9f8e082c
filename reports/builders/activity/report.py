"""The report as it is drawn, page after page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from apmsl.lib.charts import Drawing, RegionMap
from reports.builders.figures import Box, Chapter, Figure, Sender, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    term: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """The member teams: a map on the left page, their key figures on the right one."""

    intro: Text | None = None
    map: RegionMap | None = None
    beside_map: Sequence[Figure] = ()
    figures: Sequence[Figure] = ()
    professions: Drawing | None = None
    coordination: Sequence[Drawing] = ()
    practices: Sequence[Drawing] = ()
    base: str = ""
    note: str = ""

    @property
    def has_figures(self) -> bool:
        return any(figure.value for figure in (*self.beside_map, *self.figures))

    @property
    def is_empty(self) -> bool:
        return not (self.has_figures or self.intro)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityReport:
    year: int
    as_of: date
    sender: Sender
    cover: RegionMap
    boxes: Sequence[Box] = ()
    definitions: Sequence[Definition] = ()
    portrait: Portrait | None = None
    foreword: Text | None = None
    chapters: Sequence[Chapter] = ()
    outlook: Text | None = None

    @property
    def left_boxes(self) -> Sequence[Box]:
        """The spread is two pages that face each other, three boxes on each."""
        return self.boxes[:3]

    @property
    def right_boxes(self) -> Sequence[Box]:
        return self.boxes[3:6]

    @property
    def shown_chapters(self) -> Sequence[Chapter]:
        return [chapter for chapter in self.chapters if not chapter.is_empty]
