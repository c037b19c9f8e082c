"""Asking for what takes longer than a page."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from apmsl.jobs import tasks
from apmsl.jobs.models import Params, Run, RunRequest, RunStatus
from apmsl.jobs.services.gathering import take_parts
from apmsl.jobs.services.wishes import Wish, run_for


@transaction.atomic
def request(
    *,
    kind: str,
    key: str,
    label: str,
    params: Params,
    user: Any,
    at: datetime,
    digest: str | None = None,
) -> Run:
    """A run for ``key``: the finished one of the same content when ``digest`` is known, the one in
    flight when somebody asked before, else a new one, sent to the workers after the commit."""
    wish = Wish(kind=kind, key=key, label=label, params=params, digest=digest)
    run = run_for(wish, at=at)
    RunRequest.objects.update_or_create(run=run, user=user, defaults={"requested_at": at})
    if run.status == RunStatus.PENDING:
        transaction.on_commit(partial(tasks.ring, run.pk, at=at))
    return run


@transaction.atomic
def again(*, run: Run, user: Any, at: datetime) -> Run:
    """Ask once more for what a failed run was to make; of a batch, for the parts that failed."""
    wish = Wish(kind=run.kind, key=run.key, label=run.label, params=run.params)
    anew = run_for(wish, at=at)
    take_parts(run, anew, at=at)
    return request(kind=run.kind, key=run.key, label=run.label, params=run.params, user=user, at=at)


def send_unheard(*, at: datetime) -> int:
    """Send the runs that no worker holds and no message announces; how many went out."""
    Run.objects.give_up(at=at)
    Run.objects.orphans().delete()
    waiting = Run.objects.unheard(at=at).order_by("requested_at", "pk")
    sent = 0
    for run_id in waiting.values_list("pk", flat=True):
        if not tasks.ring(run_id, at=at):
            break
        sent += 1
    return sent
