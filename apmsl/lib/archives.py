"""ZIP archives that are written as they are read: one file at a time is in memory."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

from django.core.files import File

# Archives begin in 1980; the same files then give the same archive.
_DAY = (1980, 1, 1, 0, 0, 0)


class Archive(File):  # type: ignore[type-arg]  # it takes no parameter at run time
    """``members`` are names and contents, each asked for when its turn has come. They are stored as
    they are: a PDF is compressed already. A storage saves it without ever holding it whole."""

    def __init__(self, members: Iterable[tuple[str, bytes]], name: str = "archive.zip") -> None:
        super().__init__(None, name)
        self.members = members

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        written, taken = _Written(), set[str]()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
            for name, content in self.members:
                archive.writestr(zipfile.ZipInfo(_free(name, taken), _DAY), content)
                yield written.take()
        yield written.take()


def _free(name: str, taken: set[str]) -> str:
    """Two teams may bear the same name: « a.pdf », then « a-2.pdf »."""
    path, found, rank = PurePath(name), name, 1
    while found.casefold() in taken:
        rank += 1
        found = str(path.with_stem(f"{path.stem}-{rank}"))
    taken.add(found.casefold())
    return found


class _Written(io.RawIOBase):
    """What was written since it was last taken; nobody goes back in it."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting += data
        return len(data)

    def take(self) -> bytes:
        taken, self.waiting = bytes(self.waiting), bytearray()
        return taken
