"""`make start`: the whole portal on one's own machine, until Ctrl-C.

It holds the embedded servers, prepares the records in a process of its own, then runs the web
server, two workers and the clock, and replaces whichever dies.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from apmsl.embedded import services
from apmsl.embedded.lifeline import follow_parent

HOME = Path(__file__).resolve().parents[2]
PORTAL_VAR = Path(os.environ.get("PORTAL_VAR") or HOME / "var").resolve()
DEMO = PORTAL_VAR / "demo"
LOGS = PORTAL_VAR / "log"
PATIENCE = 10.0  # seconds for a child to end by itself
CALM = 1.0  # seconds before a child that died starts again


class Interrupted(Exception):
    """Ctrl-C, or the machine asks us to end."""


@dataclass
class Child:
    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = field(default=None)
    started_at: float = 0.0

    @property
    def log(self) -> Path:
        return LOGS / f"{self.name}.log"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=HOME,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone: we end them in order
                preexec_fn=follow_parent,
            )
        self.started_at = time.monotonic()

    def revive(self) -> None:
        if self.process is None or self.process.poll() is None:
            return
        if time.monotonic() - self.started_at > CALM:
            say(f"« {self.name} » s’est arrêté : il redémarre (voir {self.log}).")
            self.start()

    def ask_to_end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def main() -> int:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _interrupt)
    port = int(os.environ.get("PORT") or 8000)
    address = f"http://127.0.0.1:{port}"
    os.environ["PORTAL_VAR"] = str(PORTAL_VAR)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apmsl.settings.dev")
    os.environ.setdefault("DEBUG", "0")  # as the federation would see it; DEBUG=1 to develop
    os.environ.setdefault("PORTAL_URL", address)
    if _is_taken(port):
        say(f"Le port {port} est déjà pris : choisissez-en un autre, par exemple PORT={port + 1}.")
        return 1
    children = _children(port)
    try:
        _run(children, address)
    except Interrupted:
        say("Arrêt…")
        return 0
    except subprocess.CalledProcessError:
        say("Le portail n’a pas pu être préparé : la raison se trouve ci-dessus.")
        return 1
    finally:
        _end(children)
    return 0


def _run(children: list[Child], address: str) -> None:
    say("Démarrage de la base de données et de Valkey…")
    services.database(PORTAL_VAR)
    services.redis_url(PORTAL_VAR)
    say("Préparation des données…")
    _manage("-m", "apmsl.embedded.prepare")
    LOGS.mkdir(parents=True, exist_ok=True)
    for child in children:
        child.start()
    _wait_for(address, children)
    say(f"\nLe portail répond sur {address}")
    if _is_demonstration():
        _tell_accounts()
        _write_documents()
    say("\nCtrl-C arrête tout.")
    while True:
        time.sleep(0.3)
        for child in children:
            child.revive()


def _children(port: int) -> list[Child]:
    python = sys.executable
    web = [python, "-m", "granian", "apmsl.wsgi:application", "--interface", "wsgi"]
    web += ["--host", "127.0.0.1", "--port", str(port), "--workers", "2"]
    web += ["--blocking-threads", "4", "--respawn-failed-workers", "--access-log"]
    web += ["--workers-kill-timeout", "5"]
    celery = [python, "-m", "celery", "-A", "apmsl.celery"]
    worker = [*celery, "worker", "--concurrency", "1", "--loglevel", "info"]
    worker += ["--without-gossip", "--without-mingle"]
    return [
        Child("web", web),
        # Two of them: when one is killed whole, the other takes its work over.
        Child("worker-1", [*worker, "--hostname", "worker-1@%h"]),
        Child("worker-2", [*worker, "--hostname", "worker-2@%h"]),
        Child("beat", [*celery, "beat", "--loglevel", "info", "--pidfile="]),
    ]


def _manage(*arguments: str) -> None:
    subprocess.run(
        [sys.executable, *arguments],
        cwd=HOME,
        stdin=subprocess.DEVNULL,
        check=True,
        preexec_fn=follow_parent,
    )


def _wait_for(address: str, children: list[Child]) -> None:
    # Its own proxy settings do not concern this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for child in children:
            child.revive()
        try:
            opener.open(f"{address}/sante/", timeout=5).close()
        except urllib.error.HTTPError:
            return  # it answers; what ails it stands in its log
        except OSError:
            time.sleep(0.1)
        else:
            return
    say(f"Le serveur ne répond pas encore : voir {LOGS / 'web.log'}.")


def _is_demonstration() -> bool:
    return (DEMO / "accounts.json").exists()


def _tell_accounts() -> None:
    say("\nComptes de démonstration :")
    for account in json.loads((DEMO / "accounts.json").read_text()):
        line = f"  {account['role']:<12} {account['email']:<44} {account['password']}"
        if account.get("totp_secret"):
            line += f"   (second facteur : {account['totp_secret']})"
        say(line)
    say(f"  Aussi dans {DEMO / 'accounts.json'}\n")


def _write_documents() -> None:
    """Through the workers, as a person would ask for them; the command prints where they lie."""
    say("Rédaction du rapport d’activité 2023 et d’un Scan’équipe…")
    try:
        _manage("manage.py", "demo_documents")
    except subprocess.CalledProcessError:
        say(f"Les documents n’ont pas été rédigés ; le portail fonctionne (voir {LOGS}).")


def _end(children: list[Child]) -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # a second Ctrl-C must not leave anything behind
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        child.end(deadline)
    services.leave()


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise Interrupted


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
