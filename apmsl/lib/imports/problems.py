"""What is wrong in the files of an import: told as file, line, column and reason."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from apmsl.lib.typography import typeset

KEPT_PER_FILE = 200  # a file that is wrong from end to end must not fill the memory


@dataclass(frozen=True, order=True)
class Problem:
    file: str
    line: int  # 0: the file as a whole
    column: str  # "": the row as a whole
    reason: str

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f", ligne {self.line}"
        if self.column:
            place += f", colonne {self.column}"
        return typeset(f"{place} : {self.reason}")


class Problems:
    """Every problem is counted; the first ones of each file are kept to be told."""

    def __init__(self) -> None:
        self._kept: dict[str, list[Problem]] = {}
        self._counts: Counter[str] = Counter()
        self.unreadable: set[str] = set()

    def add(self, file: str, line: int, column: str, reason: str, *, others: int = 0) -> None:
        """``others``: how many more of the same are known and not told one by one."""
        self._counts[file] += 1 + others
        kept = self._kept.setdefault(file, [])
        if len(kept) < KEPT_PER_FILE:
            kept.append(Problem(file, line, column, reason))

    def unread(self, file: str, line: int, column: str, reason: str) -> None:
        """The file could not be read to its end: what refers to it cannot be judged."""
        self.unreadable.add(file)
        self.add(file, line, column, reason)

    def __bool__(self) -> bool:
        return bool(self._counts)

    def __len__(self) -> int:
        return sum(self._counts.values())

    def __iter__(self) -> Iterator[Problem]:
        for file in sorted(self._kept):
            yield from sorted(self._kept[file])

    @property
    def kept(self) -> int:
        return sum(len(kept) for kept in self._kept.values())

    @property
    def left_out(self) -> int:
        return len(self) - self.kept
