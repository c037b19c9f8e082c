"""What no row can say alone: unknown codes, duplicates, and the constraints of the models.

The constraints are the models' own, with their messages: each is asked of the staged rows, before
anything is loaded, so that every wrong row is told with its file, line and column.
"""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db.models import BaseConstraint, CheckConstraint, UniqueConstraint

from apmsl.lib.imports import conflicts
from apmsl.lib.imports.columns import quoted
from apmsl.lib.imports.problems import KEPT_PER_FILE, Problems
from apmsl.lib.imports.selection import (
    comparable,
    compiled,
    found_by,
    known,
    last_column,
    selection,
)
from apmsl.lib.imports.tables import Link, Table, Target, table_of
from apmsl.lib.typography import listing


class Checks:
    """The checks of one import; ``staged`` are the names of the tables that it brings."""

    def __init__(self, cursor: Any, problems: Problems, staged: set[str]) -> None:
        self.cursor = cursor
        self.problems = problems
        self.staged = staged

    def run(self, table: Table) -> None:
        for line, column, reason in table.check(self.cursor) if table.check else ():
            self.problems.add(table.file, line, column, reason)
        for link in table.links:
            self._unknown(table, link)
        self._duplicates(table)
        for target in table.targets:
            for constraint in target.model._meta.constraints:
                self._constraint(table, target, constraint)

    def _tell(self, table: Table, column: str, reason: str, sql: str, params: Any = ()) -> None:
        """``sql`` gives the line and what ``reason`` quotes. All are counted, the first are told."""
        self.cursor.execute(
            f"SELECT *, count(*) OVER () FROM ({sql}) wrong ORDER BY 1 LIMIT {KEPT_PER_FILE}",
            params or None,
        )
        rows = self.cursor.fetchall()
        for rank, (line, *facts, total) in enumerate(rows):
            told = [fact if isinstance(fact, int) else quoted(str(fact)) for fact in facts]
            others = 0 if rank else total - len(rows)
            self.problems.add(table.file, line, column, reason.format(*told), others=others)

    # -- codes ---------------------------------------------------------------------------------
    def _unknown(self, table: Table, link: Link) -> None:
        other = table_of(link.to)
        if link.made or (other and other.file in self.problems.unreadable):
            return
        conditions = [f's."{link.columns[0]}" IS NOT NULL', *self._nowhere(link)]
        if len(link.columns) == 1:
            reason = f"{{}} est un code inconnu ({link.to._meta.verbose_name})."
        else:  # a part that is unknown by itself is told of its own column
            parts = [Link.of(c) for c in table.references if c.name in link.columns]
            conditions += ["NOT s.broken"]
            conditions += [f"NOT ({' AND '.join(self._nowhere(part))})" for part in parts]
            named = ", ".join(f"{name} {{}}" for name in link.columns)
            reason = f"rien de tel dans {other.file if other else 'le portail'} : {named}."
        facts = ", ".join(f"COALESCE(s.\"{name}\"::text, 'vide')" for name in link.columns)
        sql = f"SELECT s.line, {facts} FROM {table.staged} s WHERE {' AND '.join(conditions)}"
        self._tell(table, link.columns[-1], reason, sql)

    def _nowhere(self, link: Link) -> list[str]:
        """The conditions for what a staged row refers to to be neither in the files nor in the portal."""
        conditions = [f"NOT EXISTS (SELECT FROM {known(link, 'k')} WHERE {found_by(link, 'k')})"]
        other = table_of(link.to)
        if other and other.name in self.staged:
            theirs = other.key if len(link.columns) > 1 else (link.by[0],)
            same = " AND ".join(
                comparable(f'o."{their}"', empty) + " = " + comparable(f's."{mine}"', empty)
                for their, mine in zip(theirs, link.columns, strict=True)
                for empty in [other.may_be_no_date(their)]
            )
            conditions.append(f"NOT EXISTS (SELECT FROM {other.staged} o WHERE {same})")
        return conditions

    def _duplicates(self, table: Table) -> None:
        key = ", ".join(f's."{name}"' for name in table.key)
        sql = (
            f"SELECT line, first FROM (SELECT s.line, min(s.line) OVER (PARTITION BY {key}) first "
            f"FROM {table.staged} s WHERE NOT s.broken) s WHERE line > first"
        )
        reason = f"doublon de la ligne {{}} : même {listing(table.key)}."
        self._tell(table, table.key[-1], reason, sql)

    # -- constraints of the models ---------------------------------------------------------------
    def _constraint(self, table: Table, target: Target, constraint: BaseConstraint) -> None:
        if isinstance(constraint, CheckConstraint):
            self._check(table, target, constraint)
        elif isinstance(constraint, UniqueConstraint | ExclusionConstraint):
            conflict = conflicts.conflict_of(table, target, constraint)
            if conflict:
                message = str(constraint.violation_error_message)
                within = f"{message.rstrip('.')} (voir la ligne {{}})."
                self._tell(table, conflict.column, within, *conflict.within_file())
                self._tell(table, conflict.column, message, *conflict.with_portal())

    def _check(self, table: Table, target: Target, constraint: CheckConstraint) -> None:
        chosen = selection(table, target, found=False)
        sql, params, names = compiled(target.model, constraint.condition)
        if names <= chosen.columns.keys():
            wrong = f"SELECT v.line FROM ({chosen.rows}) v WHERE NOT ({sql})"
            column = last_column(table, chosen, names)
            self._tell(table, column, str(constraint.violation_error_message), wrong, params)
