"""Rows that cannot stand side by side: a constraint of uniqueness or of no overlap, asked of staged
rows, among themselves and against the rows of the portal that the file does not bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db.models import Q, UniqueConstraint

from apmsl.lib.imports.selection import Selection, compiled, last_column, selection
from apmsl.lib.imports.tables import Link, Table, Target

Statement = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Conflict:
    """``equal``: the fields that two rows share; ``period``: start, end and bounds, or nothing."""

    table: Table
    target: Target
    chosen: Selection
    equal: tuple[str, ...]
    period: tuple[str, str, str] | None
    condition: Q | None

    @property
    def column(self) -> str:
        fields = [*self.equal, *(self.period or ())[:2]]
        return last_column(self.table, self.chosen, [self._column(name) for name in fields])

    def within_file(self) -> Statement:
        rows, params = self._rows()
        other_key = " OR ".join(f'a."{c}" IS DISTINCT FROM b."{c}"' for c in self._key)
        together = [f'a."{self._column(name)}" = b."{self._column(name)}"' for name in self.equal]
        together += ["a.period && b.period"] if self.period else []
        return (
            f"WITH v AS ({rows}) SELECT b.line, min(a.line) FROM v a JOIN v b "
            f"ON a.line < b.line AND {' AND '.join(together)} WHERE {other_key} GROUP BY b.line"
        ), params

    def with_portal(self) -> Statement:
        rows, params = self._rows()
        portal, portal_params = self._portal()
        together = [f'v."{self._column(name)}" = d.e{n}' for n, name in enumerate(self.equal)]
        together += (
            [f"v.period && daterange(d.p0, d.p1, '{self.period[2]}')"] if self.period else []
        )
        same = " AND ".join(f'r."{c}" = d.k{n}' for n, c in enumerate(self._key))
        return (
            f"WITH v AS ({rows}) SELECT DISTINCT v.line FROM v JOIN {portal} "
            f"ON {' AND '.join(together)} "
            f"WHERE NOT EXISTS (SELECT FROM ({self.chosen.rows}) r WHERE {same})"
        ), (*params, *portal_params)

    def _rows(self) -> Statement:
        """Staged rows under the condition. An end before its start is another constraint's to tell."""
        period = ""
        if self.period:
            start, end = f'v."{self.period[0]}"', f'v."{self.period[1]}"'
            end = f"CASE WHEN {end} < {start} THEN {start} ELSE {end} END"
            period = f", daterange({start}, {end}, '{self.period[2]}') period"
        rows = f"SELECT v.*{period} FROM ({self.chosen.rows}) v"
        if self.condition is None:
            return rows, ()
        sql, params, _ = compiled(self.target.model, self.condition)
        return f"{rows} WHERE {sql}", params

    def _portal(self) -> Statement:
        periods = self.period[:2] if self.period else ()
        paths = [*map(self._path, self.equal), *periods, *map(self._path, self.target.key)]
        names = [f"e{n}" for n in range(len(self.equal))] + [f"p{n}" for n in range(len(periods))]
        names += [f"k{n}" for n in range(len(self.target.key))]
        rows = self.target.model._default_manager.order_by()
        if self.condition:
            rows = rows.filter(self.condition)
        sql, params = rows.values_list(*paths).query.sql_with_params()
        return f"({sql}) d({', '.join(names)})", params

    @cached_property
    def _key(self) -> list[str]:
        return [self._column(name) for name in self.target.key]

    def _column(self, name: str) -> str:
        return column_of(self.target, name)

    def _path(self, name: str) -> str:
        link = link_to(self.table, self.target, name)
        return f"{name}__{link.by[0]}" if link else name


def column_of(target: Target, name: str) -> str:
    field: Any = target.model._meta.get_field(name)
    return str(field.column)


def link_to(table: Table, target: Target, name: str) -> Link | None:
    references = [Link.of(column) for column in table.references]
    return next((link for link in (*target.links, *references) if link.field == name), None)


def conflict_of(
    table: Table, target: Target, constraint: UniqueConstraint | ExclusionConstraint
) -> Conflict | None:
    """None where the constraint is the natural key itself, or speaks of what the file does not hold."""
    equal, period = _parts(constraint)
    chosen = selection(table, target, found=False)
    fields = [*equal, *(period or ())[:2]]
    columns = {column_of(target, name) for name in fields}
    by_key = set(equal) >= set(target.key) and not period
    links = [link_to(table, target, name) for name in (*equal, *target.key)]
    if by_key or not equal or not columns <= chosen.columns.keys():
        return None
    if target.only_new or target.unless or any(link and len(link.columns) > 1 for link in links):
        return None
    return Conflict(table, target, chosen, tuple(equal), period, constraint.condition)


def _parts(
    constraint: UniqueConstraint | ExclusionConstraint,
) -> tuple[Sequence[str], tuple[str, str, str] | None]:
    if isinstance(constraint, UniqueConstraint):
        return constraint.fields, None
    equal, period = [], None
    expressions: Any = constraint.expressions
    for expression, _operator in expressions:
        sources = expression.get_source_expressions()
        if expression.extra.get("function") == "daterange":
            period = (sources[0].name, sources[1].name, sources[2].value)
        else:
            equal.append(sources[0].name)
    return equal, period
