"""What a document prints: figures with the words that agree with them, footnotes, lists, texts.

Documents are drawn from these alone: they never query, and anything may be missing (None, empty).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from apmsl.lib import typography
from apmsl.lib.charts import Drawing, Item, Words
from apmsl.lib.typography import Number
from reports.builders.shown import Shown

LONG_TABLE = 8  # rows
MOST_WHOLE = 3  # drawings, table, pictures, testimonies…
MOST_BESIDE = 4  # figures: more would make a column taller than what it stands beside
SHORT_TEXT = 900  # letters, marks of HTML included


@dataclass(frozen=True, slots=True)
class Figure:
    """``one`` and ``many`` are its label: « réunion », « réunions ». ``id`` is the indicator's."""

    id: str
    value: Number | None
    one: str
    many: str = ""
    unit: str = ""
    footnote: str = ""
    detail: str = ""
    also: str = ""  # the indicator of the detail, where it is one of its own

    @property
    def text(self) -> str:
        return Item("", self.value, self.unit).text

    @property
    def label(self) -> str:
        if self.value is None:
            return self.many or self.one
        return typography.agree(self.value, self.one, self.many or self.one)

    @property
    def is_known(self) -> bool:
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Change:
    """A figure beside that of the year before."""

    figure: Figure
    before: Number | None = None
    year_before: int | None = None

    @property
    def text(self) -> str:
        """« 26 en 2022 »; nothing when the year before is not known."""
        if self.before is None or self.year_before is None or not self.figure.is_known:
            return ""
        before = Item("", self.before, self.figure.unit).text
        return f"{before} en{typography.NBSP}{self.year_before}"

    @property
    def difference(self) -> str:
        if not self.text or self.figure.value is None or self.before is None:
            return ""
        difference = float(self.figure.value) - float(self.before)
        return (
            f"{'+' if difference > 0 else ''}{typography.number(difference)}" if difference else "="
        )


