"""Many people who register at the same moment, over HTTP, on the server that runs in production.

Each has a session and a connection of their own; all the requests are on their way before the first
is answered. What each answer took counts from there.
"""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from members.models import Person, User

TOKEN = "a" * 32  # of the form and of the cookie: they only have to be the same
PATIENCE = 300


@dataclass(frozen=True)
class Answer:
    status: int
    seconds: float


# -- people ------------------------------------------------------------------------------------------
def sessions(count: int) -> list[str]:
    """So many people with an account, signed in; the keys of their sessions."""
    people = Person.objects.bulk_create(
        Person(first_name="Ana", last_name=f"Foule {n}") for n in range(count)
    )
    users = User.objects.bulk_create(
        User(email=f"foule{person.pk}@exemple.test", person=person, password="!")  # noqa: S106
        for person in people
    )
    stores = [SessionStore(session_key=f"{'rush':a<22}{user.pk:010}") for user in users]
    until = timezone.now() + timedelta(days=1)
    Session.objects.bulk_create(
        Session(
            session_key=store.session_key, session_data=store.encode(_of(user)), expire_date=until
        )
        for store, user in zip(stores, users, strict=True)
    )
    return [str(store.session_key) for store in stores]


def _of(user: User) -> dict[str, str]:
    return {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }


# -- the server --------------------------------------------------------------------------------------
@contextmanager
def server(application: str = "apmsl.wsgi:application") -> Iterator[int]:
    """The real one, with the workers and the threads of production; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", application, "--interface", "wsgi"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "2"]
    command += ["--blocking-threads", "4", "--log-level", "error"]
    environment = os.environ | {"DATABASE_URL": database_url()}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _wait(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(20)


def database_url() -> str:
    place = connection.settings_dict
    host, name = quote(str(place["HOST"]), safe=""), place["NAME"]
    password = f":{quote(place['PASSWORD'], safe='')}" if place.get("PASSWORD") else ""
    return f"postgres://{place['USER']}{password}@{host}:{place['PORT'] or 5432}/{name}"


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(1200):
        if process.poll() is not None:
            raise RuntimeError("The server did not start.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The server did not answer.")


# -- the rush ----------------------------------------------------------------------------------------
def register(port: int, path: str, keys: Sequence[str], *, over: float = 0) -> list[Answer]:
    """All of them at the same moment, or one after another at even distances over so many seconds,
    whether the one before has its answer or not."""
    return asyncio.run(_all(port, path, keys, over))


async def _all(port: int, path: str, keys: Sequence[str], over: float) -> list[Answer]:
    everybody = asyncio.Event()
    step = over / len(keys)
    calls = [
        asyncio.create_task(_one(port, path, key, everybody, rank * step))
        for rank, key in enumerate(keys)
    ]
    await asyncio.sleep(0)
    everybody.set()
    return await asyncio.gather(*calls)


async def _one(port: int, path: str, key: str, everybody: asyncio.Event, after: float) -> Answer:
    await everybody.wait()
    await asyncio.sleep(after)
    start = time.perf_counter()
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(_request(port, path, key))
        head = await reader.readline()
        await reader.read()
        writer.close()
    return Answer(int(head.split()[1]), time.perf_counter() - start)


def _request(port: int, path: str, key: str) -> bytes:
    body = f"csrfmiddlewaretoken={TOKEN}"
    cookies = f"{settings.SESSION_COOKIE_NAME}={key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Cookie: {cookies}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Connection: close",
        "",
        body,
    ]
    return "\r\n".join(lines).encode()
