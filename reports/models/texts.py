from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from apmsl.lib.history import tracked
from reports.enums import Chapter, TextStatus
from reports.models.chapters import ADDED


class ReportTextQuerySet(models.QuerySet["ReportText"]):
    def written(self) -> Self:
        return self.exclude(body="")

    def with_comments(self) -> Self:
        """``open_comments``: how many await an answer."""
        waiting = Q(comments__resolved_at__isnull=True)
        return self.annotate(open_comments=models.Count("comments", filter=waiting))

    def lock(self, pk: int) -> "ReportText":
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)


@tracked()
class ReportText(models.Model):
    """A text of the yearly report: of the draft, for a version keeps a copy of its own. Each change
    of it adds one to ``revision``; the triggers keep the earlier ones."""

    year = models.PositiveSmallIntegerField("année")
    # A ``Chapter``, or the key of one that was added (``ChapterOfYear``).
    chapter = models.CharField("chapitre", max_length=30, choices=Chapter)
    body = models.TextField(
        "texte", help_text="Markdown : titres, listes, gras, italique.", blank=True
    )
    signature = models.CharField("signature", max_length=150, blank=True)
    status = models.CharField(
        "état", max_length=10, choices=TextStatus, default=TextStatus.TO_WRITE
    )
    revision = models.PositiveIntegerField("révision", default=0, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="écrit par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    written_at = models.DateTimeField("écrit le", null=True, blank=True, editable=False)

    objects = ReportTextQuerySet.as_manager()

    class Meta:
        verbose_name = "texte du rapport"
        verbose_name_plural = "textes du rapport"
        constraints = [
            models.UniqueConstraint(
                name="reporttext_one_per_year_and_chapter",
                fields=["year", "chapter"],
                violation_error_message="Ce chapitre a déjà un texte pour cette année.",
            ),
            models.CheckConstraint(
                name="reporttext_year_plausible",
                condition=Q(year__range=(2000, 2100)),
                violation_error_message="L’année doit être comprise entre 2000 et 2100.",
            ),
            models.CheckConstraint(
                name="reporttext_chapter_known_or_added",
                condition=Q(chapter__in=Chapter.values) | Q(chapter__startswith=ADDED),
                violation_error_message="Ce chapitre n’existe pas.",
            ),
            models.CheckConstraint(
                name="reporttext_without_a_word_is_to_write",
                condition=Q(status=TextStatus.TO_WRITE) | ~Q(body=""),
                violation_error_message="Un texte vide est « à écrire ».",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("reports:text", args=[self.year, self.chapter])

    @property
    def name(self) -> str:
        """Of its chapter; one that was added has its title on its own row."""
        return str(dict(Chapter.choices).get(self.chapter, "Chapitre ajouté"))


class ReportCommentQuerySet(models.QuerySet["ReportComment"]):
    def in_order(self) -> Self:
        """What awaits an answer first, as it was said."""
        return self.order_by(models.F("resolved_at").desc(nulls_first=True), "written_at", "pk")


class ReportComment(models.Model):
    """What someone of the staff or of the board says of a text, until it is seen to."""

    text = models.ForeignKey(
        ReportText, verbose_name="texte", on_delete=models.CASCADE, related_name="comments"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="de",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
    )
    body = models.TextField("remarque", max_length=2000)
    written_at = models.DateTimeField("le")
    resolved_at = models.DateTimeField("réglée le", null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="réglée par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    objects = ReportCommentQuerySet.as_manager()

    class Meta:
        verbose_name = "remarque sur un texte"
        verbose_name_plural = "remarques sur les textes"
        constraints = [
            models.CheckConstraint(
                name="reportcomment_says_something",
                condition=~Q(body=""),
                violation_error_message="Écrivez votre remarque.",
            ),
            models.CheckConstraint(
                name="reportcomment_resolved_by_whom_and_when",
                condition=Q(resolved_at__isnull=False) | Q(resolved_by__isnull=True),
                violation_error_message="Une remarque réglée l’est à une date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body[:60]}…" if len(self.body) > 60 else self.body
