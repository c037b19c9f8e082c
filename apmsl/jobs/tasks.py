"""What a message of the broker does: ring at the door of a run. The row decides what follows."""

import logging
from contextlib import suppress
from datetime import datetime
from typing import Any

from celery import Task, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from apmsl.jobs import builders
from apmsl.jobs.models import (
    LEASE,
    MAX_ATTEMPTS,
    NoRoom,
    Refused,
    Run,
    RunStatus,
    Superseded,
    Unfinished,
)

logger = logging.getLogger(__name__)

BROKER_DOWN = (BrokerError, RedisError, OSError)
# The database or the disk does not answer: the same run is tried again once its lease has ended.
PASSING = (OperationalError, InterfaceError, OSError)
TRY_AGAIN_AFTER = LEASE.total_seconds() + 2
LOOK_AGAIN_AFTER = LEASE.total_seconds() / 2
TOO_LONG = "La préparation a dépassé le temps permis. L’équipe technique en est avertie."
BROKEN = (
    "Le document n’a pas pu être préparé à cause d’une erreur du portail. "
    "L’équipe technique en est avertie."
)


@shared_task(
    bind=True,
    acks_late=True,
    autoretry_for=PASSING,
    retry_kwargs={"countdown": TRY_AGAIN_AFTER, "max_retries": MAX_ATTEMPTS},
    soft_time_limit=15 * 60,
    time_limit=16 * 60,
)
def build(self: Task, *, run_id: int, watching: bool = False, **_future: Any) -> None:
    """Make the file of a run. Delivered twice, or to two workers: one file all the same."""
    Run.objects.give_up(at=timezone.now())
    run = Run.objects.claim(run_id, at=timezone.now())
    if run is not None:
        with suppress(NoRoom):  # said to those who asked, and in the log
            _make(run)
    elif watching or (self.request.delivery_info or {}).get("redelivered"):
        _look_again_later(run_id)


def _make(run: Run) -> None:
    try:
        result = builders.carry_out(run)
    except (Superseded, Unfinished):
        _give_way(run)
    except Refused as refusal:
        run.fail(str(refusal), at=timezone.now())
        if isinstance(refusal, NoRoom):
            raise
    except SoftTimeLimitExceeded:
        logger.exception("Run %s took too long", run.pk)
        run.fail(TOO_LONG, at=timezone.now())
    except PASSING:
        raise
    except Exception:
        run.fail(BROKEN, at=timezone.now())
        raise
    else:
        run.finish(result, at=timezone.now())


def _give_way(run: Run) -> None:
    """To another worker, which has it already, or to a turn that goes on from here."""
    if run.put_back():
        ring(run.pk, at=timezone.now())


def carry_out_part(run_id: int) -> bool:
    """Carry out, here, a part of a batch; False when somebody else holds it. An error fails the
    part, not the batch: it is in the log, the part on the page of the batch."""
    run = Run.objects.claim(run_id, at=timezone.now())
    if run is None:
        return False
    try:
        _make(run)
    except (*PASSING, NoRoom):
        raise
    except Exception:
        logger.exception("Run %s, a part of a batch, failed", run.pk)
    return True


def _look_again_later(run_id: int) -> None:
    """The broker delivers a message again when its worker is dead, and also when the run merely
    takes long. Whoever gets it while the lease still holds comes back, instead of dropping it."""
    if Run.objects.filter(pk=run_id, status=RunStatus.RUNNING).exists():
        build.apply_async(kwargs={"run_id": run_id, "watching": True}, countdown=LOOK_AGAIN_AFTER)


def ring(run_id: int, *, at: datetime) -> bool:
    """Send a run to the workers; False when the broker is down: the clock sends it later."""
    try:
        build.delay(run_id=run_id)
    except BROKER_DOWN as failure:
        logger.warning("Run %s stays here: the broker does not answer (%s)", run_id, failure)
        return False
    Run.objects.filter(pk=run_id).update(sent_at=at)
    return True
