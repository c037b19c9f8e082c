"""Chromium in front of the demonstration, loaded once by each process for its tests of this folder.

The tests share the records: each takes objects of its own, and none relies on another.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.portal import Account, Portal
from tests.faults.conftest import Broker, Workers, speak_to
from tests.mail.office import Post, post_office

HERE = Path(__file__).parent
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FLAGS += ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]  # its camera
DAY = date(2023, 12, 12)


def executable() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First: the longest tests begin at once, shared between the processes, and each process keeps
    its records until the last of them."""
    ours = [item for item in items if HERE in item.path.parents]
    missing = pytest.mark.skip(reason=f"no browser on this machine ({', '.join(BROWSERS)})")
    for item in ours:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.django_db)
        if executable() is None:
            item.add_marker(missing)
    items[:] = ours + [item for item in items if HERE not in item.path.parents]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def records(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """The demonstration, kept until the last test of the folder; the file of its accounts."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), override_settings(PORTAL_DATE=DAY, DEMO=folder):
        with (folder / "output").open("w") as output:
            call_command("demo", stdout=output)
        yield folder / "accounts.json"
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def _django_db_helper(records) -> None:
    """In place of pytest-django's: nothing is rolled back, the records stay for the next test."""


@pytest.fixture(scope="package")
def post() -> Iterator[Post]:
    """The one post office: the server's process and the worker's both send their mail to it."""
    with post_office() as office:
        yield office


@pytest.fixture(scope="package")
def portal(records, post, chromium) -> Iterator[Portal]:
    accounts = [Account(**row) for row in json.loads(records.read_text())]
    server = LiveServer("127.0.0.1")
    with server._live_server_modified_settings, _database_beside_playwright():
        yield Portal(server.url, {account.role: account for account in accounts}, chromium)
    server.stop()


@contextmanager
def _database_beside_playwright() -> Iterator[None]:
    """Playwright keeps an event loop in this thread, where Django would refuse the database, and
    opens a connection of its own for what runs beside the loop."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield
        connections.close_all()


@pytest.fixture(scope="package")
def worker(portal, tmp_path_factory) -> Iterator[None]:
    """A worker in a process of its own, with a broker of its own: what is asked is made."""
    broker = Broker(tmp_path_factory.mktemp("b"))
    broker.start()
    speak_to(broker.celery_url)
    workers = Workers(broker, tmp_path_factory.mktemp("workers"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_DATE", DAY.isoformat())
        for name in ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT"):
            patch.setenv(name, str(getattr(settings, name)))
        workers.start()
        yield
    workers.close()
    broker.stop()
    speak_to(settings.CELERY_BROKER_URL)
