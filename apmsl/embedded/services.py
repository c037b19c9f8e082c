"""What the settings ask: the address of the database and of the broker.

An address from the environment is taken as it is. Without one the embedded server is joined, and
started first when it does not run; it is left when this process ends.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

import dj_database_url

from apmsl.embedded import places as lock
from apmsl.embedded import postgres, valkey
from apmsl.embedded.keeper import SERVERS
from apmsl.embedded.places import Places
from apmsl.embedded.server import PATIENCE

HOME = Path(__file__).resolve().parents[2]
POOL = {"min_size": 1, "max_size": 10, "timeout": 10}
ADVICE = {
    "postgres": (
        "La base de données embarquée ne peut pas démarrer sur cette machine ({why}) : indiquez "
        "l’adresse d’un serveur PostgreSQL dans la variable DATABASE_URL, par exemple "
        "DATABASE_URL=postgres://portail:secret@127.0.0.1:5432/portail."
    ),
    "valkey": (
        "Le serveur Valkey embarqué ne peut pas démarrer sur cette machine ({why}) : indiquez "
        "l’adresse d’un serveur Valkey ou Redis dans la variable REDIS_URL, par exemple "
        "REDIS_URL=redis://127.0.0.1:6379/0."
    ),
}

_held: dict[Path, int] = {}


def database(portal_var: Path, *, durable: bool = True, pool: bool = True) -> dict[str, Any]:
    """The entry of DATABASES."""
    url = os.environ.get("DATABASE_URL")
    settings: dict[str, Any]
    if url:
        settings = dict(dj_database_url.parse(url, conn_max_age=0))
    else:
        places = _join("postgres", portal_var, durable=durable)
        settings = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": postgres.DATABASE,
            "USER": postgres.USER,
            "HOST": str(places.run),
            "PORT": str(postgres.PORT),
        }
    if pool:
        settings["OPTIONS"] = {**settings.get("OPTIONS", {}), "pool": dict(POOL)}
        # When the server has started again, each connection of the pool would break one page.
        settings["CONN_HEALTH_CHECKS"] = True
    return settings


def redis_url(portal_var: Path, *, durable: bool = True) -> str:
    url = os.environ.get("REDIS_URL")
    if url:
        return url
    places = _join("valkey", portal_var, durable=durable)
    return f"unix://{quote(str(places.run / valkey.SOCKET))}?db=0"


def numbered(url: str, number: int) -> str:
    """The same server, its database of that number."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"
    return urlunsplit(parts._replace(path=f"/{number}"))


def broker_url(url: str) -> str:
    """The same address as Celery writes it."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={number}"


def leave() -> None:
    """Leave every server, and see them stopped if nobody else uses them."""
    for base, descriptor in list(_held.items()):
        del _held[base]
        os.close(descriptor)
        _wait_for_the_end(Places(base))


def _join(name: str, portal_var: Path, *, durable: bool) -> Places:
    places = Places(portal_var.resolve() / "embedded" / name)
    if places.base not in _held:
        try:
            places.base.mkdir(parents=True, exist_ok=True)
            _held[places.base] = lock.share(places.users)
            _ensure_running(name, places, durable=durable)
        except PermissionError as failure:
            why = f"ce compte n’a pas accès à {failure.filename}"
            raise SystemExit(ADVICE[name].format(why=why)) from None
        except OSError as failure:
            raise SystemExit(ADVICE[name].format(why=failure)) from None
    return places


def _ensure_running(name: str, places: Places, *, durable: bool) -> None:
    server = SERVERS[name](places, durable=durable)
    deadline = time.monotonic() + PATIENCE
    while not (server.answers() and lock.is_held(places.keeper)):
        answer = _keep(name, places, durable=durable)
        if answer == "ready":
            return
        if answer != "taken" or time.monotonic() > deadline:
            raise SystemExit(ADVICE[name].format(why=answer.removeprefix("failed: ")))
        time.sleep(0.1)


def _keep(name: str, places: Places, *, durable: bool) -> str:
    """Start a keeper and read its answer."""
    keeper = subprocess.Popen(
        [sys.executable, "-m", "apmsl.embedded.keeper", name, str(places.base)]
        + ["durable" if durable else "fast"],
        cwd=HOME,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert keeper.stdout is not None  # noqa: S101  for the type checker
    with keeper.stdout as answers:
        lines = answers.read().strip().splitlines()
    if lines and lines[-1] == "ready":
        keeper.returncode = 0  # it outlives us on purpose: no warning that it still runs
    else:
        keeper.wait()
    return lines[-1] if lines else "aucune réponse"


def _wait_for_the_end(places: Places) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        users = lock.claim(places.users)
        if users is None:
            # Others use it, and this returns at once; or the keeper stops it, and this waits.
            os.close(lock.share(places.users))
            return
        os.close(users)
        if not lock.is_held(places.keeper):
            return
        time.sleep(0.02)
