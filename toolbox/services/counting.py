"""Views are counted per thing and month, once per person and day, never those of the staff.

Who looked is kept nowhere: a key of the cache, forgotten after a day, tells the second look of a day
from the first. Without cache, or without an account, each look counts.
"""

import logging
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from redis.exceptions import RedisError

from members.models import User
from toolbox.models import JobPosting, Tool, ToolMonth

ONE_DAY = 24 * 3600

logger = logging.getLogger(__name__)


@transaction.atomic
def count_tool(*, tool: Tool, user: User | AnonymousUser, on: date) -> None:
    if not _is_first_look(f"tool:{tool.pk}", user, on):
        return
    month, _ = ToolMonth.objects.get_or_create(tool=tool, month=on.replace(day=1))
    ToolMonth.objects.filter(pk=month.pk).update(views=F("views") + 1)


def count_job(*, job: JobPosting, user: User | AnonymousUser, on: date) -> None:
    if _is_first_look(f"job:{job.pk}", user, on):
        JobPosting.objects.filter(pk=job.pk).update(views=F("views") + 1)


def _is_first_look(thing: str, user: User | AnonymousUser, on: date) -> bool:
    if not user.is_authenticated:
        return True
    if user.is_staff:
        return False
    try:
        return bool(cache.add(f"seen:{thing}:{user.pk}:{on}", 1, timeout=ONE_DAY))
    except RedisError:
        logger.warning("The cache is down: a view is counted without knowing whether it is new.")
        return True
