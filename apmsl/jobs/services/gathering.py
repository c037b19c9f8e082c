"""A batch: a run that is made of others, carried out by every worker that is free.

What a part has become is in its row, so a batch that is taken over, put back or asked for again goes
on from there. Few of its parts are announced at a time: whoever asks for one document meanwhile does
not wait behind four thousand.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from apmsl.jobs import tasks
from apmsl.jobs.models import Refused, Run, RunPart, RunStatus, Superseded, Unfinished
from apmsl.jobs.models.kinds import Beat
from apmsl.jobs.models.runs import RunQuerySet
from apmsl.jobs.services.wishes import Wish, runs_for

Item = TypeVar("Item")

LOOK_AGAIN = 0.1  # seconds between two looks at parts that others carry out
TELL_EVERY = 0.5
# Parts announced and not begun.
WINDOW = 20
# Of a task's fifteen minutes (tasks.build); the last part, and the file of the whole, take their time.
TURN = 10 * 60
CHUNK = 500
NONE_MADE = "Aucun document n’a pu être préparé."


def gather(*, run: Run, plan: Callable[[], Iterable[Wish]], beat: Beat) -> None:
    """Carry out the parts of ``run``, which ``plan`` names the first time. ``Refused`` when none of
    them could be made."""
    until = time.monotonic() + TURN
    while True:
        total = _planned(run, plan)
        _carry_out(run, total, beat, until)
        parts = RunPart.objects.filter(run=run)
        if parts.count() == total:
            break
        # An erasure takes produced documents away with their runs: what is left to make is seen anew.
        parts.delete()
    if not Run.objects.parts_of(run).done().exists():
        raise Refused(NONE_MADE)


def take_parts(run: Run, anew: Run, *, at: datetime) -> None:
    """Give the parts of a batch to the run that makes it again: those that failed are new."""
    held = Run.objects.select_for_update().filter(pk=anew.pk, status=RunStatus.PENDING, attempt=0)
    if not held or anew.parts.exists():
        return
    rows = RunPart.objects.filter(run=run).select_related("part").order_by("position")
    parts = (row.part for row in rows.iterator(CHUNK))
    for first, chunk in _chunks(parts):
        failed = [part for part in chunk if part.status == RunStatus.FAILED]
        wishes = [Wish(kind=p.kind, key=p.key, label=p.label, params=p.params) for p in failed]
        retried = dict(zip((part.pk for part in failed), runs_for(wishes, at=at), strict=True))
        _add(anew, first, [retried.get(part.pk, part) for part in chunk])
    Run.objects.filter(pk=anew.pk).update(total=run.total)


# -- planning --------------------------------------------------------------------------------------
def _planned(run: Run, plan: Callable[[], Iterable[Wish]]) -> int:
    """How many parts there are. All of them are planned, or none: a worker may die in between."""
    if RunPart.objects.filter(run=run).exists():
        return Run.objects.values_list("total", flat=True).get(pk=run.pk)
    wishes, total = list(plan()), 0
    with transaction.atomic():
        for first, chunk in _chunks(wishes):
            _add(run, first, runs_for(chunk, at=timezone.now()))
            total += len(chunk)
        # Whoever claims the run after this waits for the commit, and finds the parts.
        if not run.beat(0, total):
            raise Superseded
    return total


def _add(run: Run, first: int, parts: Iterable[Run]) -> None:
    RunPart.objects.bulk_create(
        RunPart(run=run, part=part, position=position) for position, part in enumerate(parts, first)
    )


def _chunks(items: Iterable[Item]) -> Iterator[tuple[int, list[Item]]]:
    """Each with the rank of its first item."""
    left, first = iter(items), 0
    while chunk := list(islice(left, CHUNK)):
        yield first, chunk
        first += len(chunk)


# -- carrying out ----------------------------------------------------------------------------------
def _carry_out(run: Run, total: int, beat: Beat, until: float) -> None:
    parts, mine, look_at = Run.objects.parts_of(run), list[int](), 0.0
    while True:
        if time.monotonic() >= look_at:
            Run.objects.give_up(at=timezone.now())
            left = parts.in_flight().count()
            beat(total - left, total)
            if not left:
                return
            if time.monotonic() > until:
                raise Unfinished
            _announce(parts)
            look_at = time.monotonic() + TELL_EVERY
        # From the end: the others take them in the order in which they heard of them.
        mine = mine or _last_free(parts)
        if mine:
            tasks.carry_out_part(mine.pop())
        else:
            time.sleep(LOOK_AGAIN)
            look_at = 0.0


def _last_free(parts: RunQuerySet) -> list[int]:
    free = parts.claimable(at=timezone.now()).order_by("-pk")
    return list(reversed(free.values_list("pk", flat=True)[:WINDOW]))


def _announce(parts: RunQuerySet) -> None:
    waiting = parts.filter(status=RunStatus.PENDING)
    room = WINDOW - waiting.filter(sent_at__isnull=False).count()
    unsent = waiting.filter(sent_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    for part in unsent[: max(room, 0)]:
        if not tasks.ring(part, at=timezone.now()):
            break
