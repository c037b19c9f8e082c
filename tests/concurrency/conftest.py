"""Threads that each have a connection of their own, and real commits."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

Crowd = Callable[[Sequence[Callable[[], Any]]], list[Any]]


@pytest.fixture
def crowd(transactional_db: None) -> Crowd:
    """Call them all at the same moment, each in its thread; the answers, in order."""

    def run(calls: Sequence[Callable[[], Any]]) -> list[Any]:
        start = Barrier(len(calls))

        def one(call: Callable[[], Any]) -> Any:
            try:
                connection.ensure_connection()
                start.wait(timeout=30)
                return call()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(one, calls))

    return run
