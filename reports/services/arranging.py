"""The actions of a chapter: their order, which are printed, under which titles; without a row, as usual.

A chapter that was never arranged has no row to lock: every change takes an advisory lock of its own.
"""

from collections.abc import Callable

from django.db import connection, transaction

from reports.builders import arranging
from reports.builders.activity import placing
from reports.models import ActionPlace

GONE = "Cette action n’est plus dans ce chapitre."
CLASH = (
    "Ce titre vient d’être changé par quelqu’un d’autre : {title}. Le vôtre n’est pas perdu :"
    " enregistrez à nouveau pour le garder."
)
CLEARED = "c’est le titre habituel"


class ActionRefused(Exception):
    """The message is shown as it is."""


def _lock(year: int, chapter: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"actions:{year}:{chapter}"])


def _change(
    year: int, chapter: str, key: str, change: Callable[[list[ActionPlace], int, set[str]], None]
) -> None:
    """``change`` is given the rows in their order, which of them is meant, and the keys of what is
    printed or hidden: the others are on no page."""
    with transaction.atomic():
        _lock(year, chapter)
        usual = arranging.actions(year, chapter)
        known = {row.key: row for row in ActionPlace.objects.of_chapter(year, chapter)}
        keys = placing.in_order([action.key for action in usual], list(known))
        if key not in keys:
            raise ActionRefused(GONE)
        rows = [known.get(k) or ActionPlace(year=year, chapter=chapter, key=k) for k in keys]
        change(rows, keys.index(key), {action.key for action in usual if not action.is_empty})
        _keep(rows)


def _keep(rows: list[ActionPlace]) -> None:
    for position, row in enumerate(rows):
        row.position = position
    ActionPlace.objects.bulk_create([row for row in rows if row.pk is None])
    kept = [row for row in rows if row.pk is not None]
    ActionPlace.objects.bulk_update(kept, ["position", "is_shown", "title"])


def move(*, year: int, chapter: str, key: str, by: int) -> None:
    """``by``: -1 towards the beginning, +1 towards the end; at an end, nothing moves."""

    def change(rows: list[ActionPlace], place: int, seen: set[str]) -> None:
        other = place + by
        while 0 <= other < len(rows) and rows[other].key not in seen:
            other += by
        if 0 <= other < len(rows):
            rows.insert(other, rows.pop(place))

    _change(year, chapter, key, change)


def show(*, year: int, chapter: str, key: str, shown: bool) -> None:
    def change(rows: list[ActionPlace], place: int, seen: set[str]) -> None:
        rows[place].is_shown = shown

    _change(year, chapter, key, change)


def rename(*, year: int, chapter: str, key: str, title: str, seen: str) -> None:
    """``seen`` is the title that the page showed, empty for the usual one: another's is not replaced
    unknowingly."""

    def change(rows: list[ActionPlace], place: int, _: set[str]) -> None:
        row = rows[place]
        if row.title not in {seen, title}:
            raise ActionRefused(CLASH.format(title=f"« {row.title} »" if row.title else CLEARED))
        row.title = title

    _change(year, chapter, key, change)


@transaction.atomic
def as_usual(*, year: int, chapter: str) -> None:
    """As if nothing had been moved, hidden or renamed; the history keeps what was."""
    _lock(year, chapter)
    ActionPlace.objects.of_chapter(year, chapter).delete()
