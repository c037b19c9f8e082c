"""Tables: what a file holds and where its rows go, declared once by the app that owns the model.

A table is staged as it was read, one text or typed column for each column of the file; ``s`` is that
staged row in every piece of SQL below. Apps register their tables in ``apps.ready()``, in the order
of their dependencies, so that a row finds what it refers to already loaded.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import Model

from apmsl.lib.imports.columns import Column, Reference

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """What the columns of one row must say together, where no constraint of the model says it.
    ``wrong`` gets the values of the row; ``column`` is the one to look at."""

    column: str
    message: str
    wrong: Callable[[Row], bool]


@dataclass(frozen=True)
class Link:
    """A foreign key found by several columns. ``by`` are the lookups of ``to`` that they match."""

    field: str
    to: type[Model]
    columns: tuple[str, ...]
    by: tuple[str, ...]
    made: bool = False  # the rows are made while loading, there is nothing to check before

    @classmethod
    def of(cls, column: Reference) -> "Link":
        return cls(column.name, column.to, (column.name,), (column.by,), column.made)


@dataclass(frozen=True)
class Target:
    """Rows of one model, made from the staged rows.

    ``key``: the fields that say which row it is. ``values``: SQL for fields that no column of their
    name fills; ``once``: the same, for new rows only. ``source``: what to join to the staged rows;
    ``where``: which of them count; ``unless``: the other rows ``o`` of the model that leave nothing to
    do; ``absent``: which rows say that there is none, and take it away. In the last two and in
    ``matching`` the row to write is ``v``, with the columns of the model.
    """

    model: type[Model]
    key: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    once: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    fields: tuple[str, ...] = ()  # the columns taken as they are; by default, those of the model
    source: str = ""
    where: str = ""
    matching: str = ""  # a further condition on ``t`` to be the row of that key
    unless: str = ""
    absent: str = ""
    only_new: bool = False

    @cached_property
    def table(self) -> str:
        return f'"{self.model._meta.db_table}"'

    def __hash__(self) -> int:
        return id(self)


@dataclass(frozen=True)
class Table:
    """``name`` is the file without « .csv »; ``before`` runs when the staged rows are known to be
    sound, just before the targets; ``check`` finds what SQL and rules cannot. For exports: ``reads``
    gives the path or the query of a column that is no field of its name, ``title`` the fields that name a row.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    targets: tuple[Target, ...]
    rules: tuple[Rule, ...] = ()
    reads: Mapping[str, Any] = field(default_factory=dict)
    title: tuple[str, ...] = ()
    more_sql: Mapping[str, str] = field(default_factory=dict)  # staged columns that no file holds
    check: Callable[[Any], Iterator[tuple[int, str, str]]] | None = None
    before: Callable[[Any], None] | None = None

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def staged(self) -> str:
        return f'"import_{self.name}"'

    @property
    def model(self) -> type[Model]:
        return self.targets[0].model

    @property
    def references(self) -> list[Reference]:
        return [column for column in self.columns if isinstance(column, Reference)]

    @property
    def links(self) -> list[Link]:
        """Every reference, those of several columns after those of one."""
        single = [Link.of(column) for column in self.references]
        return [*single, *(link for target in self.targets for link in target.links)]

    def may_be_no_date(self, name: str) -> bool:
        column = self.column(name)
        return column.sql == "date" and not column.required

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True)
class Step:
    """Loading one target; the steps of all tables make the order of loading."""

    name: str
    target: Target
    before: Callable[[Any], None] | None = None

    @property
    def table(self) -> Table:
        return _tables[self.name]


_tables: dict[str, Table] = {}
_steps: list[Step] = []


def register(*tables: Table) -> None:
    for table in tables:
        if table.name in _tables:
            raise ValueError(f"{table.name} is declared twice")
        _tables[table.name] = table
        for rank, target in enumerate(table.targets):
            _steps.append(Step(table.name, target, None if rank else table.before))


def extend(
    name: str,
    *,
    references: tuple[Reference, ...],
    targets: tuple[Target, ...],
    reads: Mapping[str, Any],
) -> None:
    """What an upper app reads in the file of a lower one: its own columns and its own rows."""
    mine = {column.name: column for column in references}
    table = _tables[name]
    columns = tuple(mine.get(column.name, column) for column in table.columns)
    _tables[name] = replace(
        table,
        columns=columns,
        targets=(*table.targets, *targets),
        reads={**table.reads, **reads},
    )
    _steps.extend(Step(name, target) for target in targets)


def tables() -> list[Table]:
    return list(_tables.values())


def table(name: str) -> Table:
    return _tables[name]


def steps() -> list[Step]:
    return list(_steps)


def table_of(model: type[Model]) -> Table | None:
    """The table whose rows are those of ``model``."""
    return next((table for table in _tables.values() if table.model is model), None)
