"""Asking for what takes longer than a page."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from apmsl.jobs import tasks
from apmsl.jobs.models import Params, Refused, Result, Run, RunRequest, RunStatus
from apmsl.jobs.models.kinds import Beat

LOOK_AGAIN = 0.1  # seconds between two looks at runs that others carry out


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a run is to make; ``key`` says that two wishes are for the same thing."""

    kind: str
    key: str
    label: str
    params: Params
    digest: str | None = None  # of the content, where it is known beforehand


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
    run = _run_for(wish, at)
    RunRequest.objects.update_or_create(run=run, user=user, defaults={"requested_at": at})
    if run.status == RunStatus.PENDING:
        transaction.on_commit(partial(tasks.ring, run.pk, at=at))
    return run


def gather(*, wishes: Sequence[Wish], beat: Beat) -> list[Result]:
    """The results of many wishes, in their order, made by every worker that is free: this one, which
    is in the middle of a run itself, and those that hear of them. Known results cost nothing."""
    runs = [_run_for(wish, timezone.now()) for wish in wishes]
    waited_for = [run.pk for run in runs if run.is_in_flight]
    for run in runs:
        if run.status == RunStatus.PENDING:
            tasks.ring(run.pk, at=timezone.now())
    while left := Run.objects.in_flight().filter(pk__in=waited_for).count():
        beat(len(runs) - left, len(runs))
        # From the end: the others take them in the order in which they heard of them.
        if not tasks.carry_out_one(waited_for):
            time.sleep(LOOK_AGAIN)
    return _results([run.pk for run in runs])


def _results(ids: list[int]) -> list[Result]:
    runs = Run.objects.select_related("result").in_bulk(ids)
    failed = [runs[run_id] for run_id in ids if runs[run_id].status == RunStatus.FAILED]
    if failed:
        raise Refused(f"{failed[0].label} : {failed[0].message}")
    return [result for run_id in ids if (result := runs[run_id].result)]


def again(*, run: Run, user: Any, at: datetime) -> Run:
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


def _run_for(wish: Wish, at: datetime) -> Run:
    asked = {"kind": wish.kind, "label": wish.label, "params": wish.params}
    known = wish.digest and Result.objects.of_content(key=wish.key, digest=wish.digest)
    if known:
        done = Run.objects.done().filter(key=wish.key, result=known).order_by("-pk").first()
        return done or Run.objects.create(
            key=wish.key, status=RunStatus.DONE, result=known, finished_at=at, **asked
        )
    # Two at once: the unique constraint lets one in, the other finds its row.
    return Run.objects.in_flight().get_or_create(key=wish.key, defaults=asked)[0]
