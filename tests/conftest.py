import gc
import re
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import connection
from django.template import Context, Template
from django.test.signals import template_rendered
from hypothesis import settings

from apmsl.lib import audiences
from members.models import linked
from tests import model_database

# A slow machine fails no test: what is fast is measured in bench/.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")

DRAW = Template._render  # as it is before Django's test environment records what is drawn


def pytest_collection_finish() -> None:
    """All that is loaded stays to the end: not looked through again at each collection of garbage, a
    tenth of the time of the tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def _contexts_of_pages_only(django_test_environment):
    """``response.context`` is the page's; of its components the names are enough: to copy the context
    of each would cost a sixth of every request."""
    recorded, nothing = Template._render, Context()

    def render(template, context):
        page = context.template  # of a part drawn alone, something else than a template
        is_inside = isinstance(page, Template) and page is not template
        if hasattr(context, "request") and not is_inside:
            return recorded(template, context)
        template_rendered.send(sender=template, template=template, context=nothing)
        return DRAW(template, context)

    Template._render = render
    yield
    Template._render = recorded


class Queries(list):
    """The statements sent while recording: what differs with the number of rows is made alike."""

    ALIKE = (
        (r'"s\d+_x\d+"', '"<savepoint>"'),
        (r"IN \(%s(, %s)*\)", "IN (…)"),
        (r"LIMIT \d+", "LIMIT …"),
    )

    def __call__(self, execute, sql, params, many, context):
        seen = sql
        for pattern, alike in self.ALIKE:
            seen = re.sub(pattern, alike, seen)
        self.append(seen)
        return execute(sql, params, many, context)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, django_db_blocker, tmp_path_factory
):
    """Each process takes a copy of one database instead of migrating its own."""
    folder = tmp_path_factory.getbasetemp().parent  # pytest-xdist: of all the processes
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = model_database.prepare(folder)


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
    linked._links.cache_clear()
