"""Carrying out a run that has been claimed: its draft, its file where none exists yet."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from apmsl.jobs.models import LEASE, Draft, NoRoom, Refused, Result, Run, Superseded, kinds
from apmsl.jobs.models.kinds import Beat
from apmsl.lib.storage import is_full
from apmsl.lib.typography import NBSP

logger = logging.getLogger(__name__)

UNKNOWN_KIND = "Ce type de document n’existe plus."
NO_ROOM = (
    f"Il n’y a plus de place sur le disque du serveur{NBSP}: prévenez l’équipe technique. "
    "Ce qui était déjà prêt est gardé."
)


def carry_out(run: Run) -> Result:
    """The result of the run: the one that exists for the same content, or else a new one."""
    kind = kinds.get(run.kind)
    if kind is None:
        raise Refused(UNKNOWN_KIND)

    def beat(done: int, total: int) -> None:
        if not run.beat(done, total):
            raise Superseded

    with _kept_lease(run):
        draft = kind.drafted(run, beat)
        known = Result.objects.of_content(key=run.key, digest=draft.digest)
        result = known or _keep(run, draft, beat)
        _choose(run, draft, result)
        return result


def _keep(run: Run, draft: Draft, beat: Beat) -> Result:
    try:
        return Result.objects.keep(
            kind=run.kind,
            key=run.key,
            digest=draft.digest,
            filename=draft.filename,
            content=draft.make(beat),
        )
    except OSError as failure:
        if is_full(failure):
            logger.exception("Run %s found the disk full", run.pk)
            raise NoRoom(NO_ROOM) from failure
        raise


def _choose(run: Run, draft: Draft, result: Result) -> None:
    """A worker that was replaced meanwhile chooses nothing: what it drafted is out of date."""
    with transaction.atomic():
        if draft.is_kept() and run.keep_lease():
            Result.objects.choose(result, at=timezone.now())


@contextmanager
def _kept_lease(run: Run) -> Iterator[None]:
    """Renew the lease while the file is made, whatever the time between two beats: laying out a
    report takes longer than a lease. It ends with the process, as it should."""
    over = threading.Event()

    def renew() -> None:
        try:
            while not over.wait(LEASE.total_seconds() / 4) and run.keep_lease():
                pass
        finally:
            connection.close()

    pulse = threading.Thread(target=renew, name=f"lease of run {run.pk}", daemon=True)
    pulse.start()
    try:
        yield
    finally:
        over.set()
        pulse.join()
