"""`make start`, from an empty folder to Ctrl-C."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.deployment.conftest import HOME

SPARED = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER", "DEBUG"}
ROLES = {"member", "coordinator", "leader", "board", "staff", "director"}


class Running:
    """The portal as started, and what it has printed so far."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.address = f"http://127.0.0.1:{_free_port()}"
        self.output = var.parent / "output"
        environment = {k: v for k, v in os.environ.items() if k not in SPARED}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "apmsl.embedded.start"],
                cwd=HOME,
                env=environment | {"PORTAL_VAR": str(var), "PORT": self.address.rpartition(":")[2]},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def printed(self) -> str:
        return self.output.read_text()

    def wait_for(self, condition: Callable[[], bool], *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.2)

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(self.address + path, timeout=30) as response:  # noqa: S310
            return response.status, response.read().decode()

    def processes(self, word: str = "") -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if self._is_ours(process, word)]

    def _is_ours(self, process: psutil.Process, word: str) -> bool:
        try:
            ours = process.environ().get("PORTAL_VAR") == str(self.var)
            return ours and word in " ".join(process.cmdline())
        except psutil.Error:  # ended meanwhile, or a zombie
            return False

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    portal = Running(tmp_path_factory.mktemp("start") / "var")
    portal.wait_for(lambda: "Ctrl-C" in portal.printed(), seconds=400)
    yield portal
    if portal.process.poll() is None:
        portal.stop(signal.SIGTERM)
    for process in portal.processes():
        process.kill()


def test_the_portal_from_an_empty_folder_to_ctrl_c(portal: Running) -> None:
    _serves_its_pages(portal)
    _tells_accounts_and_documents(portal)
    _replaces_a_killed_worker(portal)
    _refuses_a_port_that_is_taken(portal)
    _stops_everything(portal)
    _starts_again_on_what_is_there(portal)


def _serves_its_pages(portal: Running) -> None:
    assert portal.address in portal.printed()
    status, page = portal.get("/compte/connexion/")
    assert status == 200
    sheet = re.search(r'<link[^>]+href="([^"]+\.css)"', page)
    assert sheet
    assert portal.get(sheet.group(1))[0] == 200
    assert json.loads(portal.get("/sante/")[1]) == {"database": "ok", "broker": "ok", "cache": "ok"}


def _tells_accounts_and_documents(portal: Running) -> None:
    accounts = json.loads((portal.var / "demo" / "accounts.json").read_text())
    assert {account["role"] for account in accounts} >= ROLES
    assert [a["email"] for a in accounts if a["email"] not in portal.printed()] == []
    documents = sorted((portal.var / "demo").glob("*.pdf"))
    assert len(documents) >= 2  # the activity report, a Scan'équipe
    for document in documents:
        assert document.read_bytes().startswith(b"%PDF-")
        assert str(document) in portal.printed()


def _replaces_a_killed_worker(portal: Running) -> None:
    for process in portal.processes("worker-1@"):
        process.kill()

    # Itself and the process of its pool.
    portal.wait_for(lambda: len(portal.processes("worker-1@")) >= 2, seconds=120)


def _refuses_a_port_that_is_taken(portal: Running) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "apmsl.embedded.start"],
        cwd=HOME,
        env=os.environ | {"PORT": portal.address.rpartition(":")[2]},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert re.fullmatch(r"Le port \d+ est déjà pris[^\n]*\n", done.stdout)


def _stops_everything(portal: Running) -> None:
    assert portal.stop(signal.SIGINT) == 0
    assert portal.processes() == []


def _starts_again_on_what_is_there(portal: Running) -> None:
    again = Running(portal.var)
    try:
        again.wait_for(lambda: again.address in again.printed(), seconds=180)
        everything = again.processes()
        again.process.kill()
        # Whoever started them is gone: they end by themselves, and the servers after them.
        _, alive = psutil.wait_procs(everything, timeout=60)
        left = [(p.pid, p.ppid(), p.status(), " ".join(p.cmdline())[-70:]) for p in alive]
        assert left == []
    finally:
        again.process.kill()
        again.process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
