"""What points at a record, read from the models themselves: a relation added tomorrow is found too.

Histories are left out: they tell what was, under the numbers of then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db.models import Model, Q, QuerySet, UniqueConstraint

Period = tuple[str, str]  # the two fields of a period


@dataclass(frozen=True)
class Link:
    """A foreign key; both ends of a many-to-many relation are those of its own table."""

    model: type[Model]
    name: str

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.name}"

    def rows_of(self, pk: int) -> "QuerySet[Any]":
        return self.model._base_manager.filter(**{self.name: pk})


@dataclass(frozen=True)
class Only:
    """What the database lets exist once for a record: the other fields, over a period or not."""

    fields: tuple[str, ...]
    period: Period | None = None
    condition: Q | None = None


def links_to(target: type[Model]) -> list[Link]:
    found = []
    for model in apps.get_models(include_auto_created=True):
        if hasattr(model, "pgh_tracked_model") or not model._meta.managed:
            continue
        for f in model._meta.local_concrete_fields:
            if f.is_relation and f.related_model is target:
                found.append(Link(model, f.name))
    return found


def generic_rows_of(target: type[Model], pk: int) -> "Iterator[tuple[QuerySet[Any], str]]":
    """Rows that name a record by its type and number, and the field that holds the number."""
    kind = ContentType.objects.get_for_model(target)
    yield LogEntry.objects.filter(content_type=kind, object_id=str(pk)), "object_id"
    for model in apps.get_models(include_auto_created=True):
        for f in model._meta.private_fields:
            if isinstance(f, GenericForeignKey):
                named = {f.ct_field: kind, f.fk_field: pk}
                yield model._base_manager.filter(**named), f.fk_field


def once_each(link: Link) -> list[Only]:
    """The rules of the database that two rows of the same record may break together."""
    options = link.model._meta
    found = [_unique(c, link.name) for c in options.constraints if isinstance(c, UniqueConstraint)]
    found += [
        _exclusive(c, link.name) for c in options.constraints if isinstance(c, ExclusionConstraint)
    ]
    found += [
        Only(tuple(name for name in names if name != link.name))
        for names in options.unique_together
        if link.name in names
    ]
    if options.get_field(link.name).unique:  # type: ignore[union-attr]
        found.append(Only(()))
    return [only for only in found if only is not None]


def _unique(constraint: UniqueConstraint, name: str) -> Only | None:
    if name not in constraint.fields:
        return None
    others = tuple(field for field in constraint.fields if field != name)
    return Only(others, condition=constraint.condition)


def _exclusive(constraint: ExclusionConstraint, name: str) -> Only | None:
    fields: list[str] = []
    period = None
    for expression, _ in constraint.expressions:
        parts: Any = expression
        names = [part.name for part in parts.get_source_expressions() if hasattr(part, "name")]
        if parts.extra.get("function", parts.function) == "daterange":
            period = (names[0], names[1])
        else:
            fields.append(names[0])
    if name not in fields:
        return None
    return Only(tuple(f for f in fields if f != name), period, constraint.condition)


# -- rows that cannot stand together ---------------------------------------------------------------
def clusters(rows: list[Any], only: Only) -> list[list[Any]]:
    """Of rows of one record, those that the database would refuse together."""
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        key = tuple(_plain(row, field) for field in only.fields)
        if None not in key:  # empty values are never equal
            groups.setdefault(key, []).append(row)
    found = []
    for group in groups.values():
        found += _overlapping(group, only.period) if only.period else [group]
    return [cluster for cluster in found if len(cluster) > 1]


def _plain(row: Any, field: str) -> Any:
    return getattr(row, row._meta.get_field(field).attname)


def _overlapping(rows: list[Any], period: Period) -> list[list[Any]]:
    """The last day of a period is outside; a period of no day overlaps nothing."""
    spans = sorted(((*_span(row, period), row.pk, row) for row in rows), key=lambda span: span[:3])
    found: list[list[Any]] = []
    reach = date.min
    for start, end, _, row in spans:
        if start == end:
            continue
        if found and start < reach:
            found[-1].append(row)
        else:
            found.append([row])
            reach = date.min
        reach = max(reach, end)
    return found


def _span(row: Any, period: Period) -> tuple[date, date]:
    return getattr(row, period[0]) or date.min, getattr(row, period[1]) or date.max
