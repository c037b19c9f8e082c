"""Kinds of action, and series whose numbers run across the years."""

from typing import ClassVar, Self

from django.db import models

from apmsl.lib.audiences import AudienceField
from events.enums import Category, Counted, ReportChapter, Rhythm
from events.models.standard_kinds import STANDARD

FEMININE = frozenset(
    "assemblée conférence édition formation journée matinée rencontre réunion séance session soirée"
    " visioconférence visite".split()
)


class ActionKindQuerySet(models.QuerySet["ActionKind"]):
    def install(self) -> None:
        """The standard ones that are missing; those that the staff has changed stay as they are."""
        self.bulk_create(
            (
                self.model(
                    code=code,
                    label=label,
                    category=category,
                    chapter=chapter,
                    counted=counted,
                    rhythm=rhythm,
                    audiences=audiences,
                    position=position,
                )
                for position, (code, label, category, chapter, counted, rhythm, audiences) in (
                    enumerate(STANDARD, start=1)
                )
            ),
            ignore_conflicts=True,
        )

    def proposed(self) -> Self:
        """Those that a new event may be of."""
        return self.filter(is_active=True).order_by("position", "pk")


class ActionKind(models.Model):
    """What the federation proposes: « Réunion d’information », « Ma MSP en pratique »…"""

    code = models.SlugField("code", max_length=40, unique=True)
    label = models.CharField("libellé", max_length=100)
    category = models.CharField(
        "compté comme",
        max_length=24,
        choices=Category,
        blank=True,
        help_text="La ligne du rapport d’activité ; vide : compté à part.",
    )
    chapter = models.CharField("chapitre du rapport", max_length=20, choices=ReportChapter)
    counted = models.CharField("ce qui est compté", max_length=20, choices=Counted)
    rhythm = models.CharField("durée", max_length=10, choices=Rhythm, default=Rhythm.HALF_DAY)
    audiences = AudienceField(verbose_name="public habituel")
    position = models.PositiveSmallIntegerField("ordre", default=100)
    is_active = models.BooleanField("proposé", default=True)

    objects: ClassVar = ActionKindQuerySet.as_manager()

    class Meta:
        verbose_name = "type d’action"
        verbose_name_plural = "types d’action"

    def __str__(self) -> str:
        return self.label


class Series(models.Model):
    """Events that bear a running number: « 12e journée régionale ». A cancelled one keeps its own."""

    code = models.SlugField("code", max_length=40, unique=True)
    title = models.CharField("titre", max_length=150)
    kind = models.ForeignKey(
        ActionKind, verbose_name="type d’action", on_delete=models.PROTECT, related_name="series"
    )

    class Meta:
        verbose_name = "série"

    def __str__(self) -> str:
        return self.title

    def edition(self, number: int) -> str:
        """« 12e journée régionale », « 1re rencontre », « 1er cycle »."""
        first, _, rest = self.title.partition(" ")
        mark = "e" if number > 1 else "re" if first.lower() in FEMININE else "er"
        return f"{number}{mark} {first.lower()} {rest}".rstrip()
