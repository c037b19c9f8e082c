"""The slides of the general meeting: the figures of the activity report, few to a screen.

They say nothing of their own. What the report leaves out for want of records is left out here too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from math import ceil

from django.template.loader import render_to_string

from apmsl.lib.charts import Drawing
from reports.builders.activity import ActivityReport
from reports.builders.activity.report import Part, Portrait
from reports.builders.figures import Action, Chapter, Figure, Picture, Text
from reports.enums import Chapter as ReportKey

MOST_FIGURES = 3  # what an audience reads while somebody speaks
MOST_LINES = 6
MOST_PARTS = 4
_FIRST_PARAGRAPH = re.compile(r"<p>.*?</p>", re.DOTALL)


class Layout(StrEnum):
    """How a slide is laid out: the name of its class."""

    OPENING = "opening"  # of a chapter
    FIGURES = "figures"
    MAP = "map"
    LINES = "list"
    BESIDE = "shown"  # a drawing or a picture, and figures beside it
    GRID = "grid"  # several small actions
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    layout: Layout
    title: str
    number: str = ""  # of the chapter
    above: str = ""  # the chapter to which it belongs
    is_new: bool = False
    figures: Sequence[Figure] = ()
    lines: Sequence[Figure] = ()
    drawing: Drawing | None = None
    picture: Picture | None = None
    text: Text | None = None
    parts: Sequence[Action] = ()


def html(report: ActivityReport) -> str:
    context = {"report": report, "slides": list(slides(report))}
    return render_to_string("reports/pdf/slides.html", context)


def slides(report: ActivityReport) -> Iterator[Slide]:
    """In the order of the report; its cover and its last page are the template's."""
    for box in report.boxes:
        large, lines = _counted(box.large), _counted(box.lines)
        if large or lines:
            yield Slide(
                layout=Layout.FIGURES if large else Layout.LINES,
                title=box.title,
                above="En un coup d’œil",
                figures=large[:MOST_FIGURES],
                lines=lines[:MOST_LINES],
            )
    for part in report.parts:
        yield from _part(part, report.year)


def _part(part: Part, year: int) -> Iterator[Slide]:
    if part.portrait:
        yield from _portrait(part.portrait, part.title, year)
    elif part.chapter and part.chapter.number:
        yield from _chapter(part.chapter)
    elif part.letter and part.key != ReportKey.FOREWORD:  # it is said, not shown
        yield Slide(layout=Layout.WORDS, title=part.title, text=_beginning(part.letter.text))


def _portrait(portrait: Portrait, above: str, year: int) -> Iterator[Slide]:
    if portrait.map is not None:
        figures = _counted(portrait.beside_map)[:MOST_FIGURES]
        title = f"Où sont les équipes en {year}"
        yield Slide(
            layout=Layout.MAP, title=title, above=above, figures=figures, drawing=portrait.map
        )
    if lines := _counted(portrait.figures):
        yield Slide(
            layout=Layout.FIGURES,
            title="Le portrait des équipes",
            above=above,
            figures=lines[:MOST_FIGURES],
            lines=lines[MOST_FIGURES : MOST_FIGURES + MOST_LINES],
        )


def _chapter(chapter: Chapter) -> Iterator[Slide]:
    yield Slide(
        layout=Layout.OPENING,
        title=chapter.title,
        number=chapter.number,
        figures=chapter.shown_highlights[:MOST_FIGURES],
    )
    shown = [one for one in chapter.shown_actions if one.known or one.drawings or one.pictures]
    for is_small, together in groupby(shown, key=_is_small):
        actions = list(together)
        if is_small and len(actions) > 1:
            yield from _grids(chapter, actions)
        else:
            yield from (_action(chapter, action) for action in actions)


def _is_small(action: Action) -> bool:
    return len(action.known) <= MOST_FIGURES and not (action.drawings or action.pictures)


def _grids(chapter: Chapter, actions: Sequence[Action]) -> Iterator[Slide]:
    """As few slides as hold them, each as full as the others."""
    count = ceil(len(actions) / MOST_PARTS)
    for rank in range(count):
        parts = actions[rank * len(actions) // count : (rank + 1) * len(actions) // count]
        yield Slide(layout=Layout.GRID, title=chapter.title, parts=parts)


def _action(chapter: Chapter, action: Action) -> Slide:
    drawing = action.drawings[0] if action.drawings else None
    picture = action.pictures[0] if action.pictures and drawing is None else None
    return Slide(
        layout=Layout.BESIDE if drawing or picture else Layout.FIGURES,
        title=action.title,
        above=chapter.title,
        is_new=action.is_new,
        figures=action.known[:MOST_FIGURES],
        lines=action.known[MOST_FIGURES : MOST_FIGURES + MOST_LINES],
        drawing=drawing,
        picture=picture,
    )


def _counted(figures: Sequence[Figure]) -> list[Figure]:
    """What is zero did not take place."""
    return [figure for figure in figures if figure.value]


def _beginning(text: Text) -> Text:
    """The whole of a short text; of a long one, its first paragraph."""
    first = None if text.is_short else _FIRST_PARAGRAPH.search(text.body)
    return Text(body=first[0], author=text.author) if first else text
