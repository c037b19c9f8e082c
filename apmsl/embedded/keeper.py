"""The process that starts a server and stops it when its last user has gone.

    python -m apmsl.embedded.keeper postgres|valkey BASE durable|fast

It answers one line: `ready`, `taken` (another keeper is at work) or `failed: why`.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from apmsl.embedded import places as lock
from apmsl.embedded.account import ForeignFolder
from apmsl.embedded.places import Places
from apmsl.embedded.postgres import Postgres
from apmsl.embedded.server import CannotRun, Server
from apmsl.embedded.valkey import Valkey

SERVERS: dict[str, type[Server]] = {"postgres": Postgres, "valkey": Valkey}
TICK = 0.2


def main(name: str, base: str, durability: str) -> None:
    places = Places(Path(base))
    keeper = lock.claim(places.keeper)
    if keeper is None:
        print("taken", flush=True)
        return
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with _running(SERVERS[name](places, durable=durability == "durable")) as server:
            print("ready", flush=True)
            _let_go_of_the_caller()
            users = _watch(server, places)
    except (CannotRun, ForeignFolder, OSError) as failure:
        print(f"failed: {failure}", flush=True)
        return
    # In this order: whoever waits for the users' lock must not find a keeper.
    os.close(keeper)
    os.close(users)


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _watch(server: Server, places: Places) -> int:
    """Until nobody uses the server; one that died in the meantime is started again."""
    while (users := lock.claim(places.users)) is None:
        if not server.is_alive():
            server.start()
        time.sleep(TICK)
    return users


def _let_go_of_the_caller() -> None:
    """The caller waits for the end of our output, and so does whoever reads the caller's."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
