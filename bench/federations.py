"""Invented federations of any size, each imported into a database of its own, dropped at the end."""

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection

GENERATE = Path(__file__).resolve().parents[1] / "apmsl" / "demo" / "generate.py"
SEED = "42"


def use(database: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = database


@contextmanager
def federation(database: str, teams: int) -> Iterator[int]:
    """Of about so many constituted teams; gives the number of its rows. Its database is in use."""
    own = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = database
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            rows = _import(Path(folder), teams)
        yield rows
    finally:
        use(database)
        connection.creation.destroy_test_db(own, verbosity=0)


def _import(folder: Path, teams: int) -> int:
    command = [sys.executable, str(GENERATE), str(folder), "--seed", SEED]
    subprocess.run([*command, "--teams", str(teams)], check=True)
    call_command("import_dataset", folder, stdout=io.StringIO())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return sum(_lines(path) - 1 for path in folder.glob("*.csv"))


def _lines(path: Path) -> int:
    with path.open("rb") as rows:
        return sum(1 for _ in rows)
