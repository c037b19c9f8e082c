"""SQL that turns staged rows into rows of a model: values, joins and keys."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import DateField, ForeignKey, Model
from django.db.models.sql.query import Query

from apmsl.lib.imports.columns import Reference
from apmsl.lib.imports.tables import Link, Table, Target


@dataclass(frozen=True)
class Selection:
    """``rows`` is a SELECT with ``line`` and ``columns``, whose SQL they hold; ``updated`` are those that
    an existing row takes over."""

    rows: str
    columns: dict[str, str]
    updated: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def same_key(self) -> str:
        """The condition for ``t`` and ``v`` to be the same row."""
        return " AND ".join(self.keys)


def selection(table: Table, target: Target, *, found: bool = True) -> Selection:
    """``found=False``: before anything is loaded, with the codes in the place of what they refer to,
    and without the rows that are wrong by themselves."""
    fields = {field.name: field for field in fields_of(target.model)}
    values = {name: _plain(field, table, target, found) for name, field in fields.items()}
    values |= dict(target.values)
    changing = {name: sql for name, sql in values.items() if sql}
    chosen = changing | dict(target.once)
    columns = {fields[name].column: sql for name, sql in chosen.items()}
    listed = ", ".join(f'{sql} AS "{column}"' for column, sql in columns.items())
    joins = _joins(table, target) if found else target.source
    conditions = [target.where] if target.where else []
    conditions += [] if found else ["NOT s.broken"]
    rows = f"SELECT s.line, {listed} FROM {table.staged} s {joins}"
    if conditions:
        rows += f" WHERE {' AND '.join(conditions)}"
    keys = tuple(_equal(fields[name]) for name in target.key)
    updated = tuple(fields[n].column for n in changing if n not in (*target.key, *target.once))
    return Selection(rows, columns, updated, keys)


def fields_of(model: type[Model]) -> list[Any]:
    return [f for f in model._meta.concrete_fields if not f.primary_key and not f.generated]


def _plain(field: Any, table: Table, target: Target, found: bool) -> str:
    """What a column, a reference or a link of the same name gives; "" where there is none."""
    link = next((link for link in target.links if link.field == field.name), None)
    if link:
        return f"j_{field.name}.id" if found else f's."{link.columns[0]}"'
    names = target.fields or tuple(column.name for column in table.columns)
    if field.name not in names and field.name not in table.more_sql:
        return ""
    if isinstance(field, ForeignKey) and found:
        return f"j_{field.name}.id"
    sql = f's."{field.name}"'
    always = any(column.name == field.name and column.required for column in table.columns)
    if always or field.null or not field.empty_strings_allowed:
        return sql
    return f"COALESCE({sql}, '')"


def _joins(table: Table, target: Target) -> str:
    names = {field.name for field in fields_of(target.model)}
    if target.fields:
        names &= set(target.fields)
    linked = {link.field for link in target.links}
    joins = [
        _join(Link.of(column))
        for column in table.columns
        if isinstance(column, Reference) and column.name in names - linked
    ]
    joins += [_join(link) for link in target.links]
    return " ".join((*joins, target.source))


def _join(link: Link) -> str:
    """By LEFT JOIN: a row whose reference is not found must fail, never vanish."""
    alias = f"j_{link.field}"
    return f"LEFT JOIN {known(link, alias)} ON {found_by(link, alias)}"


def known(link: Link, alias: str) -> str:
    """The rows of the database that a link may find: their id and what they are found by."""
    query = link.to._default_manager.order_by().values_list("pk", *link.by).query
    return f"({query}) {alias}(id, {', '.join(f'k{rank}' for rank in range(len(link.by)))})"


def found_by(link: Link, alias: str) -> str:
    """The condition for a row of ``known`` to be the one that the staged row names."""
    dates = [isinstance(field_at(link.to, path), DateField) for path in link.by]
    return " AND ".join(
        comparable(f"{alias}.k{rank}", is_date) + " = " + comparable(f's."{column}"', is_date)
        for rank, (column, is_date) in enumerate(zip(link.columns, dates, strict=True))
    )


def field_at(model: type[Model], path: str) -> Any:
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model  # type: ignore[assignment]
    return model._meta.get_field(name)


def compiled(model: type[Model], condition: Any) -> tuple[str, tuple[Any, ...], set[str]]:
    """A condition of a constraint as SQL on bare columns, its parameters, and those columns."""
    query = Query(model, alias_cols=False)
    where = query.build_where(condition)
    sql, params = where.as_sql(query.get_compiler(connection=connection), connection)
    return sql, tuple(params), set(re.findall(r'"(\w+)"', sql))


def last_column(table: Table, chosen: Selection, names: Iterable[str]) -> str:
    """Of the columns of the file that fill those of the model, the last: an end rather than a start."""
    sources = " ".join(chosen.columns[name] for name in names)
    filling = set(re.findall(r's\."?(\w+)', sources))
    return next((c.name for c in reversed(table.columns) if c.name in filling), "")


def comparable(sql: str, nullable_date: bool) -> str:
    """No date equals no date: a draft has none. « infinity » is what no file may hold."""
    return f"COALESCE({sql}, 'infinity')" if nullable_date else sql


def _equal(field: Any) -> str:
    nullable_date = field.null and isinstance(field, DateField)
    t, v = f't."{field.column}"', f'v."{field.column}"'
    return f"{comparable(t, nullable_date)} = {comparable(v, nullable_date)}"
