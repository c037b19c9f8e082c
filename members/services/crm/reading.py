"""Reading back what the CRM owns: only mapped fields, only of records that bear our number."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction

from apmsl.lib.dates import today
from members.builders import crm_values
from members.builders.crm_values import Found
from members.enums import CrmDirection, CrmModule, CrmRunKind
from members.models import CrmBridge, CrmMapping, CrmRecord, CrmRun
from members.models.crm import PORTAL_FIELD
from members.services.crm import bridge, client, conflicts
from members.services.crm.bridge import Tally
from members.services.crm.client import Reader, Record
from members.services.crm.plans import same
from members.services.crm.tokens import Later, Misconfigured

AT_ONCE = 200
_UNKNOWN = object()


def read(*, at: datetime) -> CrmRun | None:
    """One passage: what was changed there since the last one."""
    if not bridge.is_open() or not client.is_configured() or client.resting():
        return None
    tally = Tally()
    try:
        with Reader() as zoho:
            for module in CrmModule:
                mappings = list(CrmMapping.objects.of(module).coming_in())
                if mappings:
                    _module(zoho, module, mappings, tally, at)
    except Misconfigured as error:
        tally.message = str(error)
        bridge.in_trouble(reason=str(error), at=at)
    except (Later, client.BadRequest) as error:
        tally.message = f"Relecture interrompue ({error})."
    return bridge.report(kind=CrmRunKind.READ, tally=tally, since=at, until=at)


def _module(
    zoho: Reader, module: CrmModule, mappings: list[CrmMapping], tally: Tally, at: datetime
) -> None:
    """The mark moves on after each batch: interrupted, the next passage goes on from there. Read
    twice, a record changes nothing."""
    until = CrmBridge.current().read_until.get(module.value)
    since = datetime.fromisoformat(until) if until else None
    fields = [row.zoho_field for row in mappings]
    for rows in _batches(zoho.modified(module, fields, since)):
        _batch(module, mappings, rows, tally, at)
        _mark(module, max(str(row["Modified_Time"]) for row in rows))


def _batches(rows: Iterable[Record]) -> Iterator[list[Record]]:
    following = iter(rows)
    while batch := list(islice(following, AT_ONCE)):
        yield batch


@transaction.atomic
def _mark(module: CrmModule, until: str) -> None:
    bridge_row = CrmBridge.objects.select_for_update().get(pk=1)
    bridge_row.read_until[module.value] = until
    bridge_row.save(update_fields=["read_until"])


@transaction.atomic
def _batch(
    module: CrmModule, mappings: list[CrmMapping], rows: list[Record], tally: Tally, at: datetime
) -> None:
    by_number = {number: row for row in rows if (number := _number(row))}
    known = CrmRecord.objects.filter(module=module, portal_id__in=list(by_number))
    records = list(known.select_for_update().order_by("module", "object_id"))
    found = crm_values.found(module, [record.object_id for record in records], today())
    for record in records:
        if record.object_id in found:
            theirs = by_number[record.portal_id]
            _Reading(record, found[record.object_id], theirs, tally, at).compare(mappings)


def _number(row: Record) -> UUID | None:
    """Whoever works in the CRM may have typed anything there."""
    try:
        return UUID(str(row.get(PORTAL_FIELD)))
    except ValueError:
        return None


class _Reading:
    """Of one record. Its row is locked."""

    def __init__(
        self, record: CrmRecord, one: Found, theirs: Record, tally: Tally, at: datetime
    ) -> None:
        self.record, self.one, self.theirs, self.tally, self.at = record, one, theirs, tally, at

    def compare(self, mappings: list[CrmMapping]) -> None:
        before = dict(self.record.base)
        for mapping in mappings:
            self._field(mapping, self.theirs.get(mapping.zoho_field))
        if self.record.base != before:
            self.record.save(update_fields=["base"])

    def _field(self, mapping: CrmMapping, crm: Any) -> None:
        name = mapping.zoho_field
        base = self.record.base.get(name, _UNKNOWN)
        portal = self.one.values.get(mapping.source)
        if same(portal, crm):
            self.record.base[name] = crm
            conflicts.settled(record=self.record, mapping=mapping, at=self.at)
        elif base is not _UNKNOWN and same(crm, base):
            return  # the CRM did not change it
        elif self._portal_gives_way(mapping, base, portal, crm):
            self._take(mapping, crm)
        elif base is not _UNKNOWN or not same(crm, None):
            self._clash(mapping, portal, crm)

    @staticmethod
    def _portal_gives_way(mapping: CrmMapping, base: Any, portal: Any, crm: Any) -> bool:
        """The portal has not changed it since; or nothing was ever agreed on, and the CRM is right,
        or alone has a value."""
        if base is not _UNKNOWN:
            return same(portal, base)
        return mapping.direction == CrmDirection.IN or same(portal, None)

    def _take(self, mapping: CrmMapping, crm: Any) -> None:
        try:
            conflicts.take(record=self.record, mapping=mapping, value=crm)
        except conflicts.ValueRefused as refusal:
            portal = self.one.values.get(mapping.source)
            self._clash(mapping, portal, crm, reason=str(refusal))
        else:
            self.record.base[mapping.zoho_field] = crm
            self.tally.read += 1

    def _clash(self, mapping: CrmMapping, portal: Any, crm: Any, reason: str = "") -> None:
        conflicts.note(
            record=self.record, mapping=mapping, portal=portal, crm=crm, at=self.at, reason=reason
        )
        self.tally.conflicts += 1
