"""The activity report as it was laid before the board, and as it was voted."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from apmsl.jobs.models import Result
from reports.enums import VersionState

# What the board reads, and what the vote adds to it.
_READ = (
    "year",
    "number",
    "as_of",
    "corrects",
    "reason",
    "figures",
    "counts",
    "texts",
    "landmarks",
    "chapters",
    "printed",
    "names",
    "html",
    "slides",
    "digest",
    "made_on",
    "made_at",
)
_VOTED = ("voted_on", "withdrawn_on", "result", "sha256")


def _changed(*names: str) -> pgtrigger.Q:
    changed = pgtrigger.Q()
    for name in names:
        changed |= pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")})
    return changed


class ReportVersionQuerySet(models.QuerySet["ReportVersion"]):
    def of_year(self, year: int) -> Self:
        """The last one first."""
        return self.filter(year=year).order_by("-number")

    def voted(self) -> Self:
        return self.filter(voted_on__isnull=False)

    def last_voted(self, year: int) -> "ReportVersion | None":
        return self.of_year(year).voted().first()

    def without_pages(self) -> Self:
        """With their pictures they weigh megabytes, which few readers need."""
        return self.defer("html", "slides")

    def in_reading(self) -> Self:
        return self.filter(voted_on__isnull=True, withdrawn_on__isnull=True)


class ReportVersion(models.Model):
    """A report that does not move any more: its figures, how long their lists were, its texts, its
    pages. The board votes it or the staff withdraws it; an erratum is a version that corrects one
    that was voted. The database refuses to change what was read."""

    year = models.PositiveSmallIntegerField("année")
    number = models.PositiveSmallIntegerField("version")
    as_of = models.DateField("chiffres arrêtés au")
    corrects = models.ForeignKey(
        "self",
        verbose_name="corrige",
        on_delete=models.PROTECT,
        related_name="errata",
        null=True,
        blank=True,
    )
    reason = models.TextField("raison de l’erratum", blank=True, max_length=1000)
    figures = models.JSONField("chiffres", help_text="Valeur de chaque indicateur.")
    counts = models.JSONField("fiches", help_text="Nombre de fiches derrière chaque chiffre.")
    texts = models.JSONField("textes", help_text="Texte et signature de chaque chapitre.")
    # Versions of before they were kept have none.
    landmarks = models.JSONField("repères", null=True, help_text="Valeur et source de chacun.")
    chapters = models.JSONField("ordre des chapitres", null=True)
    printed = models.JSONField("chiffres imprimés", null=True, help_text="Ceux que l’on vérifie.")
    names = models.JSONField("noms", null=True, help_text="De ce qui divise un chiffre.")
    html = models.TextField("pages")
    slides = models.TextField("diaporama", blank=True)
    digest = models.CharField("empreinte des pages", max_length=64)
    made_on = models.DateField("mise en lecture le")
    made_at = models.DateTimeField("copiée à")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="mise en lecture par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
    )
    withdrawn_on = models.DateField("retirée le", null=True, blank=True)
    voted_on = models.DateField("votée le", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="vote noté par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    result = models.ForeignKey(
        Result,
        verbose_name="PDF",
        on_delete=models.PROTECT,
        related_name="report_versions",
        null=True,
        blank=True,
    )
    sha256 = models.CharField("empreinte du PDF (SHA-256)", max_length=64, blank=True)

    # Not what was voted, but who may check it.
    is_open = models.BooleanField("chiffres vérifiables par tout le monde", default=False)

    objects = ReportVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version du rapport"
        verbose_name_plural = "versions du rapport"
        constraints = [
            models.UniqueConstraint(
                name="reportversion_one_per_number",
                fields=["year", "number"],
                violation_error_message="Cette version existe déjà.",
            ),
            models.UniqueConstraint(
                name="reportversion_one_in_reading",
                fields=["year"],
                condition=Q(voted_on__isnull=True, withdrawn_on__isnull=True),
                violation_error_message="Une version de ce rapport est déjà en lecture.",
            ),
            models.CheckConstraint(
                name="reportversion_vote_has_its_file",
                condition=Q(voted_on__isnull=True)
                | (Q(withdrawn_on__isnull=True, result__isnull=False) & ~Q(sha256="")),
                violation_error_message="Une version se vote avec son PDF.",
            ),
            models.CheckConstraint(
                name="reportversion_erratum_has_a_reason",
                condition=Q(corrects__isnull=True) | ~Q(reason=""),
                violation_error_message="Dites pourquoi le rapport voté est corrigé.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="what_was_read_stays",
                operation=pgtrigger.Update,
                condition=_changed(*_READ),
            ),
            pgtrigger.Protect(
                name="what_was_voted_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__voted_on__isnull=False) & _changed(*_VOTED),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Rapport d’activité {self.year}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("reports:version", args=[self.year, self.number])

    @property
    def checkable(self) -> set[str]:
        """The figures that the report prints: what it left out is nobody's to check."""
        return set(self.figures if self.printed is None else self.printed) & set(self.figures)

    @property
    def state(self) -> VersionState:
        if self.voted_on:
            return VersionState.VOTED
        return VersionState.WITHDRAWN if self.withdrawn_on else VersionState.READING

    @property
    def is_in_reading(self) -> bool:
        return self.state == VersionState.READING
