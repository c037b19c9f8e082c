"""The report as it is drawn, page after page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from apmsl.lib.charts import Drawing, RegionMap
from reports.builders.figures import Box, Chapter, Counted, Figure, Sender, Table, Text
from reports.builders.shown import Shown
from reports.enums import PRINTED
from reports.enums import Chapter as Key

LAST_TERMS = 24  # a third of a page, at least


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    term: str
    meaning: str
    figure: str = ""  # the indicator that it defines


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """Those of the figures of a chapter."""

    title: str
    terms: Sequence[Definition]


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
    def counted(self) -> Counted:
        return Counted(self.figures)

    @property
    def counted_beside_map(self) -> Counted:
        return Counted(self.beside_map)

    @property
    def shown_map(self) -> Shown | None:
        return Shown(self.map) if self.map else None

    @property
    def shown_professions(self) -> Shown | None:
        return Shown(self.professions) if self.professions else None

    @property
    def shown_coordination(self) -> Sequence[Shown]:
        return [Shown(ring) for ring in self.coordination]

    @property
    def shown_practices(self) -> Sequence[Shown]:
        return [Shown(ring) for ring in self.practices]

    @property
    def shown(self) -> Sequence[Shown]:
        first = filter(None, (self.shown_map, self.shown_professions))
        return [*first, *self.shown_coordination, *self.shown_practices]

    @property
    def has_figures(self) -> bool:
        return any(figure.value for figure in (*self.beside_map, *self.figures))

    @property
    def is_empty(self) -> bool:
        return not (self.has_figures or self.intro)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A chapter of words alone."""

    key: str
    title: str
    text: Text
    # Printed where the page before ends, when it has few words.
    follows: bool = True
    table: Table | None = None

    @property
    def is_short(self) -> bool:
        return self.follows and self.text.is_short


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A chapter in its place: it is one of the three."""

    key: str
    title: str
    portrait: Portrait | None = None
    letter: Letter | None = None
    chapter: Chapter | None = None


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
    outlook: Letter | None = None
    added: Sequence[Letter] = ()
    order: Sequence[str] = PRINTED
    check: str = ""  # the address under which each figure has its page
    erratum: str = ""  # which voted version it corrects, and why
    annex: Sequence[Definitions] = ()
    only: str = ""  # a preview: this chapter alone, without cover nor contents

    @property
    def left_boxes(self) -> Sequence[Box]:
        """The spread is two pages that face each other, three boxes on each."""
        return self.boxes[:3]

    @property
    def right_boxes(self) -> Sequence[Box]:
        return self.boxes[3:6]

    @property
    def annex_blocks(self) -> Sequence[Sequence[Definitions]]:
        """The last chapters go over to the last page together: of a few lines it would be bare."""
        first, last = list(self.annex), list[Definitions]()
        while first and sum(len(chapter.terms) for chapter in last) < LAST_TERMS:
            last.insert(0, first.pop())
        return [first, last] if first else [last]

    @property
    def parts(self) -> Sequence[Part]:
        """What has something to print, in its order."""
        found = {part.key: part for part in self._parts()}
        wanted = [self.only] if self.only else self.order
        return [found[key] for key in wanted if key in found]

    def _parts(self) -> Iterator[Part]:
        if self.portrait and not self.portrait.is_empty:
            yield Part(key=Key.MEMBERS, title=str(Key.MEMBERS.label), portrait=self.portrait)
        for letter in self._letters():
            yield Part(key=letter.key, title=letter.title, letter=letter)
        for chapter in self.shown_chapters:
            yield Part(key=chapter.key, title=chapter.title, chapter=chapter)

    def _letters(self) -> Iterator[Letter]:
        if self.foreword:
            yield Letter(
                key=Key.FOREWORD,
                title=str(Key.FOREWORD.label),
                text=self.foreword,
                follows=False,
            )
        if self.outlook:
            yield self.outlook
        yield from self.added

    @property
    def shown_chapters(self) -> Sequence[Chapter]:
        return [chapter for chapter in self.chapters if not chapter.is_empty]
