"""Expressions for constraints on periods, without any PostgreSQL extension."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField
from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Func, Value
from django.db.models.expressions import Combinable


def daterange(start: str, end: str, bounds: str = "[)") -> Func:
    """The period from ``start`` to ``end``; an empty bound is open. The last day is outside: a link
    ended on a day no longer holds that day (``bounds="[]"`` keeps it)."""
    return Func(
        F(start), F(end), Value(bounds), function="daterange", output_field=DateRangeField()
    )


def one_of(field: str | Combinable) -> Func:
    """A range of one value, so that « equal » needs no btree_gist."""
    value: Any = F(field) if isinstance(field, str) else field
    return Func(
        value, value, Value("[]"), function="int8range", output_field=BigIntegerRangeField()
    )


class Exclusion(ExclusionConstraint):
    """Django's own, which breaks the form when a field of its condition is wrong or left empty."""

    def validate(
        self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS
    ) -> None:
        rule, condition = self, self.condition  # type: Any, Any
        if exclude and condition and rule._expression_refs_exclude(model, condition, exclude):
            return
        super().validate(model, instance, exclude=exclude, using=using)

    def deconstruct(self) -> Any:
        """In the database, and for migrations, it is Django's."""
        _, args, kwargs = super().deconstruct()
        path = f"{ExclusionConstraint.__module__}.{ExclusionConstraint.__qualname__}"
        return path, args, kwargs
