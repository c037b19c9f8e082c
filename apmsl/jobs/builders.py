"""Carrying out a run that has been claimed: its draft, its file where none exists yet."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from apmsl.jobs.models import LEASE, Refused, Result, Run, Superseded, kinds

UNKNOWN_KIND = "Ce type de document n’existe plus."


def carry_out(run: Run) -> Result:
    """The result of the run: the one that exists for the same content, or else a new one."""
    kind = kinds.get(run.kind)
    if kind is None:
        raise Refused(UNKNOWN_KIND)

    def beat(done: int, total: int) -> None:
        if not run.beat(done, total):
            raise Superseded

    with _kept_lease(run):
        draft = kind.draft(run.params)
        known = Result.objects.of_content(key=run.key, digest=draft.digest)
        if known is not None:
            return known
        content = draft.make(beat)
        return Result.objects.keep(
            kind=run.kind,
            key=run.key,
            digest=draft.digest,
            filename=draft.filename,
            content=content,
            is_kept=draft.is_kept,
        )


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
