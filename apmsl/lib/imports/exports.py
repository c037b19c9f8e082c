"""Rows of the portal written as the columns that an import reads, with the names of what they refer to."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from apmsl.lib.imports.columns import Column, Reference
from apmsl.lib.imports.tables import Table, table_of

NAME = "nom"


def headers(table: Table) -> list[str]:
    return [title for title, _, _ in _parts(table)]


def rows(table: Table, queryset: QuerySet[Any]) -> Iterator[list[Any]]:
    """The values of each row, in the order of ``headers``."""
    parts = _parts(table)
    found = queryset.values_list(*(expression for _, expression, _ in parts))
    for values in found.iterator(chunk_size=2_000):
        yield [
            column.show(value) if column else (value or "").strip()
            for value, (_, _, column) in zip(values, parts, strict=True)
        ]


def header_of(column: Column) -> str:
    return (column.label[:1].upper() + column.label[1:]) or column.name


def companion_of(column: Column) -> str:
    """The heading of the name of what a column refers to: exported to be read, not imported."""
    return f"{header_of(column)} ({NAME})"


def _parts(table: Table) -> list[tuple[str, Any, Column | None]]:
    """Heading, expression, and the column that shows it; None for names."""
    parts: list[tuple[str, Any, Column | None]] = []
    for column in table.columns:
        path = table.reads.get(column.name, _path(column))
        expression = F(path) if isinstance(path, str) else Subquery(path)
        parts.append((header_of(column), expression, column))
        other = table_of(column.to) if isinstance(column, Reference) else None
        if other and other.title and isinstance(path, str):
            start = path.removesuffix(path.rpartition("__")[2])
            parts.append((companion_of(column), _name(start, other.title), None))
    return parts


def _path(column: Column) -> str:
    return f"{column.name}__{column.by}" if isinstance(column, Reference) else column.name


def _name(start: str, title: tuple[str, ...]) -> Any:
    if len(title) == 1:
        return F(start + title[0])
    words: list[Any] = []
    for name in title:
        words += [F(start + name), Value(" ")]
    return Concat(*words[:-1])
