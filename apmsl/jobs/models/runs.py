"""Background runs: a row with an owner, progress, attempts and a result.

A worker claims a run in one statement and holds it by a lease that it renews as long as it lives.
When it dies, the lease ends and another claims the run; ``attempt`` fences off the first if it wakes.
``turns`` of these attempts ended by themselves: the others took their worker down.
A message of the broker is only a doorbell: lost or doubled, the row decides.
"""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse
from django.utils import timezone

from apmsl.jobs.enums import RunStatus
from apmsl.jobs.models import kinds
from apmsl.jobs.models.results import Result

LEASE = timedelta(seconds=8)
# A run that took so many workers down with it is not given to another.
MAX_ATTEMPTS = 5
# A part of a batch is given fewer: its batch dies with it when the same worker has both in hand.
MAX_PART_ATTEMPTS = 3
# How long a message may be on its way before another is sent for the same run.
MESSAGE_LATE = timedelta(seconds=60)
MESSAGE_LATE_WHEN_ABANDONED = timedelta(seconds=10)
GIVEN_UP = (
    "La préparation s’est interrompue plusieurs fois sans aboutir. "
    "Demandez le document à nouveau ; si cela se reproduit, écrivez-nous."
)


IN_FLIGHT = (RunStatus.PENDING, RunStatus.RUNNING)


def _part_of(**conditions: Any) -> Exists:
    return Exists(RunPart.objects.filter(part=OuterRef("pk"), **conditions))


def _spent() -> Q:
    """It took as many workers down with it as it may. A turn that ended by itself took none."""
    downs = F("attempt") - F("turns")
    return Q(GreaterThanOrEqual(downs, MAX_ATTEMPTS)) | (
        Q(GreaterThanOrEqual(downs, MAX_PART_ATTEMPTS)) & Q(_part_of())
    )


class RunQuerySet(models.QuerySet["Run"]):
    def in_flight(self) -> Self:
        return self.filter(status__in=IN_FLIGHT)

    def done(self) -> Self:
        return self.filter(status=RunStatus.DONE)

    def unheld(self, *, at: datetime) -> Self:
        """Runs that no living worker holds."""
        abandoned = Q(status=RunStatus.RUNNING, beat_at__lt=at - LEASE)
        return self.filter(Q(status=RunStatus.PENDING) | abandoned)

    def claimable(self, *, at: datetime) -> Self:
        return self.unheld(at=at).exclude(_spent())

    def unheard(self, *, at: datetime) -> Self:
        """Claimable runs of which no message is on its way: the broker was down, or lost it.
        The parts of a batch under way are sent by the batch, some at a time."""
        never = Q(sent_at__isnull=True) & ~Q(_part_of(run__status__in=IN_FLIGHT))
        late = Q(status=RunStatus.PENDING, sent_at__lt=at - MESSAGE_LATE)
        dead = Q(status=RunStatus.RUNNING, sent_at__lt=at - MESSAGE_LATE_WHEN_ABANDONED)
        return self.claimable(at=at).filter(never | late | dead)

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

    def give_up(self, *, at: datetime) -> int:
        """Fail the runs that too many workers left unfinished, whatever their state: nobody claims
        them any more, and their key is taken as long as they are in flight."""
        hopeless = self.unheld(at=at).filter(_spent())
        return hopeless.update(status=RunStatus.FAILED, message=GIVEN_UP, finished_at=at)

    def orphans(self) -> Self:
        """Parts not begun, which nobody asked for by themselves, of batches that are over."""
        asked = Exists(RunRequest.objects.filter(run=OuterRef("pk")))
        waiting = self.filter(_part_of(), ~asked, status=RunStatus.PENDING)
        return waiting.exclude(_part_of(run__status__in=IN_FLIGHT))

    def parts_of(self, run: "Run") -> Self:
        return self.filter(wholes__run=run)

    def failed(self) -> Self:
        return self.filter(status=RunStatus.FAILED)

    def with_failures(self) -> Self:
        """What can be asked for again: runs that failed, and batches that lack some parts."""
        failed = RunPart.objects.filter(run=OuterRef("pk"), part__status=RunStatus.FAILED)
        return self.filter(Q(status=RunStatus.FAILED) | Q(Exists(failed), status=RunStatus.DONE))

    def asked_by(self, user: Any) -> Self:
        """With ``asked_at``, the last time that the user asked for it."""
        asked = RunRequest.objects.filter(run=OuterRef("pk"), user=user).values("requested_at")
        return self.annotate(asked_at=Subquery(asked)).filter(asked_at__isnull=False)

    def visible_to(self, user: Any) -> Self:
        """What a kind has a rule for follows the rule; the rest is for those who asked for it."""
        asked = Q(Exists(RunRequest.objects.filter(run=OuterRef("pk"), user=user)))
        return self.filter(kinds.visible_to(user) | (kinds.without_rule() & asked))

    def latest_first(self) -> Self:
        return self.order_by("-requested_at", "-pk")


