"""The actions of a chapter for whoever puts them in order: those that are printed, and those hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from apmsl.lib.dates import reference_day
from reports.builders import reading
from reports.builders.activity import chapters, placing
from reports.builders.figures import Action
from reports.models import ActionPlace


@dataclass(frozen=True, kw_only=True)
class Line:
    """``usual`` is the title that it has where the staff gave it none."""

    key: str
    usual: str
    title: str = ""
    is_shown: bool = True

    @property
    def name(self) -> str:
        return self.title or self.usual


def actions(year: int, chapter: str) -> Sequence[Action]:
    """All that the chapter may print, in the usual order, empty ones too."""
    material = reading.material(year, reference_day(year), drawn=False)
    found = next(one for one in chapters.usual(material) if one.key == chapter)
    return found.actions


def lines(year: int, chapter: str) -> list[Line]:
    """In their order; without those that have nothing to print."""
    known = {action.key: action for action in actions(year, chapter)}
    rows = {row.key: row for row in ActionPlace.objects.of_chapter(year, chapter)}
    keys = placing.in_order(list(known), list(rows))
    return [_line(known[key], rows.get(key)) for key in keys if not known[key].is_empty]


def _line(action: Action, row: ActionPlace | None) -> Line:
    if row is None:
        return Line(key=action.key, usual=action.title)
    return Line(key=action.key, usual=action.title, title=row.title, is_shown=row.is_shown)
