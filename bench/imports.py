"""The take-over of the whole country's records, beside plain COPY of the same rows into the same tables.

The baseline knows every key beforehand, checks nothing and could not be run twice; the constraints,
indexes and foreign keys of the tables cost both sides the same.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apmsl.settings.test")
django.setup()

from django.db import connection, transaction  # noqa: E402  after the settings

from apmsl.lib.imports import pipeline, tables  # noqa: E402
from apmsl.lib.imports.selection import fields_of  # noqa: E402
from bench import measure  # noqa: E402

DATABASE = "bench_imports"
GENERATE = Path(__file__).resolve().parents[1] / "apmsl" / "demo" / "generate.py"
ROUNDS = 3
CHUNK = 1 << 16
RATIO_GOAL, MEMORY_GOAL = 6, 400
PEAK = """
import sys, resource
from bench import imports
imports.connect()
imports.take_over(sys.argv[1])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def connect() -> None:
    connection.close()
    connection.settings_dict["NAME"] = DATABASE


def take_over(folder: str) -> None:
    report = pipeline.run(Path(folder))
    if report.problems:
        raise SystemExit("\n".join(map(str, report.problems)))


def _models() -> list[type]:
    """Every model that the files fill, in the order of loading, with what loading makes beside."""
    found = {step.target.model: None for step in tables.steps()}
    made = {link.to: None for step in tables.steps() for link in step.target.links}
    made |= {link.to: None for table in tables.tables() for link in table.links}
    questions = {field.related_model: None for model in found for field in _keys(model)}
    return list({**{m: None for m in (*made, *questions) if m not in found}, **found})


def _keys(model: type) -> list:
    return [field for field in fields_of(model) if field.many_to_one and field.related_model]


def _empty() -> None:
    names = ", ".join(f'"{model._meta.db_table}"' for model in _models())
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        cursor.execute("CHECKPOINT")


def _columns(model: type) -> str:
    names = [field.column for field in model._meta.concrete_fields if not field.generated]
    return f'"{model._meta.db_table}" ({", ".join(names)})'


def _dump(folder: Path) -> None:
    with connection.cursor() as cursor:
        for model in _models():
            with (
                (folder / model._meta.db_table).open("wb") as rows,
                cursor.copy(f"COPY {_columns(model)} TO STDOUT") as copy,
            ):
                for block in copy:
                    rows.write(block)


def _copy(folder: Path) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for model in _models():
            with (
                (folder / model._meta.db_table).open("rb") as rows,
                cursor.copy(f"COPY {_columns(model)} FROM STDIN") as copy,
            ):
                while block := rows.read(CHUNK):
                    copy.write(block)


def _seconds(run, *args: object) -> float:
    _empty()
    start = time.perf_counter()
    run(*args)
    return time.perf_counter() - start


def _rows() -> int:
    with connection.cursor() as cursor:
        return sum(_count(cursor, model._meta.db_table) for model in _models())


def _count(cursor, table: str) -> int:
    cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
    return cursor.fetchone()[0]


def speed(folder: str, dump: Path) -> bool:
    ours, baseline = [], []
    take_over(folder)
    _dump(dump)
    for _ in range(ROUNDS):
        ours.append(_seconds(take_over, folder))
        baseline.append(_seconds(_copy, dump))
    mine, theirs = statistics.median(ours), statistics.median(baseline)
    return measure.line(
        "import_dataset of 4,000 teams, against plain COPY",
        mine / theirs,
        RATIO_GOAL,
        ours=mine,
        baseline=theirs,
        n=ROUNDS,
        rows=_rows(),
    )


def memory(folder: str) -> bool:
    _empty()
    child = subprocess.run(
        [sys.executable, "-c", PEAK, folder], check=True, capture_output=True, text=True
    )
    peak = float(child.stdout)
    return measure.line(
        "import_dataset of 4,000 teams, peak memory in MB",
        peak,
        MEMORY_GOAL,
        ours=peak,
        baseline=MEMORY_GOAL,
        n=1,
    )


def main() -> bool:
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = str(home / "records")
        subprocess.run(
            [sys.executable, str(GENERATE), folder, "--seed", "42", "--teams", "4000"], check=True
        )
        (home / "dump").mkdir()
        connection.settings_dict["TEST"]["NAME"] = DATABASE
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        stack.callback(connection.creation.destroy_test_db, name, verbosity=0)
        return all([speed(folder, home / "dump"), memory(folder)])


if __name__ == "__main__":
    sys.exit(not main())
