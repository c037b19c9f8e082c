"""What a worker does for the documents when it starts."""

from typing import Any

from celery.signals import worker_init

from apmsl.lib import pdf
from reports.builders import activity, scans


@worker_init.connect
def open_fonts_and_sheets(**_signal: Any) -> None:
    """Before it forks: its processes share what they would each have read."""
    pdf.preload(*dict.fromkeys([*activity.SHEETS, *scans.SHEETS]))
