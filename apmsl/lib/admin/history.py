"""The past of a record, told as changes: who, when, which field, from what to what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Max

LIMIT = 100  # versions shown, the newest first


@dataclass(frozen=True)
class Change:
    name: str
    field: str  # the same, as people call it
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    at: datetime
    who: str
    deleted: bool
    changes: list[Change]


def last_version(instance: models.Model) -> int:
    """The number of the last version that was replaced; 0 of a record that never changed."""
    kept = type(instance).pgh_event_model.objects
    last: int | None = kept.filter(pgh_obj_id=instance.pk).aggregate(last=Max("pk"))["last"]
    return last or 0


def versions(instance: models.Model, *, after: int = 0) -> list[Version]:
    """The changes of ``instance``, newest first; empty for a model without history. ``after``: only
    those that came after that version was replaced."""
    event_model = getattr(type(instance), "pgh_event_model", None)
    if event_model is None:
        return []
    kept = list(
        event_model.objects.filter(pgh_obj_id=instance.pk, pk__gt=after)
        .select_related("pgh_context")
        .order_by("-pgh_created_at", "-pk")[:LIMIT]
    )
    fields = _shared_fields(type(instance), event_model)
    authors = _authors(kept)
    newer: models.Model = instance
    told = []
    for event in kept:
        changes = [change for field in fields if (change := _change(field, event, newer))]
        author = authors.get(_author_id(event), "Le portail")
        told.append(Version(event.pgh_created_at, author, event.pgh_label == "deleted", changes))
        newer = event
    return told


def _shared_fields(model: type[models.Model], event_model: Any) -> list[Any]:
    kept = {field.name for field in event_model._meta.concrete_fields}
    return [
        field
        for field in model._meta.concrete_fields
        if field.name in kept and not field.primary_key
    ]


def _author_id(event: Any) -> int | None:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def _authors(events: list[Any]) -> dict[int | None, str]:
    ids = {author for event in events if (author := _author_id(event))}
    users = get_user_model()._default_manager.filter(pk__in=ids).select_related("person")
    return {user.pk: str(user.person or user) for user in users}


def _change(field: Any, older: Any, newer: Any) -> Change | None:
    if getattr(older, field.attname) == getattr(newer, field.attname):
        return None
    return Change(field.name, str(field.verbose_name), _shown(field, older), _shown(field, newer))


def _shown(field: Any, row: Any) -> str:
    value = getattr(row, field.attname)
    if value in (None, "", []):
        return "–"
    if field.is_relation:
        related = field.related_model._default_manager.filter(pk=value).first()
        return str(related or f"n° {value}")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)
