"""Whether the portal can serve: for load balancers and supervisors, without any detail."""

import logging
from collections.abc import Callable

from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apmsl.lib.access import PUBLIC, access

logger = logging.getLogger(__name__)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


def _cache() -> None:
    cache.get("health")


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "broker": _broker,
    "cache": _cache,
}


@access(PUBLIC)
@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    states = {name: _answers(name, check) for name, check in CHECKS.items()}
    return JsonResponse(
        {name: "ok" if well else "down" for name, well in states.items()},
        status=200 if all(states.values()) else 503,
    )


def _answers(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:
        logger.exception("health: %s does not answer", name)
        return False
    return True
