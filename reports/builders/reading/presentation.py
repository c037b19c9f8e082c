"""What a team chose for its page: what it leaves out, its logo, its photo."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models.fields.files import FieldFile

from reports.models import SheetLayout


@dataclass(frozen=True)
class Presentation:
    hidden: frozenset[str] = frozenset()
    logo: str = ""
    photo: str = ""


def presentations(teams: Iterable[int], year: int) -> dict[int, Presentation]:
    """By team, of those that chose something."""
    return {
        layout.team_id: Presentation(
            hidden=frozenset(layout.hidden),
            logo=source_of(layout.logo),
            photo=source_of(layout.photo),
        )
        for layout in SheetLayout.objects.for_year(teams, year)
    }


def source_of(picture: FieldFile) -> str:
    """The picture itself, for documents fetch nothing; a file that is gone is left out."""
    if not picture:
        return ""
    try:
        with picture.open("rb") as stored:
            content = stored.read()
    except OSError:
        return ""
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"
