"""What people answered in a word or two, printed as a cloud in the chapter or with the action."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from apmsl.lib import words
from apmsl.lib.history import tracked
from reports.models.actions import SUBJECTS

FEWEST = 3  # different words: fewer make no cloud


@tracked()
class WordCloud(models.Model):
    """The answers to one question, without the names of those who gave them."""

    year = models.PositiveSmallIntegerField("année")
    subject = models.CharField("à propos de", max_length=40, choices=SUBJECTS)
    title = models.CharField(
        "titre",
        max_length=120,
        help_text="La question, et qui a répondu : « L’APMSL en un mot, par l’équipe salariée ».",
    )
    answers = models.TextField(
        "réponses",
        max_length=20_000,
        help_text="Une par ligne, ou séparées par des virgules, sans aucun nom. Une réponse donnée"
        " cinq fois s’écrit cinq fois, ou « écoute x 5 ».",
    )

    class Meta:
        verbose_name = "nuage de mots"
        verbose_name_plural = "nuages de mots"
        constraints = [
            models.CheckConstraint(
                name="wordcloud_year_plausible",
                condition=Q(year__range=(2000, 2100)),
                violation_error_message="L’année doit être comprise entre 2000 et 2100.",
            ),
            models.CheckConstraint(
                name="wordcloud_says_something",
                condition=~Q(title="") & ~Q(answers=""),
                violation_error_message="Un nuage a un titre et des réponses.",
            ),
            models.UniqueConstraint(
                name="wordcloud_one_of_a_title",
                fields=["year", "subject", "title"],
                violation_error_message="Ce nuage est déjà là pour cette année : complétez-le.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.answers and len(self.tally) < FEWEST:
            raise ValidationError(
                {"answers": f"Il faut au moins {FEWEST} réponses différentes pour un nuage."}
            )

    @property
    def tally(self) -> list[tuple[str, int]]:
        return words.tally(self.answers)
