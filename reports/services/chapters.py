"""The order of the chapters in the report of a year; without a row, the usual one.

Every change takes the rows of the year under a lock, in the order of their keys.
"""

import hashlib
from collections.abc import Callable

from django.db import transaction

from reports.enums import PRINTED
from reports.models import ChapterOfYear
from reports.models.chapters import ADDED

MOST_ADDED = 20
CLASH = (
    "Ce chapitre a été enregistré par quelqu’un d’autre pendant que vous l’écriviez. Rien de ce que"
    " vous avez tapé n’est perdu : reprenez ce qui doit l’être de l’autre version, montrée plus"
    " bas, puis enregistrez. Elle restera dans l’historique."
)


class ChapterRefused(Exception):
    """The message is shown as it is."""


def _rows(year: int) -> list[ChapterOfYear]:
    """All of them, the usual ones made the first time."""
    usual = [ChapterOfYear(year=year, key=c, position=n) for n, c in enumerate(PRINTED)]
    rows = ChapterOfYear.objects.filter(year=year).order_by("key")
    locked: set[str] = set()
    # The usual order, while one waits for the lock, takes them all away: they are made again.
    while not locked.issuperset(PRINTED):
        ChapterOfYear.objects.bulk_create(usual, ignore_conflicts=True)
        locked = {row.key for row in rows.select_for_update(of=("self",), no_key=True)}
    # Read once more: what somebody added meanwhile is not among those that were waited for.
    return list(ChapterOfYear.objects.of_year(year))


def _change(year: int, key: str, change: Callable[[list[ChapterOfYear], int], None]) -> None:
    with transaction.atomic():
        rows = _rows(year)
        place = next((n for n, row in enumerate(rows) if row.key == key), None)
        if place is None:
            raise ChapterRefused("Ce chapitre vient d’être retiré.")
        change(rows, place)
        for position, row in enumerate(rows):
            row.position = position
        ChapterOfYear.objects.bulk_update(rows, ["position", "is_shown"])


def move(*, year: int, key: str, by: int) -> None:
    """``by``: -1 towards the beginning, +1 towards the end; at an end, nothing moves."""

    def change(rows: list[ChapterOfYear], place: int) -> None:
        other = min(max(place + by, 0), len(rows) - 1)
        rows.insert(other, rows.pop(place))

    _change(year, key, change)


def show(*, year: int, key: str, shown: bool) -> None:
    def change(rows: list[ChapterOfYear], place: int) -> None:
        rows[place].is_shown = shown

    _change(year, key, change)


@transaction.atomic
def add(*, year: int, title: str, body: str) -> ChapterOfYear:
    """A chapter of words alone, at the end; asked for twice, it is there once."""
    rows = _rows(year)
    if same := next((row for row in rows if (row.title, row.body) == (title, body)), None):
        return same
    taken = [int(row.key.removeprefix(ADDED)) for row in rows if row.is_added]
    if len(taken) >= MOST_ADDED:
        raise ChapterRefused(f"{MOST_ADDED} chapitres sont déjà ajoutés : modifiez-en un.")
    key = f"{ADDED}{max(taken, default=0) + 1}"
    return ChapterOfYear.objects.create(
        year=year, key=key, position=rows[-1].position + 1, title=title, body=body
    )


def state_of(chapter: ChapterOfYear) -> str:
    """What the page shows of a chapter, in a few signs: another's writing changes them."""
    return hashlib.sha256(f"{chapter.title}\0{chapter.body}".encode()).hexdigest()[:16]


@transaction.atomic
def rewrite(*, chapter: ChapterOfYear, title: str, body: str, seen: str) -> None:
    """``seen`` is its state as the page showed it: what another wrote meanwhile is not lost."""
    rows = ChapterOfYear.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=chapter.pk).first()
    if row is None:
        raise ChapterRefused("Ce chapitre vient d’être retiré.")
    if state_of(row) != seen and (row.title, row.body) != (title, body):
        raise ChapterRefused(CLASH)
    row.title, row.body = title, body
    row.save(update_fields=["title", "body"])


def remove(*, chapter: ChapterOfYear) -> None:
    """One that was added; its history keeps its words."""
    ChapterOfYear.objects.filter(pk=chapter.pk, key__startswith=ADDED).delete()


def usual_order(*, year: int) -> None:
    """As if nothing had been moved or hidden; chapters that were added follow."""
    with transaction.atomic():
        rows = _rows(year)
        if not any(row.is_added for row in rows):
            ChapterOfYear.objects.filter(year=year).delete()
            return
        keys = [str(chapter) for chapter in PRINTED]
        rows.sort(key=lambda row: keys.index(row.key) if row.key in keys else len(keys))
        for position, row in enumerate(rows):
            row.position, row.is_shown = position, True
        ChapterOfYear.objects.bulk_update(rows, ["position", "is_shown"])
