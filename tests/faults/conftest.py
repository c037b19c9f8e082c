"""Real workers, each a process of its own, and a Valkey that the tests may stop."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree
from urllib.parse import quote

import psutil
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from apmsl.celery import app
from apmsl.embedded import services, valkey
from apmsl.jobs.models import Run

HOME = Path(__file__).resolve().parents[2]
PATIENCE = 60


def wait_for(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> float:
    """Seconds until it is true."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < patience, f"{what}: not within {patience} s"
        time.sleep(0.05)
    return time.monotonic() - start


class Broker:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "broker.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}?db=0"

    @property
    def celery_url(self) -> str:
        return services.broker_url(services.numbered(self.url, settings.WORKER + 1))

    def start(self) -> None:
        options = ["--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder)]
        options += ["--databases", str(valkey.DATABASES), "--save", "", "--appendonly", "yes"]
        self.process = subprocess.Popen(
            [str(valkey.binary()), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(self.socket.exists, "the broker listens")

    def hang(self) -> None:
        """It takes connections, and answers nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        self.socket.unlink(missing_ok=True)


class Workers:
    def __init__(self, broker: Broker, folder: Path) -> None:
        self.broker = broker
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        """A worker that is ready to take runs."""
        log = self.folder / f"worker{len(self.started)}.log"
        command = [sys.executable, "-m", "celery", "-A", "apmsl", "worker", "-c", "1"]
        command += ["-l", "INFO", "-I", "tests.faults.kinds", "-n", log.stem, *options]
        with log.open("wb") as output:
            worker = subprocess.Popen(
                command,
                cwd=HOME,
                env=os.environ | {"DATABASE_URL": _database_url(), "REDIS_URL": self.broker.url},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.started.append(worker)
        wait_for(lambda: b" ready." in log.read_bytes(), "the worker is ready")
        return worker

    def step(self, worker: subprocess.Popen[bytes]) -> None:
        """It works for an instant, then stands still: it cannot outrun who looks at it."""
        os.killpg(worker.pid, signal.SIGCONT)
        time.sleep(0.05)
        os.killpg(worker.pid, signal.SIGSTOP)

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """The whole of it at one blow: the main process and those that work for it."""
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def kill_child(self, worker: subprocess.Popen[bytes]) -> None:
        """Only the process that does the work."""
        for child in psutil.Process(worker.pid).children():
            child.kill()

    def close(self) -> None:
        for worker in self.started:
            if worker.poll() is None:
                self.kill(worker)


def _database_url() -> str:
    place = connection.settings_dict
    host, name = quote(str(place["HOST"]), safe=""), place["NAME"]
    password = f":{quote(place['PASSWORD'], safe='')}" if place.get("PASSWORD") else ""
    return f"postgres://{place['USER']}{password}@{host}:{place['PORT'] or 5432}/{name}"


@pytest.fixture
def broker(monkeypatch) -> Iterator[Broker]:
    folder = Path(tempfile.mkdtemp(prefix="broker-"))  # a socket's path must stay short
    broker = Broker(folder)
    broker.start()
    speak_to(broker.celery_url)
    yield broker
    broker.stop()
    speak_to(settings.CELERY_BROKER_URL)
    rmtree(folder)


def speak_to(url: str) -> None:
    app.conf.broker_url = url
    app._pool = app.amqp._producer_pool = None


@pytest.fixture
def workers(broker, tmp_path, transactional_db) -> Iterator[Workers]:
    workers = Workers(broker, tmp_path)
    yield workers
    workers.close()


class SmallDisk:
    """The private files on a disk of their own, for the portal and its workers alike."""

    def __init__(self) -> None:
        self.folder = Path(default_storage.location)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._mount("-t", "tmpfs", "-o", "size=140k", "small")

    def enlarge(self) -> None:
        self._mount("-o", "remount,size=20m")

    def _mount(self, *options: str) -> None:
        subprocess.run(["mount", *options, str(self.folder)], check=True, capture_output=True)

    def close(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


@pytest.fixture
def small_disk() -> Iterator[SmallDisk]:
    try:
        disk = SmallDisk()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a small disk")
    yield disk
    disk.close()


@pytest.fixture
def slow_run(tmp_path) -> Callable[..., Run]:
    """A run that takes so many seconds, at the first attempt, at the second…"""

    def make(*seconds: float) -> Run:
        params = {"log": str(tmp_path / "attempts"), "seconds": list(seconds)}
        return Run.objects.create(kind="slow", key=f"slow:{tmp_path}", label="Lent", params=params)

    return make


@pytest.fixture
def attempts(tmp_path) -> Callable[[], int]:
    return lambda: len((tmp_path / "attempts").read_text().splitlines())
