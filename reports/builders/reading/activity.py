"""The material of the activity report."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.conf import settings
from django.urls import reverse

from apmsl.lib import markdown
from members.enums import Department
from members.models import Profession
from reports import indicators
from reports.builders.activity import Material
from reports.builders.activity.material import Place
from reports.builders.figures import Channel, Sender, Text
from reports.builders.reading.lists import lists
from reports.builders.reading.stories import breaks, notes
from reports.enums import PRINTED
from reports.indicators import Scope
from reports.indicators.few import of_too_few
from reports.models import ActionPlace, ChapterOfYear, ReportText
from toolbox.models import Theme

MOST_CHANNELS = 3  # beside the portal, the mail and the address: two columns of three
TAGLINE = "La fédération des maisons de santé pluriprofessionnelles des Pays de la Loire"


def material(year: int, as_of: date, *, drawn: bool = True) -> Material:
    """Pictures weigh: who asks only what there is to print has them not ``drawn``."""
    values, written = indicators.compute(year, as_of), texts(year)
    scope = Scope.of(year, as_of)
    return Material(
        year=year,
        as_of=as_of,
        sender=sender(),
        check=f"{settings.PORTAL_URL.rstrip('/')}{reverse('reports:checks', args=[year])}",
        values=values,
        withheld=of_too_few(scope),
        names=names(),
        texts=written,
        notes=notes(year),
        breaks=breaks(year),
        places=places(year, written),
        actions=actions(year),
        lists=lists(scope, tools=values.get("tools_top5") or [], drawn=drawn),
    )


def names() -> dict[str, str]:
    """Codes of the breakdowns in French."""
    return {
        **dict(Department.choices),
        **dict(Profession.objects.values_list("code", "label")),
        **dict(Theme.objects.values_list("code", "label")),
    }


def texts(year: int) -> dict[str, Text]:
    written = ReportText.objects.written().filter(year=year)
    return {
        # Below the title of the chapter.
        text.chapter: Text(body=markdown.to_html(text.body, top=3), author=text.signature)
        for text in written
    }


def places(year: int, texts: Mapping[str, Text]) -> list[Place]:
    """Nothing where the staff changed nothing."""
    rows = list(ChapterOfYear.objects.of_year(year))
    if not rows:
        return []
    known = {row.key for row in rows}
    new = [Place(key=c, title=str(c.label)) for c in PRINTED if c not in known]
    return [*(_place(row, texts) for row in rows), *new]


def _place(row: ChapterOfYear, texts: Mapping[str, Text]) -> Place:
    written = texts.get(row.key) if row.is_added else None
    return Place(key=row.key, title=row.name, is_shown=row.is_shown, text=written)


def actions(year: int) -> dict[str, list[Place]]:
    """Of the chapters whose actions the staff moved, hid or renamed."""
    found: dict[str, list[Place]] = {}
    for row in ActionPlace.objects.of_year(year):
        place = Place(key=row.key, title=row.title, is_shown=row.is_shown)
        found.setdefault(row.chapter, []).append(place)
    return found


def sender() -> Sender:
    address = settings.PORTAL_URL.split("://")[-1].rstrip("/")
    return Sender(
        name=settings.FEDERATION_NAME,
        tagline=TAGLINE,
        channels=[
            Channel(label="Le portail", value=address, url=settings.PORTAL_URL),
            Channel(
                label="Écrire",
                value=settings.DEFAULT_FROM_EMAIL,
                url=f"mailto:{settings.DEFAULT_FROM_EMAIL}",
                icon="mail",
            ),
            *_elsewhere(),
        ],
    )


def _elsewhere() -> Iterator[Channel]:
    """As many as the page has room for, and the postal address."""
    for label, url in list(settings.FEDERATION_CHANNELS.items())[:MOST_CHANNELS]:
        icon = "video" if "youtube" in url or "dailymotion" in url else "network"
        shown = url.removeprefix("https://").removeprefix("www.").rstrip("/")
        yield Channel(label=label, value=shown, url=url, icon=icon)
    if settings.FEDERATION_ADDRESS:
        written = ", ".join(line.strip() for line in settings.FEDERATION_ADDRESS.split(" / "))
        yield Channel(label="Venir", value=written, icon="pin")
