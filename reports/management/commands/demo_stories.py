"""What the demonstration's report tells beside its figures: its actions, precisions, testimonies,
pictures. Run again it changes nothing.
"""

from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand
from django.db import transaction

from apmsl.demo import stories
from apmsl.lib import pdf
from events.models import Event, EventPhoto
from members.models import Team
from reports.models import ActionOfYear, FigureNote, Testimony, WordCloud

YEAR = 2023
CREDIT = "Dessin de démonstration"


class Command(BaseCommand):
    help = "Raconte les actions du rapport de la démonstration."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for key, story in stories.STORIES.items():
            ActionOfYear.objects.get_or_create(year=YEAR, key=key, defaults=story._asdict())
        for figure, text in stories.NOTES.items():
            FigureNote.objects.get_or_create(year=YEAR, figure=figure, defaults={"text": text})
        for cloud in stories.CLOUDS:
            WordCloud.objects.get_or_create(year=YEAR, **cloud._asdict())
        teams = list(Team.objects.members_of(YEAR, date(YEAR, 12, 31)).by_name())
        for said in stories.TESTIMONIES:
            _quote(said, teams)
        for category, caption, name in stories.PICTURES:
            _picture(category, caption, name)


def _quote(said: stories.Said, teams: list[Team]) -> None:
    team = teams[said.team % len(teams)] if teams and said.team is not None else None
    Testimony.objects.get_or_create(
        year=YEAR,
        subject=said.subject,
        body=said.body,
        defaults={
            "author": said.author,
            "role": said.role,
            "team": team,
            "organisation": said.organisation,
            "agreed_on": date(YEAR, 11, 20),
        },
    )


def _picture(category: str, caption: str, name: str) -> None:
    held = Event.objects.held().filter(kind__category=category, starts_on__year=YEAR)
    event = held.order_by("starts_on", "pk").first()
    if event is None or event.photos.filter(caption=caption).exists():
        return
    photo = EventPhoto(event=event, caption=caption, credit=CREDIT)
    drawn = pdf.picture(stories.drawing(name), width=900)
    photo.image.save(f"{name}.png", ContentFile(drawn), save=True)
