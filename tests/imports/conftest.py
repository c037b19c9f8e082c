"""A small federation: the records of 2023, cut down to a few teams and all that speaks of them."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import apmsl.demo
from apmsl.lib.imports import pipeline

GENERATE = Path(apmsl.demo.__file__).parent / "generate.py"
TEAMS, ROWS = 5, 12
# Where each column's codes come from; a table keeps the rows whose codes are all kept.
OWNERS = {
    "team": "teams",
    "person": "people",
    "profession": "professions",
    "event": "events",
    "group": "local_groups",
    "local_group": "local_groups",
    "tool": "tools",
    "equipment": "equipment",
    "accompaniment": "accompaniments",
    "institution": "institutions",
    "commission": "commissions",
    "cohort": "cohorts",
}
WHOLE = ("professions", "people", "local_groups", "scan_headcounts", "registrations", "attendances")


class Folder:
    """A folder of records to spoil. Lines are numbered as in the file: the first row is line 2."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def file(self, name: str) -> Path:
        return self.path / f"{name}.csv"

    def rows(self, name: str) -> list[dict[str, str]]:
        with self.file(name).open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def write(self, name: str, rows: list[dict[str, str]], *, delimiter=",", encoding="utf-8"):
        with self.file(name).open("w", encoding=encoding, newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0]), delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)

    def change(self, name: str, line: int = 2, /, **cells: str) -> None:
        rows = self.rows(name)
        rows[line - 2] |= cells
        self.write(name, rows)

    def add(self, name: str, line: int = 2, /, **cells: str) -> int:
        """Repeat a row with other cells at the end of the file. Returns its line."""
        rows = self.rows(name)
        rows.append(rows[line - 2] | cells)
        self.write(name, rows)
        return len(rows) + 1

    def line_of(self, name: str, /, **cells: str) -> int:
        found = (n for n, row in enumerate(self.rows(name), 2) if cells.items() <= row.items())
        return next(found)

    def take(self, *, dry_run: bool = False) -> pipeline.Report:
        return pipeline.run(self.path, dry_run=dry_run)

    def refusals(self) -> list[str]:
        return [
            str(problem).replace("\u00a0", " ").replace("\u202f", " ")
            for problem in self.take().problems
        ]


@pytest.fixture(scope="session")
def federation(tmp_path_factory) -> Path:
    """The whole of 2023."""
    path = tmp_path_factory.mktemp("federation")
    subprocess.run([sys.executable, str(GENERATE), str(path)], check=True)
    return path


@pytest.fixture(scope="session")
def _few_records(federation, tmp_path_factory) -> Path:
    whole, few = Folder(federation), Folder(tmp_path_factory.mktemp("few"))
    shutil.copy(federation / "dataset.json", few.path)
    names = [path.stem for path in sorted(federation.glob("*.csv"))]
    codes: dict[str, set[str]] = {}
    for name in dict.fromkeys(("professions", *OWNERS.values(), *names)):
        kept = [row for row in whole.rows(name) if _stays(row, codes)]
        if name == "teams":
            kept = kept[:TEAMS]
        elif name not in WHOLE:
            kept = kept[:ROWS]
        codes[name] = {row["code"] for row in kept if "code" in row}
        few.write(name, kept)
    return few.path


def _stays(row: dict[str, str], codes: dict[str, set[str]]) -> bool:
    return all(
        not row.get(column) or row[column] in codes[owner]
        for column, owner in OWNERS.items()
        if column in row and owner in codes
    )


@pytest.fixture
def folder(_few_records, tmp_path) -> Folder:
    path = tmp_path / "records"
    shutil.copytree(_few_records, path)
    return Folder(path)
