"""Background runs: a row with an owner, progress, attempts and a result.

A worker claims a run in one statement and holds it by a lease that its progress renews. When the
worker dies, the lease ends and another claims the run; ``attempt`` fences off the first if it wakes.
"""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apmsl.lib.identifiers import new_code

LEASE = timedelta(seconds=10)
MAX_ATTEMPTS = 5


class RunStatus(models.TextChoices):
    PENDING = "pending", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Prêt"
    FAILED = "failed", "Échec"


class RunQuerySet(models.QuerySet["Run"]):
    def in_flight(self) -> Self:
        return self.filter(status__in=[RunStatus.PENDING, RunStatus.RUNNING])

    def claimable(self, *, at: datetime) -> Self:
        """Runs that no living worker holds."""
        abandoned = Q(status=RunStatus.RUNNING, beat_at__lt=at - LEASE)
        return self.filter(Q(status=RunStatus.PENDING) | abandoned)

    def claim(self, pk: int, *, at: datetime) -> "Run | None":
        """Take a run, in one statement: of two workers, one gets it."""
        claimed = (
            self.claimable(at=at)
            .filter(pk=pk)
            .update(
                status=RunStatus.RUNNING, attempt=F("attempt") + 1, beat_at=at, done=0, message=""
            )
        )
        return self.get(pk=pk) if claimed else None

    def asked_by(self, user: Any) -> Self:
        return self.filter(requests__user=user)


class Run(models.Model):
    """Two people who ask for the same thing at once share one run (``key`` in flight is unique)."""

    kind = models.CharField("travail", max_length=40)
    key = models.CharField("ce qui est demandé", max_length=200)
    label = models.CharField("libellé", max_length=200)
    params = models.JSONField("paramètres", default=dict)
    status = models.CharField("état", max_length=10, choices=RunStatus, default=RunStatus.PENDING)
    requested_at = models.DateTimeField("demandé le", auto_now_add=True)
    attempt = models.PositiveSmallIntegerField("essai", default=0)
    beat_at = models.DateTimeField("dernier signe de vie", null=True, blank=True)
    done = models.PositiveIntegerField("fait", default=0)
    total = models.PositiveIntegerField("à faire", default=0)
    message = models.CharField("message", max_length=300, blank=True)
    finished_at = models.DateTimeField("fini le", null=True, blank=True)
    result = models.ForeignKey(
        "Result",
        verbose_name="résultat",
        on_delete=models.PROTECT,
        related_name="runs",
        null=True,
        blank=True,
    )

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = "travail"
        verbose_name_plural = "travaux"
        constraints = [
            models.UniqueConstraint(
                name="run_one_in_flight",
                fields=["key"],
                condition=Q(status__in=["pending", "running"]),
                violation_error_message="Ce document est déjà en préparation.",
            ),
            models.CheckConstraint(
                name="run_done_has_a_result",
                condition=~Q(status="done") | Q(result__isnull=False, finished_at__isnull=False),
                violation_error_message="Un travail fini a un résultat.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} n° {self.pk}"

    def beat(self, done: int, total: int) -> bool:
        """Record progress and keep the lease; False when another worker has taken over."""
        return self._mine().update(done=done, total=total, beat_at=timezone.now()) == 1

    def finish(self, result: "Result", *, at: datetime) -> bool:
        return (
            self._mine().update(
                status=RunStatus.DONE, result=result, finished_at=at, done=F("total")
            )
            == 1
        )

    def fail(self, message: str, *, at: datetime) -> bool:
        return (
            self._mine().update(status=RunStatus.FAILED, message=message[:300], finished_at=at) == 1
        )

    def _mine(self) -> RunQuerySet:
        """The row, as long as this attempt holds it (``attempt`` is the fencing token)."""
        return Run.objects.filter(pk=self.pk, status=RunStatus.RUNNING, attempt=self.attempt)


class RunRequest(models.Model):
    """Who asked for a run: its owners, who may follow it and download its result."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="requests")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="run_requests"
    )
    requested_at = models.DateTimeField("demandé le", auto_now_add=True)

    class Meta:
        verbose_name = "demande"
        constraints = [
            models.UniqueConstraint(
                name="runrequest_once_per_user",
                fields=["run", "user"],
                violation_error_message="Vous avez déjà demandé ce document.",
            )
        ]

    def __str__(self) -> str:
        return f"demande n° {self.pk}"


class Result(models.Model):
    """A file made by a run, kept; the same content (``digest``) is not made again."""

    kind = models.CharField("travail", max_length=40)
    key = models.CharField("ce qui a été demandé", max_length=200)
    digest = models.CharField("empreinte du contenu", max_length=64)
    code = models.CharField(max_length=20, unique=True, default=new_code, editable=False)
    filename = models.CharField("nom du fichier", max_length=150)
    file = models.FileField("fichier", upload_to="results/%Y/")
    size = models.PositiveIntegerField("taille (octets)", default=0)
    created_at = models.DateTimeField("produit le", auto_now_add=True)

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
