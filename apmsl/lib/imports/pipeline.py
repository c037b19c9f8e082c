"""The take-over of a folder of records: all or nothing, in one transaction.

Every file is staged first and every check runs on staged rows, so that one run tells all that is
wrong; only a folder without a fault is loaded.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pghistory
from django.db import connection, transaction

from apmsl.lib.imports import files, staging
from apmsl.lib.imports.checks import Checks
from apmsl.lib.imports.loading import Counts, Refused, load
from apmsl.lib.imports.problems import Problems
from apmsl.lib.imports.tables import Step, Table, steps, tables

_LOCK = 0x61706D736C  # two take-overs at a time would wait for each other's rows and deadlock


class NothingToImport(Exception):
    """The folder cannot be imported at all; the message is told as it is."""


@dataclass
class Report:
    year: int | None
    problems: Problems
    counts: dict[tuple[str, str], Counts] = field(default_factory=dict)


def run(folder: Path, *, dry_run: bool = False) -> Report:
    """Load the folder's files, or only say what loading them would do."""
    found = _found(folder)
    problems = Problems()
    report = Report(files.year_of(folder, problems), problems)
    try:
        with transaction.atomic(), pghistory.context(source="import_dataset"):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
                _stage(cursor, folder, found, problems)
                if not problems:
                    _load(cursor, {table.name for table in found}, report)
            transaction.set_rollback(dry_run or bool(problems))
    except Refused as refusal:
        problems.add(refusal.file, 0, "", str(refusal))
    return report


def _found(folder: Path) -> list[Table]:
    if not folder.is_dir():
        raise NothingToImport(f"{folder} n’est pas un dossier.")
    found = [table for table in tables() if (folder / table.file).is_file()]
    if not found:
        raise NothingToImport(
            f"{folder} ne contient aucune table : attendu teams.csv, people.csv, events.csv…"
        )
    return found


def _stage(cursor: Any, folder: Path, found: list[Table], problems: Problems) -> None:
    known = {table.file for table in tables()}
    for path in sorted(folder.glob("*.csv")):
        if path.name not in known:
            problems.add(path.name, 0, "", "aucune table ne porte ce nom.")
    for table in found:
        staging.create(cursor, table)
        rows = files.rows_of(folder / table.file, table, problems)
        staging.fill(cursor, table, rows, problems)
    checks = Checks(cursor, problems, {table.name for table in found})
    for table in found:
        checks.run(table)


def _load(cursor: Any, names: set[str], report: Report) -> None:
    for step in steps():
        if step.table.name in names:
            key = (step.table.name, str(step.target.model._meta.verbose_name))
            counts = _take(cursor, step)
            report.counts[key] = report.counts.get(key, Counts()) + counts


def _take(cursor: Any, step: Step) -> Counts:
    if step.before:
        step.before(cursor)
    counts = load(cursor, step.table, step.target)
    if counts.created:
        # The next steps join to these rows, and so do figures asked right after: without statistics
        # even small tables meet in nested loops (17 s for the indicators of 30 teams, not 0.2).
        cursor.execute(f"ANALYZE {step.target.table}")
    return counts
