"""The chapters where the staff put them: those that it hid left out, those that it added, numbers that
follow the order; the actions of each as well. Without a word of it, the usual order."""

from collections.abc import Sequence
from dataclasses import replace

from reports.builders.activity.material import Material, Place
from reports.builders.activity.report import Letter
from reports.builders.figures import Action, Chapter
from reports.enums import PRINTED


def order(material: Material) -> Sequence[str]:
    if not material.places:
        return PRINTED
    return [place.key for place in material.places if place.is_shown]


def added(material: Material) -> Sequence[Letter]:
    return [
        Letter(key=place.key, title=place.title, text=place.text)
        for place in material.places
        if place.text
    ]


def numbered(material: Material, chapters: Sequence[Chapter]) -> Sequence[Chapter]:
    """Fields of action alone have a number, which follows the order and leaves none out."""
    known = {chapter.key: chapter for chapter in chapters}
    ranked = [key for key in order(material) if key in known]
    counted = [key for key in ranked if known[key].number and not known[key].is_empty]
    numbers = {key: f"{rank:02}" for rank, key in enumerate(counted, start=1)}
    return [replace(one, number=numbers.get(one.key, one.number)) for one in chapters]


# -- actions ---------------------------------------------------------------------------------------
def in_order(usual: Sequence[str], placed: Sequence[str]) -> list[str]:
    """Keys of actions as they were placed; one that was not, as a kind that is new this year, follows
    the one that it usually follows."""
    keys = [key for key in placed if key in usual]
    for rank, key in enumerate(usual):
        if key not in keys:
            keys.insert(keys.index(usual[rank - 1]) + 1 if rank else 0, key)
    return keys


def arranged(material: Material, chapter: Chapter) -> Chapter:
    places = {place.key: place for place in material.actions.get(chapter.key, ())}
    if not places:
        return chapter
    known = {action.key: action for action in chapter.actions}
    keys = in_order(list(known), list(places))
    shown = [key for key in keys if key not in places or places[key].is_shown]
    return replace(
        chapter,
        actions=[_titled(known[key], places.get(key)) for key in shown],
        is_arranged=keys != list(known),
    )


def _titled(action: Action, place: Place | None) -> Action:
    return replace(action, title=place.title) if place and place.title else action
