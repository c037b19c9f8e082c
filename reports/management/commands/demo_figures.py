"""The figures from outside of the demonstration, with their sources. Run again it changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from apmsl.demo import outside
from reports.builders.dashboard import PLANNED
from reports.models import ExternalFigure


class Command(BaseCommand):
    help = "Donne leur source aux chiffres extérieurs de la démonstration, et ajoute ses repères."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        ours = ExternalFigure.objects.filter(year=outside.YEAR)
        for key, source in outside.SOURCES.items():
            ours.filter(key=key, source="").update(source=source)
        for name, value in outside.PLANNED.items():
            volume = {"value": value, "as_of": outside.LAST_DAY, "source": outside.PLANNED_SOURCE}
            ours.get_or_create(year=outside.YEAR, key=f"{PLANNED}{name}", defaults=volume)
        for landmark in outside.LANDMARKS:
            ours.get_or_create(
                year=outside.YEAR,
                key=landmark.key,
                defaults={
                    "value": landmark.value,
                    "as_of": outside.LAST_DAY,
                    "label": landmark.label,
                    "source": landmark.source,
                    "chapter": landmark.chapter,
                    "unit": landmark.unit,
                },
            )
