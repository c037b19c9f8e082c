"""Columns read from the fields of a model, so that a length or a list of choices is said once."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import models

from apmsl.lib.imports.columns import (
    Choice,
    Code,
    Column,
    Day,
    Email,
    Flag,
    Integer,
    Number,
    Reference,
    Slug,
    Text,
)


def columns_of(
    model: type[models.Model], names: str, **changes: dict[str, Any]
) -> tuple[Column, ...]:
    """A column for each of the fields named, in their order; ``changes`` sets a column's own facts."""
    columns = []
    for name in names.split():
        column = column_of(model, name)
        columns.append(replace(column, **changes[name]) if name in changes else column)
    return tuple(columns)


def column_of(model: type[models.Model], name: str) -> Column:
    field: Any = model._meta.get_field(name)
    common: dict[str, Any] = {
        "name": name,
        "label": str(field.verbose_name),
        "required": not field.null and not field.blank and not field.has_default(),
        "default": _default(field),
    }
    if field.choices:
        return Choice(
            **common, choices=tuple((str(code), str(label)) for code, label in field.choices)
        )
    for kind, make in _MAKERS:
        if isinstance(field, kind):
            column: Column = make(field, common)
            return column
    raise TypeError(f"{model.__name__}.{name}: no column reads such a field")


def _default(field: Any) -> str:
    """What an empty cell stands for where the database wants a value."""
    if field.null or not field.has_default() or callable(field.default):
        return ""
    return str(int(field.default)) if isinstance(field.default, bool) else str(field.default)


def _text(field: Any, common: dict[str, Any]) -> Column:
    if field.name == "code":
        return Code(**common | {"required": True}, most=field.max_length)
    return Text(**common, most=field.max_length)


def _slug(field: Any, common: dict[str, Any]) -> Column:
    return Slug(**common, most=field.max_length)


def _decimal(field: Any, common: dict[str, Any]) -> Column:
    most = Decimal(10) ** (field.max_digits - field.decimal_places) - 1
    return Number(**common, least=-most, most=most, places=field.decimal_places)


_MAKERS: tuple[tuple[Any, Any], ...] = (
    (models.ForeignKey, lambda f, common: Reference(**common, to=f.remote_field.model)),
    (models.EmailField, lambda f, common: Email(**common, most=f.max_length)),
    (models.SlugField, _slug),
    (models.CharField, _text),
    (models.TextField, lambda f, common: Text(**common)),
    (models.DateField, lambda f, common: Day(**common)),
    (models.BooleanField, lambda f, common: Flag(**common)),
    (models.PositiveSmallIntegerField, lambda f, common: Integer(**common, most=32_767)),
    (models.PositiveIntegerField, lambda f, common: Integer(**common)),
    (
        models.BigIntegerField,
        lambda f, common: Integer(**common, least=-(2**53), most=2**53),
    ),
    (models.DecimalField, _decimal),
    (
        models.FloatField,
        lambda f, common: Number(**common, least=Decimal(-1_000_000), most=Decimal(1_000_000)),
    ),
)
