"""What the clock does: `@every` above a task of an app's `periodic.py`.

@every(minutes(5))
@shared_task
def send_what_waits() -> None: ...

@every(crontab(hour=6, minute=30))
@shared_task
def remind() -> None: ...
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import Task
from celery.schedules import BaseSchedule

SCHEDULE: dict[str, dict[str, Any]] = {}


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def every(when: timedelta | BaseSchedule) -> "Callable[[Task[Any, Any]], Task[Any, Any]]":
    def plan(task: "Task[Any, Any]") -> "Task[Any, Any]":
        SCHEDULE[task.name] = {"task": task.name, "schedule": when}
        return task

    return plan
