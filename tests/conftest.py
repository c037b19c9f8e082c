import re
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import connection

from apmsl.lib import audiences


class Queries(list):
    """The statements sent while recording, with savepoints and values made alike."""

    def __call__(self, execute, sql, params, many, context):
        self.append(re.sub(r'"s\d+_x\d+"', '"<savepoint>"', sql))
        return execute(sql, params, many, context)


@pytest.fixture
def record_queries():
    """``with record_queries() as queries: …`` then compare or count ``queries``."""

    @contextmanager
    def record():
        queries = Queries()
        with connection.execute_wrapper(queries):
            yield queries

    return record


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Rate limits and once-a-day counters live in the cache, compiled statements in the process."""
    cache.clear()
    audiences._statement.cache_clear()
