"""The database that every process of the tests copies: migrated once for a state of the migrations.

Migrating takes a minute, copying a second. A model stays on the server from one run to the next; it
goes when a migration changes, ours or a library's.
"""

import fcntl
import hashlib
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

PREFIX = "test_model_"


def prepare(folder: Path) -> str:
    """The name of the model, ready to be copied. ``folder``: shared by the processes."""
    name = f"{PREFIX}{_digest()}"
    with _alone(folder / "model_database"):
        known = _models()
        if name not in known:
            _make(name)
            _drop(known)
    return name


def _digest() -> str:
    found = sorted(MigrationLoader(None).disk_migrations.items())
    files = [Path(inspect.getfile(type(migration))) for _, migration in found]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _models() -> set[str]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        return {name for (name,) in cursor.fetchall()}


def _make(name: str) -> None:
    """Under another name until it is whole: a run that is stopped leaves no half model."""
    unfinished = f"unfinished_{name}"
    before = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = unfinished
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"] = before
    settings.DATABASES[connection.alias]["NAME"] = before[0]
    _execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def _drop(names: set[str]) -> None:
    for name in names:
        _execute(f'DROP DATABASE IF EXISTS "{name}"')


def _execute(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