class Run(models.Model):
    """Two people who ask for the same thing at once share one run (``key`` in flight is unique)."""

    kind = models.CharField("travail", max_length=40)
    key = models.CharField("ce qui est demandé", max_length=200)
    label = models.CharField("libellé", max_length=200)
    params = models.JSONField("paramètres", default=dict)
    status = models.CharField("état", max_length=10, choices=RunStatus, default=RunStatus.PENDING)
    requested_at = models.DateTimeField("demandé le", auto_now_add=True)
    sent_at = models.DateTimeField("transmis le", null=True, blank=True)
    attempt = models.PositiveSmallIntegerField("essai", default=0)
    turns = models.PositiveSmallIntegerField("tours", default=0)
    beat_at = models.DateTimeField("dernier signe de vie", null=True, blank=True)
    done = models.PositiveIntegerField("fait", default=0)
    total = models.PositiveIntegerField("à faire", default=0)
    message = models.CharField("message", max_length=300, blank=True)
    finished_at = models.DateTimeField("fini le", null=True, blank=True)
    result = models.ForeignKey(
        Result,
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
        indexes = [models.Index(fields=["kind", "requested_at"], name="run_kind_requested_at")]
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

    def get_absolute_url(self) -> str:
        return reverse("jobs:run", args=[self.pk])

    @property
    def is_in_flight(self) -> bool:
        return self.status in {RunStatus.PENDING, RunStatus.RUNNING}

    @property
    def waits_for_service(self) -> bool:
        """The broker could not be reached: the clock sends it out later."""
        return self.status == RunStatus.PENDING and self.sent_at is None

    def beat(self, done: int, total: int) -> bool:
        """Record progress and keep the lease; False when another worker has taken over."""
        return self._mine().update(done=done, total=total, beat_at=timezone.now()) == 1

    def keep_lease(self) -> bool:
        return self._mine().update(beat_at=timezone.now()) == 1

    def finish(self, result: Result, *, at: datetime) -> bool:
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

    def note(self, **found: Any) -> bool:
        """Beside what was asked for, what the run found and its page tells."""
        self.params = self.params | found
        return self._mine().update(params=self.params) == 1

    def put_back(self) -> bool:
        """For another turn: see ``kinds.Unfinished``."""
        turns = F("turns") + 1
        return self._mine().update(status=RunStatus.PENDING, sent_at=None, turns=turns) == 1

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


class RunPart(models.Model):
    """One of the runs that a batch is made of. Two batches, and whoever asks for that document
    alone, share the run that makes it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="parts")
    part = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="wholes")
    position = models.PositiveIntegerField("rang")

    class Meta:
        verbose_name = "partie d’un travail"
        verbose_name_plural = "parties d’un travail"
        constraints = [
            models.UniqueConstraint(
                name="runpart_one_per_position",
                fields=["run", "position"],
                violation_error_message="Ce travail a déjà une partie de ce rang.",
            )
        ]

    def __str__(self) -> str:
        return f"partie n° {self.position}"
