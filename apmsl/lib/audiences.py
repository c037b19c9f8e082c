"""Audiences: who something is for, and who is in it.

An audience is a key, alone (``members``) or with a value (``department:44``). What targets people
holds a list of keys in an ``AudienceField``. Each app registers its kinds in ``apps.ready()``: this
is the one place that answers « who is in this audience » and « which audiences is this person in ».
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.text import capfirst

PUBLIC_KEY = "public"
KEY_PATTERN = r"^[a-z_]+(:[A-Za-z0-9._-]+)?$"


@dataclass(frozen=True)
class Kind:
    """``keys_of`` yields the keys (a column named ``key``) of a person on a day; ``people`` the
    people of a key's value on a day; ``values`` the choices of a kind that takes one."""

    code: str
    label: str
    keys_of: Callable[[int, date], QuerySet[Any, Any]] | None = None
    people: Callable[[str, date], QuerySet[Any]] | None = None
    values: Callable[[], Iterable[tuple[str, str]]] | None = None


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    _kinds.update({kind.code: kind for kind in kinds})


def kinds() -> list[Kind]:
    return list(_kinds.values())


def key(kind: str, value: object = None) -> str:
    return kind if value is None else f"{kind}:{value}"


def keyed(kind: str, field: str | None = None) -> Any:
    """The key of ``kind`` as an SQL expression, with the value of a column where it takes one."""
    if field is None:
        return Value(kind, output_field=CharField())
    return Concat(Value(f"{kind}:"), F(field), output_field=CharField())


ANYONE = -1  # stands for the person in the compiled statement


@lru_cache(maxsize=4)
def _statement(on: date) -> tuple[str, tuple[Any, ...]]:
    """The question « which audiences is ANYONE in » as SQL: every page asks it, and compiling it
    costs ten times what running it does."""
    first, *others = [kind.keys_of(ANYONE, on) for kind in kinds() if kind.keys_of]
    compiled: tuple[str, tuple[Any, ...]] = first.union(*others, all=True).query.sql_with_params()
    return compiled


def keys_of(person_id: int, on: date) -> frozenset[str]:
    """Every audience that the person is in on that day, in one query."""
    sql, params = _statement(on)
    with connection.cursor() as cursor:
        cursor.execute(sql, [person_id if param == ANYONE else param for param in params])
        return frozenset(key for (key,) in cursor.fetchall()) | {PUBLIC_KEY}


def keys_of_user(user: Any) -> list[str]:
    """Those of whoever looks, signed in or not, ready for ``audiences__overlap``."""
    return sorted(getattr(user, "seen_audiences", {PUBLIC_KEY}))


def people(audience: str, on: date) -> QuerySet[Any]:
    """The people who are in an audience on that day. Raises KeyError for an unknown kind."""
    code, _, value = audience.partition(":")
    kind = _kinds[code]
    if kind.people is None:
        raise KeyError(audience)
    return kind.people(value, on)


def choices() -> list[tuple[str, str]]:
    """Every key that exists now, with its French label, for forms and filters."""
    found = []
    for kind in kinds():
        if kind.values is None:
            found.append((kind.code, kind.label))
        else:
            found += [(key(kind.code, v), f"{kind.label} : {label}") for v, label in kind.values()]
    return found


def label(audience: str) -> str:
    """For a list: the kind's own words and the value as it is, without a query."""
    code, _, value = audience.partition(":")
    kind = _kinds.get(code)
    words = kind.label if kind else code
    return f"{words} : {value}" if value else words


def validate(keys: list[str]) -> None:
    known = {code for code, _ in choices()}
    unknown = [audience for audience in keys if audience not in known]
    if unknown:
        raise ValidationError("Public inconnu : %(keys)s.", params={"keys": ", ".join(unknown)})


class AudienceField(ArrayField):  # type: ignore[type-arg]
    """A sorted list of audience keys."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["base_field"] = models.CharField(max_length=60)
        kwargs.setdefault("verbose_name", "publics")
        kwargs.setdefault("default", list)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("base_field", None)
        return name, "apmsl.lib.audiences.AudienceField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> list[str]:
        keys = sorted(set(getattr(model_instance, self.attname)))
        setattr(model_instance, self.attname, keys)
        return keys

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms  # noqa: PLC0415  forms are not needed to load models

        return forms.MultipleChoiceField(
            label=capfirst(self.verbose_name),
            choices=choices,
            required=not self.blank,
            widget=forms.CheckboxSelectMultiple,
            initial=kwargs.get("initial"),
            help_text=self.help_text,
        )
