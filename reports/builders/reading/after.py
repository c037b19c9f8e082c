"""What followed the events of the year: what those present thought of them, and pictures.

By the category of the event; by the chapter of its kind where the kind is counted as none; by the kind
itself where the staff tells of it: ``told`` are the keys of the actions that it tells of.
"""

import base64
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from django.db.models.fields.files import FieldFile

from apmsl.lib import pictures, typography
from events.models import Event, EventPhoto
from events.services.surveys import survey_results
from reports.builders.activity.material import Opinion, apart_key, kind_key
from reports.builders.figures import Picture
from reports.builders.reading.meetings import held_events
from reports.indicators import Scope

MOST_PICTURES = 3  # of one action, side by side: the report is no album
WIDEST = 900  # pixels: half a page, printed


def opinions(scope: Scope, told: Collection[str]) -> dict[str, list[Opinion]]:
    """Of events with as many answers as are shown at all."""
    asked = held_events(scope).filter(satisfaction_answers__isnull=False)
    found: dict[str, list[Opinion]] = {}
    for event in asked.distinct().select_related("kind").order_by("starts_on", "pk"):
        results = survey_results(event)
        if results.shown:
            opinion = Opinion(
                title=event.title,
                answers=results.answers,
                mean=results.mean,
                objectives=[
                    (row.objective.text, list(row.counts.values())) for row in results.objectives
                ],
            )
            found.setdefault(_key(event, told), []).append(opinion)
    return found


def photos(scope: Scope, told: Collection[str], *, drawn: bool = True) -> dict[str, list[Picture]]:
    rows = EventPhoto.objects.filter(event__in=held_events(scope)).select_related("event__kind")
    by_key: dict[str, list[EventPhoto]] = {}
    for photo in rows.order_by("position", "event__starts_on", "pk"):
        by_key.setdefault(_key(photo.event, told), []).append(photo)
    return {key: list(_first(chosen, drawn=drawn)) for key, chosen in by_key.items()}


def _first(chosen: Iterable[EventPhoto], *, drawn: bool) -> Iterator[Picture]:
    """The first picture of each event before the second of any."""
    found = (
        picture(
            photo.image,
            drawn=drawn,
            caption=photo.caption,
            where=_where(photo.event),
            credit=photo.credit,
        )
        for photo in chosen
    )
    return islice(filter(None, found), MOST_PICTURES)


def picture(file: FieldFile, *, drawn: bool, **said: str) -> Picture | None:
    """None for a file that is gone, or is no picture. One that is not ``drawn`` says only that it is
    there: its file is not read."""
    content = pictures.redrawn(file, width=WIDEST) if drawn else b""
    if drawn and not content:
        return None
    source = f"data:image/jpeg;base64,{base64.b64encode(content).decode()}" if content else ""
    return Picture(source=source, **said)


def _where(event: Event) -> str:
    """« Angers, 13 avril 2023 »."""
    return ", ".join(filter(None, [event.place, typography.day(event.starts_on)]))


def _key(event: Event, told: Collection[str]) -> str:
    kind = event.kind
    own = kind_key(kind.pk)
    if own in told and kind.code != kind.category:
        return own
    return kind.category or apart_key(kind.chapter)