@dataclass(frozen=True, slots=True)
class Noted:
    """A figure and the number of its footnote among those printed with it (0: none)."""

    figure: Figure
    mark: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures that are printed together, their footnotes below them."""

    figures: Sequence[Figure]

    @property
    def footnotes(self) -> Sequence[str]:
        return list(dict.fromkeys(one.footnote for one in self.figures if one.footnote))

    @property
    def noted(self) -> Sequence[Noted]:
        return [self.note(figure) for figure in self.figures]

    def note(self, figure: Figure) -> Noted:
        mark = self.footnotes.index(figure.footnote) + 1 if figure.footnote else 0
        return Noted(figure, mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Figures under one title: the first ones large, the others as lines."""

    title: str
    large: Sequence[Figure] = ()
    lines: Sequence[Figure] = ()

    @property
    def shown(self) -> Sequence[Figure]:
        """Of the lines, only what took place."""
        return [*self.large, *(figure for figure in self.lines if figure.value)]

    @property
    def footnotes(self) -> Sequence[str]:
        return Counted(self.shown).footnotes

    @property
    def noted_large(self) -> Sequence[Noted]:
        return Counted(self.shown).noted[: len(self.large)]

    @property
    def noted_lines(self) -> Sequence[Noted]:
        return Counted(self.shown).noted[len(self.large) :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text by the staff, as clean HTML, signed where it has an author."""

    body: str
    author: str = ""

    @property
    def is_short(self) -> bool:
        """A paragraph or two."""
        return len(self.body) < SHORT_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """``head[0]`` names the rows. Cells are text ready to print; numbers stand to the right.

    ``numbers``: all columns but the first; ``ends_in_number``: the last one alone.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: bool = True
    ends_in_number: bool = False
    proof: str = ""  # the indicator whose page says more of what is listed
    proofs: Sequence[Sequence[str]] = ()  # the indicator of each cell that has one

    @property
    def lines(self) -> Sequence[Sequence[tuple[str, str]]]:
        """Each cell with its indicator."""
        proven = zip_longest(self.rows, self.proofs, fillvalue=())
        return [list(zip_longest(row, proofs, fillvalue="")) for row, proofs in proven]

    @property
    def look(self) -> str:
        if self.numbers:
            return "numbers"
        return "last-number" if self.ends_in_number else "words"

    @property
    def has_row_heads(self) -> bool:
        """With one figure a row, a list of pairs reads better without them."""
        return len(self.head) > 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """A figure from outside, ready to print with its source and date."""

    label: str
    text: str
    source: str
    before: str = ""  # the year before, where it was given under the same key


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """``source`` holds the picture itself: documents fetch nothing."""

    source: str
    caption: str
    where: str = ""  # and when
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What somebody says: « Coordinatrice, MSP de Clisson, Clisson (Loire-Atlantique) »."""

    text: str
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the staff wrote of an action, ready to print."""

    objective: str = ""
    allowed: Sequence[str] = ()
    partners: Sequence[str] = ()
    is_new: bool = False
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action of a chapter. Whatever is empty is left out, heading included. What the staff tells
    of it, and where it puts it, is found by its ``key``, which is its own in the chapter."""

    title: str
    key: str = ""
    objective: str = ""
    allowed: Sequence[str] = ()
    partners: Sequence[str] = ()
    quotes: Sequence[Quote] = ()
    clouds: Sequence[Words] = ()
    text: Text | None = None
    figures: Sequence[Figure] = ()
    drawings: Sequence[Drawing] = ()
    said: Sequence[str] = ()  # the indicators of what its sentences say
    table: Table | None = None
    items: Sequence[str] = ()
    note: str = ""
    is_new: bool = False
    # What those present thought of it.
    opinions: Sequence[Table] = ()
    pictures: Sequence[Picture] = ()
    landmarks: Sequence[Landmark] = ()

    @property
    def shown(self) -> Sequence[Shown]:
        return [Shown(drawing) for drawing in self.drawings]

    @property
    def known(self) -> Sequence[Figure]:
        """What is zero did not take place: it says nothing of what was done."""
        return [figure for figure in self.figures if figure.value]

    @property
    def counted(self) -> Counted:
        return Counted(self.known)

    @property
    def is_empty(self) -> bool:
        return not (self.known or self.has_body)

    @property
    def is_half(self) -> bool:
        """Two such actions stand side by side."""
        known = self.known
        return not self.has_body and len(known) <= 3 and all(len(f.text) < 7 for f in known)

    @property
    def is_beside(self) -> bool:
        """The figures stand beside what is tall and narrow: above a list or a table of words."""
        narrow = self.table is None or self.table.numbers
        told = len(self.allowed) + bool(self.objective) >= len(self.known)
        tall = self.text or self.drawings or self.table or (self.is_told and told)
        return bool(0 < len(self.known) <= MOST_BESIDE and tall and narrow)

    @property
    def is_told(self) -> bool:
        return bool(self.objective or self.allowed)

    @property
    def is_long(self) -> bool:
        """It may begin on one page and end on the next: kept whole it would leave the first empty."""
        drawn = (self.drawings, self.table, self.opinions, self.pictures)
        parts = (self.is_told, *drawn, self.quotes, self.clouds)
        rows = len(self.table.rows) if self.table else 0
        return max(rows, len(self.landmarks)) > LONG_TABLE or sum(map(bool, parts)) > MOST_WHOLE

    @property
    def look(self) -> str:
        """« long » may go on over the page; « two » has nothing but two drawings, side by side."""
        looks = {
            "beside": self.is_beside,
            "long": self.is_long,
            "two": len(self.drawings) == 2 and not (self.known or self.table),
        }
        return " ".join(look for look, applies in looks.items() if applies)

    @property
    def has_body(self) -> bool:
        """Something to set beside the figures, or in their place."""
        printed = (self.text, self.drawings, self.table, self.items, self.landmarks)
        told = (self.is_told, self.partners, self.quotes, self.clouds)
        return any((*printed, *told, self.opinions, self.pictures))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    name: str
    role: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleGroup:
    title: str
    people: Sequence[Person]

    @property
    def is_short(self) -> bool:
        """Names and roles alone: four in a row."""
        return not any(person.detail for person in self.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """``number`` « 01 » … for a field of action, empty for the others."""

    key: str
    title: str
    number: str = ""
    intro: Text | None = None
    highlights: Sequence[Figure] = ()
    actions: Sequence[Action] = ()
    groups: Sequence[PeopleGroup] = ()
    quotes: Sequence[Quote] = ()
    clouds: Sequence[Words] = ()
    is_arranged: bool = False  # the staff gave its actions another order

    @property
    def shown_groups(self) -> Sequence[PeopleGroup]:
        return [group for group in self.groups if group.people]

    @property
    def shown_actions(self) -> Sequence[Action]:
        return [action for action in self.actions if not action.is_empty]

    @property
    def rows(self) -> Sequence[Sequence[Action]]:
        """The actions one under the other, small ones in pairs: the second joins the first, from
        further below too where nobody asked for an order."""
        rows: list[list[Action]] = []
        waiting: list[Action] | None = None
        for action in self.shown_actions:
            if action.is_half and waiting is not None:
                waiting.append(action)
                waiting = None
            else:
                rows.append([action])
                kept = None if self.is_arranged else waiting
                waiting = rows[-1] if action.is_half else kept
        return rows

    @property
    def shown_highlights(self) -> Sequence[Figure]:
        return [figure for figure in self.highlights if figure.value]

    @property
    def counted(self) -> Counted:
        return Counted(self.shown_highlights)

    @property
    def is_empty(self) -> bool:
        told = (self.quotes, self.clouds)
        shown = (self.shown_highlights, self.shown_actions, self.shown_groups, *told)
        return not (self.intro or any(shown))

    @property
    def is_short(self) -> bool:
        """Figures alone, on a row or two: it needs no page of its own."""
        if (
            self.shown_groups
            or self.quotes
            or self.clouds
            or (self.intro and not self.intro.is_short)
        ):
            return False
        return len(self.rows) <= 2 and not any(action.has_body for action in self.shown_actions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where the federation can be found: « Le site », « www.apmsl.fr »."""

    label: str
    value: str
    url: str = ""
    icon: str = "globe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who publishes the document."""

    name: str
    tagline: str = ""
    channels: Sequence[Channel] = field(default_factory=tuple)
