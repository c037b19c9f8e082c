"""The material of the activity report."""

from datetime import date

from django.conf import settings

from apmsl.lib import markdown
from members.enums import Department
from members.models import Profession
from reports import indicators
from reports.builders.activity import Material
from reports.builders.figures import Channel, Sender, Text
from reports.builders.reading.lists import lists
from reports.indicators import Scope
from reports.models import ReportText
from toolbox.models import Theme

TAGLINE = "La fédération des maisons de santé pluriprofessionnelles des Pays de la Loire"


def material(year: int, as_of: date) -> Material:
    values = indicators.compute(year, as_of)
    return Material(
        year=year,
        as_of=as_of,
        sender=sender(),
        values=values,
        names=names(),
        texts=texts(year),
        lists=lists(Scope.of(year, as_of), tools=values.get("tools_top5") or []),
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
        ],
    )
