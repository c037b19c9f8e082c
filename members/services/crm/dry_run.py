"""What the next passage would do, record by record. Nothing is written, here or there: a ``Reader`` has
no call that writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from apmsl.lib.typography import typeset
from members.enums import CrmModule
from members.models import CrmRecord, Person, Team
from members.services.crm import client, plans
from members.services.crm.plans import Action, Plan

EFFECTS = {
    Action.INSERT: "Créer",
    Action.UPDATE: "Mettre à jour",
    Action.DELETE: "Supprimer du CRM",
    Action.FORGET: "Oublier : jamais envoyée",
    Action.LEAVE: "Laisser : rien ne change",
}
NOTHING = "–"


@dataclass(frozen=True)
class Preview:
    plan: Plan
    title: str

    @property
    def effect(self) -> str:
        return typeset(EFFECTS[self.plan.action])

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """Field, before, after; what stays empty is not told."""
        rows = [(row.field, shown(row.before), shown(row.after)) for row in self.plan.changes]
        return [row for row in rows if row[1:] != (NOTHING, NOTHING)]

    @property
    def clashes(self) -> list[tuple[str, str, str]]:
        """Field, what the portal says, what the CRM says."""
        rows = self.plan.clashes
        return [(row.mapping.zoho_field, shown(row.portal), shown(row.crm)) for row in rows]


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dict):
        return str(value.get("name") or value.get("id") or NOTHING)
    return NOTHING if value in (None, "") else str(value)


def preview(*, module: str, records: Sequence[CrmRecord], on: date) -> list[Preview]:
    """Compared with the CRM when it answers to us, else with what was last sent."""
    if client.is_configured():
        with client.Reader() as zoho:
            rows = plans.make(module, records, on=on, zoho=zoho).rows
    else:
        rows = plans.make(module, records, on=on, zoho=None).rows
    names = titles(records)
    return [Preview(plan, names.get(plan.record.pk, "Fiche supprimée du portail")) for plan in rows]


def titles(records: Sequence[CrmRecord]) -> dict[int, str]:
    """By the key of the record: the name of what it is about."""
    found: dict[int, str] = {}
    models: dict[str, Any] = {CrmModule.CONTACTS.value: Person, CrmModule.ACCOUNTS.value: Team}
    for module, model in models.items():
        rows = {row.object_id: row.pk for row in records if row.module == module}
        for thing in model._default_manager.filter(pk__in=rows):
            found[rows[thing.pk]] = str(thing)
    return found
