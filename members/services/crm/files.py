"""The CRM without its API: the same outbox and the same mapping, carried by a file.

What is marked as handed over counts as sent. A file of numbers exported by the CRM links the records
that it made.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction

from apmsl.lib.typography import typeset
from members.enums import CrmMode, CrmModule, CrmRunKind
from members.models import CrmMapping, CrmRecord
from members.models.crm import PORTAL_FIELD
from members.services.crm import bridge, plans
from members.services.crm.bridge import Tally
from members.services.crm.plans import Action, Plan

AT_ONCE = 500
MOST_BYTES = 10 * 1024 * 1024


class Scope(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


ACTIONS = {
    Scope.NEW: (Action.INSERT,),
    Scope.CHANGED: (Action.UPDATE,),
    Scope.GONE: (Action.DELETE,),
}


class FileRefused(Exception):
    """The message is shown as it is; nothing was changed."""

    def __init__(self, reason: str) -> None:
        super().__init__(typeset(reason))


@dataclass(frozen=True)
class Sheet:
    headers: list[str]
    rows: list[list[Any]]


def write(*, module: str, scope: Scope, mark: bool, on: date, at: datetime) -> Sheet:
    """``mark``: handed over, hence not in the next file."""
    CrmRecord.objects.gather(at=at)
    chosen = list(_chosen(module, scope, on))
    names = _names(module, scope)
    rows = [
        [plan.record.zoho_id, str(plan.record.portal_id), *_cells(plan, names)] for plan in chosen
    ]
    if mark:
        _hand_over(chosen, scope, at)
    return Sheet(["id", PORTAL_FIELD, *names], rows)


def _chosen(module: str, scope: Scope, on: date) -> Iterator[Plan]:
    waiting = CrmRecord.objects.filter(module=module).exclude(state="sent").order_by("pk")
    following = waiting.iterator(chunk_size=AT_ONCE)
    while rows := list(islice(following, AT_ONCE)):
        yield from plans.make(module, rows, on=on, zoho=None).of(*ACTIONS[scope])


def _names(module: str, scope: Scope) -> list[str]:
    """A column that is filled at creation only would empty what the CRM has in a file of changes."""
    if scope == Scope.GONE:
        return []
    mappings = CrmMapping.objects.of(module).going_out()
    if scope == Scope.CHANGED:
        mappings = mappings.filter(mode=CrmMode.OVERWRITE)
    return [row.zoho_field for row in mappings]


def _cells(plan: Plan, names: list[str]) -> list[Any]:
    """A link is told by the number of what it points at."""
    values = (plan.values.get(name) for name in names)
    return [value.get("id") if isinstance(value, dict) else value for value in values]


@transaction.atomic
def _hand_over(chosen: Iterable[Plan], scope: Scope, at: datetime) -> None:
    tally = Tally()
    for plan in chosen:
        record = plan.record
        if scope == Scope.GONE:
            record.delete()
            tally.deleted += 1
            continue
        record.base |= plan.values
        record.sent_at, record.sent_version = at, record.version
        record.state, record.last_error, record.attempts = "sent", "", 0
        record.save(
            update_fields=["base", "sent_at", "sent_version", "state", "last_error", "attempts"]
        )
        tally.inserted += scope == Scope.NEW
        tally.updated += scope == Scope.CHANGED
    bridge.report(kind=CrmRunKind.FILE, tally=tally, since=at, until=at)


@transaction.atomic
def link(*, module: CrmModule, content: bytes) -> int:
    """Take the numbers of the CRM from its own export: columns « id » (or « Record Id ») and our
    number. How many records were linked anew."""
    numbers = dict(_numbers(content))
    linked = 0
    for record in CrmRecord.objects.filter(module=module, portal_id__in=list(numbers)):
        if record.zoho_id != numbers[record.portal_id]:
            record.zoho_id = numbers[record.portal_id]
            record.save(update_fields=["zoho_id"])
            linked += 1
    return linked


def _numbers(content: bytes) -> Iterator[tuple[UUID, str]]:
    if len(content) > MOST_BYTES:
        raise FileRefused("Ce fichier est trop lourd : 10 Mo au plus.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused("Ce fichier n’est pas un CSV en UTF-8.") from error
    separator = ";" if text.partition("\n")[0].count(";") else ","
    rows = csv.DictReader(io.StringIO(text), delimiter=separator)
    headers = {name.strip().lower(): name for name in rows.fieldnames or []}
    ours = headers.get(PORTAL_FIELD.lower())
    theirs = headers.get("id") or headers.get("record id")
    if ours is None or theirs is None:
        raise FileRefused(f"Il faut les colonnes « id » et « {PORTAL_FIELD} ».")
    for line, row in enumerate(rows, start=2):
        number = (row[theirs] or "").strip().removeprefix("zcrm_")
        if not (row[ours] or "").strip():
            continue
        try:
            yield UUID(row[ours].strip()), _digits(number)
        except ValueError as error:
            raise FileRefused(f"Ligne {line} : un des deux numéros est illisible.") from error


def _digits(number: str) -> str:
    if not number.isdecimal() or len(number) > 40:
        raise ValueError(number)
    return number
