"""Where a server keeps its files, and the locks that say who is there."""

import fcntl
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

# The kernel's limit for the path of a socket (108 bytes with the closing zero; macOS: 104).
LONGEST_SOCKET = 103
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    base: Path

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def run(self) -> Path:
        """The folder of the sockets, only for the account that runs the servers."""
        usual = self.base / "run"
        if len(os.fsencode(usual)) + len(LONGEST_SOCKET_NAME) <= LONGEST_SOCKET:
            return usual
        digest = hashlib.sha256(os.fsencode(self.base)).hexdigest()[:16]
        return Path("/tmp") / f"apmsl-{digest}"  # noqa: S108  its owner is checked (account.py)

    @property
    def log(self) -> Path:
        return self.base / "log"

    @property
    def users(self) -> Path:
        return self.base / "users.lock"

    @property
    def keeper(self) -> Path:
        return self.base / "keeper.lock"


def share(path: Path) -> int:
    """Wait for the shared lock, and return the descriptor that holds it."""
    descriptor = _open(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def claim(path: Path) -> int | None:
    """The descriptor that holds the lock alone, or None when somebody else has it."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_held(path: Path) -> bool:
    descriptor = claim(path)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def _open(path: Path) -> int:
    # Read-only is enough for a lock, and lets a user in after root.
    return os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
