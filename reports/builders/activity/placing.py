"""The chapters where the staff put them: those that it hid left out, those that it added, numbers that
follow the order. Without a word of it, the usual order."""

from collections.abc import Sequence
from dataclasses import replace

from reports.builders.activity.material import Material
from reports.builders.activity.report import Letter
from reports.builders.figures import Chapter
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
