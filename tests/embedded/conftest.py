import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

HOME = Path(__file__).resolve().parents[2]
SPARED = {
    "DATABASE_URL",
    "REDIS_URL",
    "PORTAL_VAR",
    "PYTEST_XDIST_WORKER",
    "COVERAGE_PROCESS_START",
}

# A process of the portal: joins both servers, says so, then waits until it is told to end.
USER = """
import sys
from pathlib import Path
from apmsl.embedded import services
database = services.database(Path(sys.argv[1]), pool=False)
broker = services.redis_url(Path(sys.argv[1]))
print(database["HOST"], broker, flush=True)
sys.stdin.read()
"""


class Portal:
    """A folder for the servers, and the processes that use them."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.users: list[subprocess.Popen[str]] = []

    def spawn(self, code: str = USER, *prefix: str, **environment: str) -> subprocess.Popen[str]:
        user = subprocess.Popen(
            [*prefix, sys.executable, "-c", code, str(self.var)],
            cwd=HOME,
            env={k: v for k, v in os.environ.items() if k not in SPARED} | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.users.append(user)
        return user

    def enter(self, *prefix: str) -> subprocess.Popen[str]:
        """A user that has joined both servers."""
        user = self.spawn(USER, *prefix)
        assert user.stdout is not None
        assert user.stderr is not None
        line = user.stdout.readline()
        assert line, user.stderr.read()
        user.addresses = line.split()  # type: ignore[attr-defined]
        return user

    def leave(self, user: subprocess.Popen[str]) -> None:
        user.communicate(timeout=30)
        self.users.remove(user)

    def processes(self) -> list[psutil.Process]:
        """Everything that lives for this folder: users, keepers, servers and their children. Some of
        these last a moment: ask ``info``, which was read with the list."""
        found = psutil.process_iter(["name", "username", "cmdline"])
        return [process for process in found if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            mine = str(self.var) in " ".join(process.cmdline())
            return mine or process.cwd().startswith(str(self.var))
        except psutil.Error:  # ended meanwhile, or a zombie
            return False

    def kill(self, *names: str) -> None:
        """At one blow, as when the machine loses its power; without names, everything."""
        victims = [p for p in self.processes() if not names or p.info["name"] in names]
        for victim in victims:
            with suppress(psutil.NoSuchProcess):
                victim.kill()
        deadline = time.monotonic() + 10
        while set(victims) & set(self.processes()):
            assert time.monotonic() < deadline, victims
            time.sleep(0.02)

    def wait_until_still(self) -> None:
        deadline = time.monotonic() + 15
        while self.processes():
            assert time.monotonic() < deadline, self.processes()
            time.sleep(0.05)

    def close(self) -> None:
        self.kill()
        for user in self.users:
            user.communicate()
        shutil.rmtree(self.var, ignore_errors=True)


@pytest.fixture
def portal() -> Iterator[Portal]:
    yield from _portal()


@pytest.fixture
def other_portal() -> Iterator[Portal]:
    yield from _portal()


def _portal() -> Iterator[Portal]:
    # Not pytest's own folder: it is closed to other accounts, which one of the tests needs.
    portal = Portal(Path(tempfile.mkdtemp(prefix="portal-")))
    portal.var.chmod(0o755)
    yield portal
    portal.close()
