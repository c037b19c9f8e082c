"""How each figure that the report prints is counted, chapter by chapter: the annex."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from reports import indicators
from reports.builders.activity.report import ActivityReport, Definition, Definitions, Portrait
from reports.builders.figures import Action, Chapter, Figure

# What the pages of the member teams say otherwise than by a figure: maps, drawings, sentences.
_PORTRAIT = (
    "coordinators",
    "teams_with_pair_pct",
    "scans_answered",
    "scans_answered_pct",
)


def annex(report: ActivityReport, breaks: Mapping[str, Sequence[str]]) -> list[Definitions]:
    """In the order of the indicators: those of a chapter may be printed in another. ``breaks`` of a
    figure are told after its definition."""
    printed = set(_printed(report))
    found = []
    for chapter, declared in indicators.by_chapter().items():
        terms = [
            Definition(
                term=one.title,
                meaning=" ".join([one.definition, *breaks.get(one.id, [])]),
                figure=one.id,
            )
            for one in declared
            if one.id in printed
        ]
        if terms:
            found.append(Definitions(title=str(chapter.label), terms=terms))
    return found


def _printed(report: ActivityReport) -> Iterator[str]:
    for box in report.boxes:
        yield from _ids(box.shown)
    for part in report.parts:
        if part.portrait:
            yield from _of_portrait(part.portrait)
        elif part.chapter:
            yield from _of_chapter(part.chapter)


def _of_portrait(portrait: Portrait) -> Iterator[str]:
    yield from _ids([*portrait.beside_map, *portrait.figures])
    yield from (one.proof for one in portrait.shown)
    if portrait.has_figures:
        yield from _PORTRAIT


def _of_chapter(chapter: Chapter) -> Iterator[str]:
    yield from _ids(chapter.shown_highlights)
    for action in chapter.shown_actions:
        yield from _of_action(action)


def _of_action(action: Action) -> Iterator[str]:
    yield from _ids(action.known)
    yield from (*(one.proof for one in action.shown), *action.said)
    if action.table:
        yield action.table.proof
        yield from chain.from_iterable(action.table.proofs)


def _ids(figures: Sequence[Figure]) -> Iterator[str]:
    for figure in figures:
        yield from (figure.id, figure.also)
