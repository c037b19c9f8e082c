"""From staged rows to the model's tables: update what differs, insert what is new.

Not INSERT … ON CONFLICT: half of the natural keys hold a period or a part that may be empty, which no
unique index can settle, and a row that is told « updated » without a change would write history.
Updates go first, so that a period that ends makes room for the one that follows.
"""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError

from apmsl.lib.imports.selection import Selection, fields_of, selection
from apmsl.lib.imports.tables import Table, Target


@dataclass
class Counts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
        )


MEANWHILE = (
    "Une fiche a changé dans le portail pendant l’import, ou deux lignes échangent leurs dates : "
    "recommencez, en deux fois s’il le faut."
)


class Refused(Exception):
    """The database refused a row that the checks let through. The message is told as it is."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(reason)
        self.file = file


def load(cursor: Any, table: Table, target: Target) -> Counts:
    try:
        return _load(cursor, table, target)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        name = str(getattr(diagnosis, "constraint_name", ""))
        named = {c.name: str(c.violation_error_message) for c in target.model._meta.constraints}
        reason = named.get(name, f"La base de données refuse une ligne ({name}).")
        raise Refused(table.file, f"{reason} {MEANWHILE}") from error


def _load(cursor: Any, table: Table, target: Target) -> Counts:
    chosen = selection(table, target)
    rows = chosen.rows
    cursor.execute(f"SELECT EXISTS (SELECT FROM {target.table})")
    (already,) = cursor.fetchone()
    removed = _remove(cursor, target, rows, chosen) if already and target.absent else 0
    if target.absent:
        rows = f"SELECT * FROM ({rows}) v WHERE NOT ({target.absent})"
    updated = _update(cursor, target, rows, chosen) if already else 0
    created = _insert(cursor, target, rows, chosen, already=already)
    unchanged = _count(cursor, rows) - created - updated if already else 0
    return Counts(created, updated + removed, unchanged)


def located(cursor: Any, table: Table, target: Target) -> dict[int, int]:
    """The id of the row of the portal that each staged line speaks of, where there is one."""
    chosen = selection(table, target)
    cursor.execute(
        f"SELECT v.line, t.id FROM ({chosen.rows}) v JOIN {target.table} t ON {_matched(target, chosen)}"
    )
    return dict(cursor.fetchall())


def _count(cursor: Any, rows: str) -> int:
    cursor.execute(f"SELECT count(*) FROM ({rows}) v")
    return int(cursor.fetchone()[0])


def _matched(target: Target, chosen: Selection) -> str:
    return f"{chosen.same_key} AND {target.matching}" if target.matching else chosen.same_key


def _remove(cursor: Any, target: Target, rows: str, chosen: Selection) -> int:
    cursor.execute(
        f"DELETE FROM {target.table} t USING ({rows}) v "
        f"WHERE {_matched(target, chosen)} AND ({target.absent})"
    )
    return int(cursor.rowcount)


def differs(chosen: Selection) -> str:
    """The condition for the row ``t`` to be changed by ``v``."""
    pairs = [f't."{column}" IS DISTINCT FROM v."{column}"' for column in chosen.updated]
    return f"({' OR '.join(pairs)})" if pairs else "FALSE"


def _update(cursor: Any, target: Target, rows: str, chosen: Selection) -> int:
    if target.only_new or not chosen.updated:
        return 0
    changes = ", ".join(f'"{column}" = v."{column}"' for column in chosen.updated)
    unless = f" AND {_free(target)}" if target.unless else ""
    cursor.execute(
        f"UPDATE {target.table} t SET {changes} FROM ({rows}) v "
        f"WHERE {_matched(target, chosen)} AND {differs(chosen)}{unless}"
    )
    return int(cursor.rowcount)


def _insert(cursor: Any, target: Target, rows: str, chosen: Selection, *, already: bool) -> int:
    columns, values = list(chosen.columns), [f'v."{column}"' for column in chosen.columns]
    defaults = []
    for field in fields_of(target.model):
        if field.column not in chosen.columns and (default := field.get_default()) is not None:
            columns.append(field.column)
            values.append("%s")
            defaults.append(field.get_db_prep_save(default, cursor.db))
    listed = ", ".join(f'"{column}"' for column in columns)
    new = [f"NOT EXISTS (SELECT FROM {target.table} t WHERE {_matched(target, chosen)})"]
    if target.unless:
        new.append(_free(target))
    cursor.execute(
        f"INSERT INTO {target.table} ({listed}) SELECT {', '.join(values)} FROM ({rows}) v "
        f"{'WHERE ' + ' AND '.join(new) if already else ''} ORDER BY v.line",
        defaults or None,
    )
    return int(cursor.rowcount)


def _free(target: Target) -> str:
    return f"NOT EXISTS (SELECT FROM {target.table} o WHERE {target.unless})"
