"""How a team presents its Scan'équipe. Lock order: the layout alone."""

from collections.abc import Iterable, Mapping

from django.core.files.base import ContentFile
from django.db import transaction

from members.models import Team
from reports.enums import SheetBlock
from reports.models import SheetLayout

PICTURES = ("logo", "photo")


def layout_of(team: Team, year: int) -> SheetLayout:
    """The choice for the year; else a new one that begins as the last before it, not yet saved."""
    last = SheetLayout.objects.for_year([team.pk], year).first()
    if last is None:
        return SheetLayout(team=team, year=year)
    if last.year == year:
        return last
    return SheetLayout(
        team=team, year=year, hidden=last.hidden, logo=last.logo.name, photo=last.photo.name
    )


@transaction.atomic
def lay_out(
    *, team: Team, year: int, shown: Iterable[str], pictures: Mapping[str, bytes | None]
) -> SheetLayout:
    """``pictures``: a new JPEG, b"" to take it away; what is not given stays as it was.

    A picture that is replaced stays on the disk: pages of earlier years may bear it. Where nothing
    changes nothing is written: the page that was printed stays the one of its year.
    """
    hidden = [block.value for block in SheetBlock if block not in set(shown)]
    begun = layout_of(team, year)
    if _is_as_it_was(begun, hidden, pictures):
        return begun
    SheetLayout.objects.bulk_create([begun], ignore_conflicts=True)
    layout = SheetLayout.objects.select_for_update(no_key=True).get(team=team, year=year)
    layout.hidden = hidden
    for name, content in pictures.items():
        if content:
            getattr(layout, name).save(f"{team.code}-{year}.jpg", ContentFile(content), save=False)
        elif content is not None:
            setattr(layout, name, "")
    layout.save(update_fields=["hidden", "changed_at", *PICTURES])
    return layout


def _is_as_it_was(
    layout: SheetLayout, hidden: Iterable[str], pictures: Mapping[str, bytes | None]
) -> bool:
    """A picture that is sent again is another."""
    changed = [
        name
        for name, content in pictures.items()
        if content or (content is not None and getattr(layout, name))
    ]
    return not changed and set(hidden) == set(layout.hidden)
