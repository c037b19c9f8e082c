from typing import Any

from celery import shared_task
from celery.schedules import crontab
from celery.signals import worker_ready
from django.core.files.storage import storages
from django.utils import timezone

from apmsl.jobs import services
from apmsl.lib.clock import every, minutes
from apmsl.lib.storage import WholeFiles

EVERY = minutes(5 / 60)


# A message of the clock that nobody took in time is worth nothing: the next one is there.
@every(EVERY)
@shared_task(expires=EVERY.total_seconds(), acks_late=False)
def send_unheard_runs(**_future: Any) -> None:
    services.send_unheard(at=timezone.now())


@worker_ready.connect
def send_when_a_worker_starts(**_signal: Any) -> None:
    """A portal without its clock catches up when its workers are started again."""
    send_unheard_runs.delay()


@every(crontab(hour=4, minute=20))
@shared_task
def sweep_half_files(**_future: Any) -> None:
    """An archive of thousands of sheets whose worker was killed would fill the disk, unseen."""
    storage = storages["default"]
    if isinstance(storage, WholeFiles):
        storage.sweep()
