"""What the report of a year still lacks, chapter by chapter, and the page that mends it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.http import urlencode

from apmsl.lib import typography
from apmsl.lib.dates import reference_day, today
from members.access import STAFF
from members.models import ScanForm, User
from reports import indicators
from reports.builders import activity, screen
from reports.builders.activity import Material
from reports.builders.activity.chapters import usual
from reports.builders.activity.material import kind_key
from reports.builders.activity.shared import TOGETHER
from reports.builders.dashboard import PLANNED
from reports.builders.figures import Action
from reports.builders.figures import Chapter as Printed
from reports.builders.reading import material as read
from reports.enums import Chapter, TextStatus
from reports.indicators import Indicator, Reading, Scope
from reports.indicators.categories import ACCOMPANIMENTS, EVENTS
from reports.indicators.outside import WORDS
from reports.indicators.teams import constituted_teams, has_sent_a_scan
from reports.models import ActionOfYear, ChapterOfYear, ExternalFigure, ReportText
from reports.models.actions import can_be_told


class Lack(StrEnum):
    """The value is its anchor on the page."""

    TEXT = "textes"
    FIGURE = "chiffres"
    ACTION = "actions"
    SCAN = "formulaires"
    SOURCE = "sources"

    def counted(self, count: int) -> str:
        """« 3 textes à écrire »."""
        return typography.plural(count, *_WORDS[self])


_WORDS = {
    Lack.TEXT: ("texte à écrire ou à relire", "textes à écrire ou à relire"),
    Lack.FIGURE: ("chiffre à zéro ou sans valeur", "chiffres à zéro ou sans valeur"),
    Lack.ACTION: (
        "action du rapport sans photo ou sans objectif",
        "actions du rapport sans photo ou sans objectif",
    ),
    Lack.SCAN: ("Scan’équipe non transmis", "Scan’équipe non transmis"),
    Lack.SOURCE: ("chiffre extérieur sans source", "chiffres extérieurs sans source"),
}


@dataclass(frozen=True, kw_only=True)
class Gap:
    """``url`` leads to where it is mended, or to what tells of it for those who may not."""

    lack: Lack
    chapter: str  # a ``Chapter``, or the key of one that was added
    title: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Heap:
    """The gaps of one kind in a chapter."""

    lack: Lack
    gaps: Sequence[Gap]
    list_url: str = ""  # all of them, where there is such a list

    @property
    def title(self) -> str:
        return self.lack.counted(len(self.gaps))


@dataclass(frozen=True, kw_only=True)
class ChapterGaps:
    key: str
    title: str
    heaps: Sequence[Heap]


@dataclass(frozen=True, kw_only=True)
class Missing:
    chapters: Sequence[ChapterGaps]
    counts: Sequence[tuple[Lack, int, str]]  # how many, and in words without the number


def missing(year: int, *, user: User) -> Missing:
    """The staff mends in the admin, which the board may not open."""
    as_of, by_staff = reference_day(year), STAFF.allows(user)
    material = read(year, as_of, drawn=False)
    gaps = [
        *_texts(year),
        *_figures(material, by_staff=by_staff),
        *_actions(material, by_staff=by_staff),
        *_scans(Scope.of(year, as_of)),
        *_sources(year, by_staff=by_staff),
    ]
    chapters = [
        ChapterGaps(key=key, title=title, heaps=heaps)
        for key, title in _chapters(year)
        if (heaps := _heaps(gaps, key, year, by_staff=by_staff))
    ]
    return Missing(chapters=chapters, counts=list(_counts(gaps)))


def _chapters(year: int) -> list[tuple[str, str]]:
    """Those of every year, then those that were added to this one."""
    added = ChapterOfYear.objects.of_year(year).added()
    return [*Chapter.choices, *added.values_list("key", "title")]


def _counts(gaps: Sequence[Gap]) -> Iterator[tuple[Lack, int, str]]:
    for lack in Lack:
        count = sum(gap.lack == lack for gap in gaps)
        yield lack, count, typography.agree(count, *_WORDS[lack])


def _heaps(gaps: Iterable[Gap], chapter: str, year: int, *, by_staff: bool) -> list[Heap]:
    inside = [gap for gap in gaps if gap.chapter == chapter]
    found = {lack: [gap for gap in inside if gap.lack == lack] for lack in Lack}
    lists = {Lack.SCAN: _late_teams()} if by_staff and year == today().year else {}
    return [
        Heap(lack=lack, gaps=of_kind, list_url=lists.get(lack, ""))
        for lack, of_kind in found.items()
        if of_kind
    ]


def _late_teams() -> str:
    return f"{reverse('admin:members_team_changelist')}?suivi=formulaire"


# -- texts -----------------------------------------------------------------------------------------
def _texts(year: int) -> Iterator[Gap]:
    """What is not printed may wait."""
    texts = ReportText.objects.filter(year=year).values_list("chapter", "status")
    known = dict(texts)
    hidden = set(ChapterOfYear.objects.of_year(year).hidden().values_list("key", flat=True))
    if Chapter.NETWORK in hidden:
        hidden.add(Chapter.TRAINING)  # which is told within it
    for chapter, title in _chapters(year):
        status = TextStatus(known.get(chapter, TextStatus.TO_WRITE))
        if status != TextStatus.READY and chapter not in hidden:
            yield Gap(
                lack=Lack.TEXT,
                chapter=chapter,
                title=title,
                note=status.label.lower(),
                url=reverse("reports:text", args=[year, chapter]),
            )


# -- figures ---------------------------------------------------------------------------------------
# Of what did not take place, one line is enough; a meeting where nobody was present, or that counts
# nobody, is one more.
_DETAILS = {
    f"{kind}_{measure}": (kind, measure)
    for kinds, columns in (
        (EVENTS, screen.EVENT_COLUMNS),
        (ACCOMPANIMENTS, screen.ACCOMPANIMENT_COLUMNS),
    )
    for kind in kinds
    for measure in columns
    if measure != "count"
}


def _figures(material: Material, *, by_staff: bool) -> Iterator[Gap]:
    known = [one for one in indicators.REGISTRY.values() if one.id in material.values]
    found = {one.id: Reading(one, material.values[one.id]) for one in known}
    aside = _set_aside(material)
    for reading in found.values():
        waited_for = reading.id not in aside and not _follows(reading, found)
        if waited_for and _says_nothing(reading.value):
            yield Gap(
                lack=Lack.FIGURE,
                chapter=reading.indicator.chapter,
                title=reading.indicator.title,
                note="zéro" if reading.value == 0 else "sans valeur",
                url=_where_to_count(reading, material.year, by_staff=by_staff),
            )


def _set_aside(material: Material) -> set[str]:
    """Figures that hidden actions alone would say."""
    if not material.actions:
        return set()
    made, report = usual(material), activity.compose(material)
    large = {figure.id for chapter in made for figure in chapter.highlights}
    glance = {figure.id for box in report.boxes for figure in (*box.large, *box.lines)}
    return _said(made) - _said(report.chapters) - large - glance


def _said(told: Iterable[Printed]) -> set[str]:
    actions = [action for chapter in told for action in chapter.actions]
    return {figure.id for action in actions for figure in action.figures}


def _says_nothing(value: Any) -> bool:
    return not any(value.values()) if isinstance(value, dict) else not value


def _follows(reading: Reading, found: dict[str, Reading]) -> bool:
    """A detail of what took place and need not be more than zero, or of what did not take place."""
    if reading.id not in _DETAILS:
        return False
    kind, measure = _DETAILS[reading.id]
    counted = found.get(f"{kind}_count")
    return measure != "participations" or counted is None or not counted.value


def _where_to_count(reading: Reading, year: int, *, by_staff: bool) -> str:
    if by_staff and reading.id in WORDS and reading.value is None:
        return _add(ExternalFigure, year=year, key=reading.id)
    return reverse("reports:indicator", args=[year, reading.id])


# -- actions ---------------------------------------------------------------------------------------
def _actions(material: Material, *, by_staff: bool) -> Iterator[Gap]:
    """Of what is printed, each action once: its objective and its picture are written in one place."""
    written = {row.key: row for row in ActionOfYear.objects.filter(year=material.year)}
    page = reverse("reports:year", args=[material.year])
    for chapter, action, lacks in _untold(material):
        row = written.get(action.key)
        mend = _change(row) if row else _add(ActionOfYear, year=material.year, key=action.key)
        yield Gap(
            lack=Lack.ACTION,
            chapter=chapter,
            title=action.title,
            note=typography.listing(lacks),
            url=mend if by_staff else f"{page}?{urlencode({'chapitre': chapter})}",
        )


def _untold(material: Material) -> Iterator[tuple[str, Action, list[str]]]:
    for part in activity.compose(material).parts:
        told = part.chapter.shown_actions if part.chapter else ()
        for action in told:
            has = {"sans photo": action.pictures, "sans objectif": action.objective}
            lacks = [words for words, found in has.items() if not found]
            if can_be_told(action.key) and lacks:
                yield part.key, action, lacks
        if TOGETHER not in {action.key for action in told}:
            continue
        for kind in material.lists.kinds:
            # In a table with others until it is told: a picture would stand below all of them.
            key = kind_key(kind.key)
            if screen.CHAPTERS[kind.chapter] == part.key and key not in material.lists.stories:
                yield part.key, Action(key=key, title=kind.label), ["sans objectif"]


# -- forms and sources -----------------------------------------------------------------------------
def _scans(scope: Scope) -> Iterator[Gap]:
    """Of constituted member teams, once there is a form."""
    if not ScanForm.objects.filter(year=scope.year).exists():
        return
    late = constituted_teams(scope).exclude(has_sent_a_scan(scope))
    for team in late.order_by("sort_name", "pk"):
        yield Gap(
            lack=Lack.SCAN, chapter=Chapter.MEMBERS, title=team.name, url=team.get_absolute_url()
        )


def _sources(year: int, *, by_staff: bool) -> Iterator[Gap]:
    for figure in ExternalFigure.objects.filter(year=year, source="").order_by("key"):
        known = indicators.REGISTRY.get(figure.key)
        url = reverse("reports:indicator", args=[year, known.id]) if known else ""
        yield Gap(
            lack=Lack.SOURCE,
            chapter=_chapter_of(figure, known),
            title=figure.label or (known.title if known else _unlabelled(figure.key)),
            url=_change(figure) if by_staff else url,
        )


def _unlabelled(key: str) -> str:
    """Never the bare key, which says nothing to a reader."""
    planned = indicators.REGISTRY.get(key.removeprefix(PLANNED))
    if planned and key.startswith(PLANNED):
        return typography.typeset(f"Prévu au CPOM : {planned.title}")
    if key == "region_population":
        return "Population de la région"
    return typography.typeset(f"Chiffre extérieur sans libellé, de clé « {key} »")


def _chapter_of(figure: ExternalFigure, known: Indicator | None) -> Chapter:
    """Where it is printed; what only serves to compute another is told with the teams."""
    if figure.chapter:
        return Chapter(figure.chapter)
    return known.chapter if known else Chapter.MEMBERS


# -- pages of the admin ----------------------------------------------------------------------------
def _add(model: type[Model], **given: Any) -> str:
    return f"{reverse(f'admin:{model._meta.app_label}_{model._meta.model_name}_add')}?{urlencode(given)}"


def _change(record: Model) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])
