"""What PostgreSQL and Valkey have in common: start, adopt, watch, stop."""

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path

import psutil

from apmsl.embedded.account import Account
from apmsl.embedded.places import Places

PATIENCE = 60.0  # seconds; the first start on a slow disk writes a whole cluster


class CannotRun(Exception):
    """Why the server does not run here, in a few French words."""


class Server(ABC):
    stop_signal: signal.Signals

    def __init__(self, places: Places, *, durable: bool) -> None:
        self.places = places
        self.durable = durable
        self.account = Account.for_data(places.data)
        self.process: psutil.Process | None = None

    @property
    @abstractmethod
    def pid_file(self) -> Path: ...

    @abstractmethod
    def answers(self) -> bool:
        """Cheap: every process asks it when it reads the settings."""

    @abstractmethod
    def prepare(self) -> None:
        """Whatever must stand in the data folder before the first start."""

    @abstractmethod
    def command(self) -> list[str]: ...

    def start(self) -> None:
        """Start it, or take over the one that runs (its keeper was killed, it was not)."""
        if self.answers() and (process := self._process_of_pid_file()):
            self.process = process
            return
        self._sweep()
        self.account.folder(self.places.run)
        self.prepare()
        with self.places.log.open("wb") as log:
            self.process = psutil.Popen(
                self.account.command(*self.command(), reaching=self.places.data),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def is_alive(self) -> bool:
        return self.process is not None and _lives(self.process)

    def stop(self) -> None:
        if self.process is None or not self.is_alive():
            return
        with suppress(psutil.NoSuchProcess):
            self.process.send_signal(self.stop_signal)
        if not _all_ended([self.process], within=20):
            self._sweep()

    def run(self, *arguments: str) -> None:
        """A command of the server's own tools."""
        try:
            subprocess.run(
                self.account.command(*arguments, reaching=self.places.data),
                check=True,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                env=os.environ | {"LC_ALL": "C"},
                cwd="/",
            )
        except subprocess.CalledProcessError as failure:
            raise CannotRun(last_line(failure.stderr)) from failure
        except (OSError, subprocess.TimeoutExpired) as failure:
            raise CannotRun(str(failure)) from failure

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if not self.is_alive() or time.monotonic() > deadline:
                raise CannotRun(last_line(self.places.log.read_text(errors="replace")))
            time.sleep(0.02)

    def _process_of_pid_file(self) -> psutil.Process | None:
        try:
            process = psutil.Process(int(self.pid_file.read_text().split()[0]))
            return process if process.cwd() == str(self.places.data) else None
        except (OSError, ValueError, IndexError, psutil.Error):
            return None

    def _sweep(self) -> None:
        """End what an unclean end left: processes that work in the data folder, and their files.

        They are known by their working folder, so a number that was given to another process
        since is no danger.
        """
        left = [process for process in psutil.process_iter() if self._works_here(process)]
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        _all_ended(left, within=10)
        for stale in (self.pid_file, *self.places.run.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)

    def _works_here(self, process: psutil.Process) -> bool:
        try:
            return bool(process.cwd() == str(self.places.data))
        except (psutil.Error, OSError):
            return False


def _lives(process: psutil.Process) -> bool:
    """A zombie does not: whoever should have collected it may never do so."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _all_ended(processes: list[psutil.Process], *, within: float) -> bool:
    deadline = time.monotonic() + within
    while any(_lives(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "aucun message"
