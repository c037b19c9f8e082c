"""Asking for what takes longer than a page."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from apmsl.jobs import tasks
from apmsl.jobs.models import Params, Result, Run, RunRequest, RunStatus


@transaction.atomic
def request(
    *,
    kind: str,
    key: str,
    label: str,
    params: Params,
    user: AbstractBaseUser,
    at: datetime,
    digest: str | None = None,
) -> Run:
    """A run for ``key``: the finished one of the same content when ``digest`` is known, the one in
    flight when somebody asked before, else a new one, sent to the workers after the commit."""
    asked = {"kind": kind, "label": label, "params": params}
    run = _finished(key, digest, asked, at) if digest else None
    if run is None:
        # Two at once: the unique constraint lets one in, the other finds its row.
        run, _ = Run.objects.in_flight().get_or_create(key=key, defaults=asked)
    RunRequest.objects.get_or_create(run=run, user=user)
    if run.status == RunStatus.PENDING:
        transaction.on_commit(partial(tasks.ring, run.pk, at=at))
    return run


def again(*, run: Run, user: AbstractBaseUser, at: datetime) -> Run:
    """Ask once more for what a failed run was to make."""
    return request(kind=run.kind, key=run.key, label=run.label, params=run.params, user=user, at=at)


def send_unheard(*, at: datetime) -> int:
    """Send the runs that no worker holds and no message announces; how many went out."""
    Run.objects.give_up(at=at)
    waiting = Run.objects.unheard(at=at).order_by("requested_at", "pk")
    sent = 0
    for run_id in waiting.values_list("pk", flat=True):
        if not tasks.ring(run_id, at=at):
            break
        sent += 1
    return sent


def _finished(key: str, digest: str, asked: dict[str, Any], at: datetime) -> Run | None:
    result = Result.objects.of_content(key=key, digest=digest)
    if result is None:
        return None
    known = Run.objects.done().filter(key=key, result=result).order_by("-pk").first()
    return known or Run.objects.create(
        key=key, status=RunStatus.DONE, result=result, finished_at=at, **asked
    )
