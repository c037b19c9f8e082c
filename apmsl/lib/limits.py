"""How often the same thing may be tried: against who guesses, not against a room full of people
behind one address. Without cache, nothing is counted."""

import logging

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def failed(what: str, who: str, *, within: int) -> None:
    """One more failure, forgotten after ``within`` seconds."""
    key = _key(what, who)
    try:
        if not cache.add(key, 1, timeout=within):
            cache.incr(key)
    except (RedisError, ValueError):
        logger.warning("The cache is down: a failure is not counted.")


def exhausted(what: str, who: str, *, most: int) -> bool:
    try:
        return int(cache.get(_key(what, who)) or 0) >= most
    except RedisError:
        return False


def _key(what: str, who: str) -> str:
    return f"limit:{what}:{who}"
