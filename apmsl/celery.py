"""The Celery application: tasks of each app's `tasks` and `periodic`, schedule from the latter."""

import os

from celery import Celery
from celery.signals import worker_init

from apmsl.lib.clock import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apmsl.settings.dev")

app = Celery("apmsl")
app.set_default()  # for the threads of the web server too
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE  # the object itself: `@every` adds to it as modules are found
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")


@worker_init.connect
def read_fonts_before_forking(**_signal: object) -> None:
    """Each process of the pool inherits the fonts and style sheets of documents, already read."""
    # A web server imports this module too: it has no use for the engine.
    from apmsl.lib import pdf  # noqa: PLC0415

    pdf.preload()
