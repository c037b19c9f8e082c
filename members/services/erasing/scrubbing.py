"""Taking what names a person out of every text of the database, found by reading the models.

Invoices and what the accounts rest on stay whole for ten years: it is the law.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pgtrigger
from django.apps import apps
from django.db.models import (
    CharField,
    EmailField,
    FileField,
    GeneratedField,
    JSONField,
    Model,
    Q,
    QuerySet,
    SlugField,
    TextField,
    UUIDField,
)
from django.db.models.functions import Cast

from apmsl.mail.models import Message
from members.models import Piece
from members.services.erasing.identity import Replacement

ACCOUNTS_KEPT = 10  # years
# The day that each accounting row counts from.
ACCOUNTS = {
    "members.Piece": "issued_on",
    "members.Payment": "received_on",
    "members.PaymentEvent": "received_on",
    "members.BankLine": "booked_on",
    "members.DepositSlip": "deposited_on",
}
# What was laid before the board and published: it says who sat there that year, and never changes.
PUBLISHED = {"reports.ReportVersion"}
# Names of teams and of other things, which may be those of people; and keys.
NAMES_OF_THINGS = {
    "members.Person": {"first_name", "last_name"},
    "members.PersonEvent": set[str](),
    "members.Team": {"name"},
    "members.TeamEvent": {"name"},
    "members.Site": {"label"},
    "members.SiteEvent": {"label"},
    "members.User": {"email", "password"},
    "sessions.Session": {"session_key", "session_data"},
}
NO_ADDRESS = "efface@portail.invalid"


@dataclass(frozen=True)
class Column:
    name: str
    is_json: bool
    is_address: bool
    blank: bool
    length: int | None


def scrub_everything(
    replacements: list[Replacement], *, messages: list[Replacement], on: date
) -> int:
    """How many rows were rewritten, histories last: rewriting a row writes its history. From a
    message that names the person, ``messages`` go too."""
    if not replacements:
        return 0
    models = [model for model in apps.get_models(include_auto_created=True) if _is_ours(model)]
    histories = [model for model in models if hasattr(model, "pgh_tracked_model")]
    others = [model for model in models if model not in histories]
    with pgtrigger.ignore(*_protections([])):
        done = scrub(Message.objects.all(), replacements, also=messages)
        done += sum(scrub(_open_to_it(model, on), replacements) for model in others)
    with pgtrigger.ignore(*_protections(histories)):
        return done + sum(scrub(_open_to_it(model, on), replacements) for model in histories)


def scrub_rows_about(rows: "QuerySet[Any]", replacements: list[Replacement]) -> int:
    """The rows and their history."""
    pks = list(rows.values_list("pk", flat=True))
    done = scrub(rows.model._base_manager.filter(pk__in=pks), replacements)
    history = getattr(rows.model, "pgh_event_model", None)
    if history is None or not pks:
        return done
    with pgtrigger.ignore(*_protections([history])):
        return done + scrub(history.objects.filter(pgh_obj_id__in=pks), replacements)


def _is_ours(model: type[Model]) -> bool:
    return model._meta.managed and not model._meta.proxy


def _open_to_it(model: type[Model], on: date) -> "QuerySet[Any]":
    rows = model._base_manager.all()
    if model._meta.label in PUBLISHED:
        return rows.none()
    if day := ACCOUNTS.get(model._meta.label):
        return rows.filter(**{f"{day}__lt": accounts_kept_from(on)})
    return rows


def accounts_kept_from(on: date) -> date:
    """1 January of the first year whose accounts are kept."""
    return date(on.year - ACCOUNTS_KEPT, 1, 1)


def _protections(models: Iterable[type[Model]]) -> list[str]:
    """Triggers that forbid to rewrite these rows, by the names that ignore them."""
    kept = [*models, Piece]
    return [
        f"{model._meta.label}:{trigger.name}"
        for model, trigger in pgtrigger.registered()
        if model in kept and isinstance(trigger, pgtrigger.Protect)
    ]


# -- one table -------------------------------------------------------------------------------------
def scrub(
    rows: "QuerySet[Any]", replacements: list[Replacement], *, also: Sequence[Replacement] = ()
) -> int:
    """``also`` goes from the rows where one of ``replacements`` is found."""
    columns = list(_columns(rows.model))
    if not columns:
        return 0
    wanted = "|".join(expression for expression, _ in replacements)
    casts = {f"text_{c.name}": Cast(c.name, TextField()) for c in columns if c.is_json}
    found = Q()
    for column in columns:
        name = f"text_{column.name}" if column.is_json else column.name
        found |= Q(**{f"{name}__iregex": wanted})
    every = (*replacements, *also)
    compiled = [(re.compile(expression, re.IGNORECASE), by) for expression, by in every]
    done = 0
    named = [column.name for column in columns]
    for row in rows.alias(**casts).filter(found).order_by("pk").values("pk", *named):
        changed = {c.name: _cleaned(row[c.name], c, compiled) for c in columns}
        changed = {name: value for name, value in changed.items() if value != row[name]}
        if changed:
            done += rows.model._base_manager.filter(pk=row["pk"]).update(**changed)
    return done


def _columns(model: type[Model]) -> Iterator[Column]:
    left = NAMES_OF_THINGS.get(model._meta.label, set())
    for f in model._meta.local_concrete_fields:
        if f.name in left or f.primary_key or getattr(f, "choices", None):
            continue
        if isinstance(f, FileField | SlugField | GeneratedField | UUIDField):
            continue
        if isinstance(f, CharField | TextField | JSONField):
            yield Column(
                f.name,
                isinstance(f, JSONField),
                isinstance(f, EmailField),
                f.blank,
                getattr(f, "max_length", None),
            )


def _cleaned(value: Any, column: Column, compiled: list[tuple[re.Pattern[str], str]]) -> Any:
    if column.is_address:
        found = any(expression.search(value or "") for expression, _ in compiled)
        return ("" if column.blank else NO_ADDRESS) if found else value
    if isinstance(value, str):
        return _text(value, compiled)[: column.length]
    return _json(value, compiled)


def _json(value: Any, compiled: list[tuple[re.Pattern[str], str]]) -> Any:
    if isinstance(value, str):
        return _text(value, compiled)
    if isinstance(value, list):
        return [_json(part, compiled) for part in value]
    if isinstance(value, dict):
        return {_text(str(key), compiled): _json(part, compiled) for key, part in value.items()}
    return value


def _text(value: str, compiled: list[tuple[re.Pattern[str], str]]) -> str:
    for expression, by in compiled:
        value = expression.sub(by, value)
    return value
