"""The order of the chapters in the report of a year; without a row, the usual one.

Every change takes the rows of the year under a lock, in the order of their keys.
"""

from collections.abc import Callable

from django.db import transaction

from reports.enums import PRINTED
from reports.models import ChapterOfYear, ReportText
from reports.models.chapters import ADDED

MOST_ADDED = 20
REMOVED = "Ce chapitre vient d’être retiré."
CLASH = (
    "Ce titre vient d’être changé en « {title} » par quelqu’un d’autre. Le vôtre n’est pas perdu :"
    " enregistrez à nouveau pour le garder."
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
            raise ChapterRefused(REMOVED)
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
def add(*, year: int, title: str) -> ChapterOfYear:
    """A chapter of words alone, at the end: its text is written as the others are. Asked for twice, it
    is there once."""
    rows = _rows(year)
    if same := next((row for row in rows if row.title == title), None):
        return same
    taken = [int(row.key.removeprefix(ADDED)) for row in rows if row.is_added]
    if len(taken) >= MOST_ADDED:
        raise ChapterRefused(f"{MOST_ADDED} chapitres sont déjà ajoutés : modifiez-en un.")
    key = f"{ADDED}{max(taken, default=0) + 1}"
    return ChapterOfYear.objects.create(
        year=year, key=key, position=rows[-1].position + 1, title=title
    )


@transaction.atomic
def rename(*, chapter: ChapterOfYear, title: str, seen: str) -> None:
    """``seen`` is the title that the page showed: another's is not replaced unknowingly."""
    rows = ChapterOfYear.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=chapter.pk).first()
    if row is None:
        raise ChapterRefused(REMOVED)
    if row.title not in {seen, title}:
        raise ChapterRefused(CLASH.format(title=row.title))
    row.title = title
    row.save(update_fields=["title"])


@transaction.atomic
def remove(*, chapter: ChapterOfYear) -> None:
    """One that was added, its text with it; their history keeps their words."""
    removed, _ = ChapterOfYear.objects.filter(pk=chapter.pk, key__startswith=ADDED).delete()
    if removed:
        ReportText.objects.filter(year=chapter.year, chapter=chapter.key).delete()


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
