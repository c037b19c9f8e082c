"""Staged rows: what the files say, in temporary tables that the transaction takes with it.

A row with a wrong cell is staged all the same, marked ``broken``, with nothing in that cell: other
rows may refer to it without being told wrong in their turn.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from apmsl.lib.imports.columns import Column, Refused
from apmsl.lib.imports.problems import Problems
from apmsl.lib.imports.tables import Row, Table

NOTHING = r"\N"
BATCH = 1_000  # rows sent at a time
KNOWN = 20_000  # cells remembered for each column: codes, days and choices come again and again
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


class Cells(dict[str, str]):
    """What each cell of a column is for COPY; worked out once for cells that come again."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._read = column.read

    def __missing__(self, cell: str) -> str:
        text = copied(self._read(cell))
        if len(self) < KNOWN:
            self[cell] = text
        return text


def copied(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    return value.isoformat() if isinstance(value, date) else str(value)


def create(cursor: Any, table: Table) -> None:
    columns = {column.name: column.sql for column in table.columns} | dict(table.more_sql)
    listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    cursor.execute(
        f"DROP TABLE IF EXISTS pg_temp.{table.staged}"
    )  # of an import before, not committed
    cursor.execute(
        f"CREATE TEMPORARY TABLE {table.staged} (line integer, broken boolean, {listed}) "
        "ON COMMIT DROP"
    )


def fill(
    cursor: Any, table: Table, rows: Iterable[tuple[int, list[str]]], problems: Problems
) -> int:
    """Stage ``rows`` and tell what is wrong in each alone. Returns how many there were."""
    listed = ", ".join(f'"{column.name}"' for column in table.columns)
    write = _writer(table, problems)
    count = 0
    lines: list[str] = []
    with cursor.copy(f"COPY {table.staged} (line, broken, {listed}) FROM STDIN") as copy:
        for line, cells in rows:
            count += 1
            lines.append(write(line, cells))
            if len(lines) == BATCH:
                copy.write("".join(lines))
                lines.clear()
        copy.write("".join(lines))
    cursor.execute(f"ANALYZE {table.staged}")
    return count


def _writer(table: Table, problems: Problems) -> Callable[[int, list[str]], str]:
    known = [Cells(column) for column in table.columns]

    def write(line: int, cells: list[str]) -> str:
        try:
            texts = [column[cell] for column, cell in zip(known, cells, strict=True)]
        except Refused:
            return _broken(table, line, cells, problems)
        if table.rules and not _sound(table, line, cells, problems):
            return "\t".join((str(line), "t", *texts)) + "\n"
        return "\t".join((str(line), "f", *texts)) + "\n"

    return write


def _broken(table: Table, line: int, cells: list[str], problems: Problems) -> str:
    texts = []
    for column, cell in zip(table.columns, cells, strict=True):
        try:
            texts.append(copied(column.read(cell)))
        except Refused as refusal:
            problems.add(table.file, line, column.name, str(refusal))
            texts.append(NOTHING)
    return "\t".join((str(line), "t", *texts)) + "\n"


def _sound(table: Table, line: int, cells: list[str], problems: Problems) -> bool:
    values: Row = {
        column.name: column.read(cell) for column, cell in zip(table.columns, cells, strict=True)
    }
    wrong = [rule for rule in table.rules if rule.wrong(values)]
    for rule in wrong:
        problems.add(table.file, line, rule.column, rule.message)
    return not wrong
