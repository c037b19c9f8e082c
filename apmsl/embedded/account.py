"""Which account runs the servers: one's own, or an unprivileged one for root.

PostgreSQL refuses to run as root. Nothing is created on the machine: the owner of the data that are
already there runs it, else `nobody`.
"""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED = "nobody"


class ForeignFolder(Exception):
    pass


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    @classmethod
    def for_data(cls, data: Path) -> "Account":
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        if data.exists() and (owner := data.stat()).st_uid != 0:
            return cls(owner.st_uid, owner.st_gid)
        nobody = pwd.getpwnam(UNPRIVILEGED)
        return cls(nobody.pw_uid, nobody.pw_gid)

    def command(self, *arguments: str, reaching: Path) -> list[str]:
        """The command as this account; `reaching` is the folder that it works in."""
        if os.geteuid() != 0:
            return list(arguments)
        drop = ["setpriv", f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if self._is_shut_out(Path(arguments[0])) or self._is_shut_out(reaching):
            # A clone below /root: let this one process pass, rather than open the folders to all.
            drop += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        return [*drop, "--", *arguments]

    def folder(self, path: Path) -> None:
        """Make a folder that only this account opens."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {self.uid, os.geteuid()}:
            raise ForeignFolder(f"le dossier {path} appartient à un autre compte")
        path.chmod(0o700)
        if found.st_uid != self.uid:
            os.chown(path, self.uid, self.gid)

    def _is_shut_out(self, path: Path) -> bool:
        return any(not self._passes(parent) for parent in path.resolve().parents)

    def _passes(self, folder: Path) -> bool:
        found = folder.stat()
        if found.st_uid == self.uid:
            return True
        return bool(found.st_mode & stat.S_IXOTH)
