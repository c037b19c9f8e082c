"""What would be sent of each record, and why: shared by sending, the dry run and the files.

``base`` is what both sides last agreed on. A field that only the portal owns is written as it is
here; one that goes both ways is sent when the portal alone changed it. Nothing differs: nothing is
sent, whatever the number of signals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from members.builders import crm_values
from members.builders.crm_values import Found
from members.enums import CrmDirection, CrmMode
from members.models import CrmConflict, CrmMapping, CrmRecord
from members.models.crm import PORTAL_FIELD
from members.services.crm.client import Reader

_UNKNOWN = object()


class Action(StrEnum):
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    LEAVE = "leave"
    FORGET = "forget"  # gone here, and never sent


@dataclass(frozen=True)
class Change:
    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Clash:
    """Both sides changed it."""

    mapping: CrmMapping
    portal: Any
    crm: Any


@dataclass
class Plan:
    record: CrmRecord
    action: Action
    values: dict[str, Any] = field(default_factory=dict)  # sent, by field of the CRM
    changes: list[Change] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)  # not sent, agreed on all the same

    @property
    def payload(self) -> dict[str, Any]:
        return {PORTAL_FIELD: str(self.record.portal_id), **self.values}


@dataclass
class Plans:
    rows: list[Plan]
    unmodified_since: datetime | None = None  # of what was read over there

    def of(self, *actions: Action) -> list[Plan]:
        return [plan for plan in self.rows if plan.action in actions]


def same(one: Any, other: Any) -> bool:
    """As the CRM sees it: nothing and an empty text are the same, a link is the number it holds."""
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return str(value.get("id", ""))
    return None if value == "" else value


def make(module: str, records: Sequence[CrmRecord], *, on: date, zoho: Reader | None) -> Plans:
    """``zoho`` None: by what is known here alone."""
    mappings = list(CrmMapping.objects.of(module).going_out())
    found = crm_values.found(module, [record.object_id for record in records], on)
    frozen = _awaiting_a_decision(records)
    drafts = [_Draft(record, mappings, frozen.get(record.pk, set())) for record in records]
    told = {draft.record.pk: draft for draft in drafts if draft.differs(found)}
    current = _current(module, mappings, list(told.values()), zoho)
    rows = [
        draft.plan(found[draft.record.object_id], current)
        if draft.record.pk in told
        else _unsent(draft.record, found)
        for draft in drafts
    ]
    moments = [datetime.fromisoformat(row["Modified_Time"]) for row in (current or {}).values()]
    return Plans(rows, max(moments, default=None))


def _awaiting_a_decision(records: Sequence[CrmRecord]) -> dict[int, set[int]]:
    frozen: dict[int, set[int]] = {}
    open_ones = CrmConflict.objects.open().filter(record__in=[record.pk for record in records])
    for record_id, mapping_id in open_ones.values_list("record_id", "mapping_id"):
        frozen.setdefault(record_id, set()).add(mapping_id)
    return frozen


def _current(
    module: str, mappings: list[CrmMapping], drafts: list["_Draft"], zoho: Reader | None
) -> dict[str, dict[str, Any]] | None:
    """What the CRM holds, asked only when the mapping depends on it."""
    looked_at = [
        row.zoho_field
        for row in mappings
        if row.direction == CrmDirection.BOTH or row.mode == CrmMode.IF_EMPTY
    ]
    if zoho is None or not looked_at:
        return None
    ids = [draft.record.zoho_id for draft in drafts if draft.record.zoho_id]
    return zoho.get(module, ids, [*looked_at, "Modified_Time"])


def _unsent(record: CrmRecord, found: dict[int, Found]) -> Plan:
    if record.object_id in found:
        return Plan(record, Action.LEAVE)
    sent = record.zoho_id or record.sent_at or record.tried_at
    return Plan(record, Action.DELETE if sent else Action.FORGET)


@dataclass
class _Draft:
    record: CrmRecord
    mappings: list[CrmMapping]
    frozen: set[int]

    def differs(self, found: dict[int, Found]) -> bool:
        """Something is to be told. Whoever has no link any more is not newly sent."""
        one = found.get(self.record.object_id)
        if one is None or not self.mappings:
            return False
        if self.record.is_new:
            return one.linked or self.record.tried_at is not None
        return any(self._is_due(row, one.values.get(row.source)) for row in self.mappings)

    def _is_due(self, row: CrmMapping, value: Any) -> bool:
        if row.pk in self.frozen or row.mode == CrmMode.IF_NEW:
            return False
        known = self.record.base.get(row.zoho_field, _UNKNOWN)
        if row.mode == CrmMode.IF_EMPTY:
            return known is _UNKNOWN and not same(value, None)
        return known is _UNKNOWN or not same(value, known)

    def plan(self, one: Found, current: dict[str, dict[str, Any]] | None) -> Plan:
        there = (current or {}).get(self.record.zoho_id)
        lost = current is not None and bool(self.record.zoho_id) and there is None
        new = self.record.is_new or lost
        plan = Plan(self.record, Action.INSERT if new else Action.UPDATE)
        for row in self.mappings:
            if row.pk not in self.frozen:
                self._add(plan, row, one.values.get(row.source), new, there)
        if not new and not plan.changes:
            plan.action = Action.LEAVE
        return plan

    def _add(
        self, plan: Plan, row: CrmMapping, value: Any, new: bool, there: dict[str, Any] | None
    ) -> None:
        name = row.zoho_field
        base = self.record.base.get(name, _UNKNOWN)
        if not new and there is not None and row.direction == CrmDirection.BOTH:
            if not _goes_out(plan, row, value, base, there.get(name)):
                return
        elif not new and row.mode == CrmMode.IF_EMPTY:
            if there is None or not same(there.get(name), None):
                plan.seen[name] = value
                return
        elif row.mode == CrmMode.IF_NEW and not new:
            return
        if row.mode != CrmMode.OVERWRITE and same(value, None):
            return
        plan.values[name] = value
        before = None if new or base is _UNKNOWN else base
        if new or base is _UNKNOWN or not same(value, base):
            plan.changes.append(Change(name, before, value))


def _goes_out(plan: Plan, row: CrmMapping, value: Any, base: Any, there: Any) -> bool:
    """Of a field that both sides may change: the portal alone did."""
    name = row.zoho_field
    if same(value, there):
        plan.seen[name] = value
        return False
    ours = base is _UNKNOWN or not same(value, base)
    theirs = not same(there, None if base is _UNKNOWN else base)
    if ours and theirs:
        plan.clashes.append(Clash(row, value, there))
    return ours and not theirs
