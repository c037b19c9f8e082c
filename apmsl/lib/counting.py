"""Views are counted once per person and day, never those of the staff, and nobody's name is kept.

A key of the cache, forgotten after a day, tells the second look of a day from the first. Without
cache, or without an account, each look counts.
"""

import logging
from datetime import date
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

ONE_DAY = 24 * 3600

logger = logging.getLogger(__name__)


def is_first_look(thing: str, user: Any, on: date) -> bool:
    """Whether this look at ``thing`` is to be counted."""
    if not user.is_authenticated:
        return True
    if user.is_staff:
        return False
    try:
        return bool(cache.add(f"seen:{thing}:{user.pk}:{on}", 1, timeout=ONE_DAY))
    except RedisError:
        logger.warning("The cache is down: a view is counted without knowing whether it is new.")
        return True
