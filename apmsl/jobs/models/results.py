from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone

from apmsl.lib.identifiers import new_code

if TYPE_CHECKING:
    from apmsl.jobs.models.runs import Run


class ResultManager(models.Manager["Result"]):
    def of_content(self, *, key: str, digest: str) -> "Result | None":
        return self.filter(key=key, digest=digest).first()

    def of_parts(self, run: "Run") -> "models.QuerySet[Result]":
        """Of a batch, in the order of its parts; those that were made."""
        return self.filter(runs__wholes__run=run).order_by("runs__wholes__position")

    def keep(
        self,
        *,
        kind: str,
        key: str,
        digest: str,
        filename: str,
        content: "bytes | File[Any]",
    ) -> "Result":
        """Store a file and its row; when another worker was faster with the same content, its own.

        The file is whole before the row exists (apmsl.lib.storage). A worker that dies in between
        leaves a file that nothing names, never a row without its file.
        """
        result = Result(kind=kind, key=key, digest=digest, filename=filename)
        file = content if isinstance(content, File) else ContentFile(content)
        result.file.save(f"{result.code}-{filename}", file, save=False)
        result.size = result.file.size
        self.bulk_create([result], ignore_conflicts=True)
        kept = self.get(key=key, digest=digest)
        if kept.code != result.code:
            result.file.delete(save=False)
        return kept

    def choose(self, result: "Result", *, at: datetime) -> None:
        """Keep it for good, as the one that stands for its key from now on: made just now, or made
        long ago and found to be what the records say again."""
        self.filter(pk=result.pk).update(is_kept=True, chosen_at=at)


class Result(models.Model):
    """A file made by a run, kept; the same content (``digest``) is not made again."""

    kind = models.CharField("travail", max_length=40)
    key = models.CharField("ce qui a été demandé", max_length=200)
    digest = models.CharField("empreinte du contenu", max_length=64)
    code = models.CharField(max_length=20, unique=True, default=new_code, editable=False)
    filename = models.CharField("nom du fichier", max_length=150)
    file = models.FileField("fichier", upload_to="results/%Y/", max_length=250)
    size = models.PositiveIntegerField("taille (octets)", default=0)
    is_kept = models.BooleanField(
        "gardé pour toujours", default=False, help_text="Il a été publié : il ne s’efface plus."
    )
    created_at = models.DateTimeField("produit le", auto_now_add=True)
    chosen_at = models.DateTimeField("retenu le", default=timezone.now)

    objects: ClassVar[ResultManager] = ResultManager()

    class Meta:
        verbose_name = "document produit"
        verbose_name_plural = "documents produits"
        constraints = [
            models.UniqueConstraint(
                name="result_one_per_content",
                fields=["key", "digest"],
                violation_error_message="Ce document existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.filename
