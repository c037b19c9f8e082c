"""Which of our fields has which name in the CRM, checked against what the CRM says of its fields."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from apmsl.lib.typography import typeset
from members.builders import crm_values
from members.enums import CrmDirection, CrmMode, CrmModule, CrmSource
from members.models import CrmBridge, CrmMapping, CrmRecord
from members.models.crm import PORTAL_FIELD
from members.services.crm.client import Reader

FRESH = timedelta(days=1)
TEXTS = {"text", "textarea", "picklist", "phone", "email", "website"}
_TYPES = (
    (crm_values.BOOLEANS, {"boolean"}),
    (crm_values.NUMBERS, {"integer", "bigint", "double"}),
    (crm_values.DATES, {"date"}),
    (crm_values.LOOKUPS, {"lookup"}),
)
# What the CRM has from the start, or what the guide says to create there.
USUAL = {
    CrmSource.TEAM_NAME: "Account_Name",
    CrmSource.TEAM_CITY: "Billing_City",
    CrmSource.TEAM_POSTCODE: "Billing_Code",
    CrmSource.TEAM_DEPARTMENT: "Departement",
    CrmSource.TEAM_STAGE: "Etape",
    CrmSource.TEAM_MEMBERSHIP: "Adhesion",
    CrmSource.TEAM_COORDINATOR: "Coordination",
    CrmSource.PERSON_FIRST_NAME: "First_Name",
    CrmSource.PERSON_LAST_NAME: "Last_Name",
    CrmSource.PERSON_EMAIL: "Email",
    CrmSource.PERSON_MOBILE: "Mobile",
    CrmSource.PERSON_PHONE: "Phone",
    CrmSource.PERSON_TEAM: "Account_Name",
    CrmSource.PERSON_PROFESSION: "Profession",
    CrmSource.PERSON_ROLES: "Fonctions",
}


def module_of(source: str) -> CrmModule:
    return CrmModule.CONTACTS if source.startswith("person.") else CrmModule.ACCOUNTS


@transaction.atomic
def propose(*, at: datetime) -> int:
    """The usual fields that are not mapped yet, nor their names taken."""
    kept = CrmMapping.objects.values_list("module", "source", "zoho_field")
    taken = {(module, part) for module, *parts in kept for part in parts}
    rows = []
    for source, name in USUAL.items():
        module = module_of(source)
        if (module, source) not in taken and (module, name) not in taken:
            rows.append(CrmMapping(module=module, source=source, zoho_field=name))
    CrmMapping.objects.bulk_create(rows)
    if rows:
        changed(modules={row.module for row in rows}, at=at)
    return len(rows)


def changed(*, modules: Iterable[str], at: datetime) -> None:
    """After a change of the mapping: every record is compared again."""
    CrmRecord.objects.filter(module__in=list(modules)).look_again(at=at)


def read_fields(*, at: datetime) -> CrmBridge:
    """Ask the CRM for its fields, and keep them. Raises Later or Misconfigured."""
    with Reader() as zoho:
        fields = {module.value: [_kept(row) for row in zoho.fields(module)] for module in CrmModule}
    bridge, _ = CrmBridge.objects.get_or_create(pk=1)
    bridge.fields, bridge.fields_at = fields, at
    bridge.save(update_fields=["fields", "fields_at"])
    return bridge


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": str(row.get("api_name", "")),
        "label": str(row.get("field_label", "")),
        "type": str(row.get("data_type", "")),
        "read_only": bool(row.get("read_only")),
        "mandatory": bool(row.get("system_mandatory")),
        "unique": bool(row.get("unique")),
        "choices": [str(one.get("display_value")) for one in row.get("pick_list_values") or []],
    }


def check(row: CrmMapping, fields: dict[str, Any]) -> None:
    """``fields``: what the CRM says of its own; nothing when it has not been asked yet."""
    source = CrmSource(row.source)
    if module_of(source) != row.module:
        raise ValidationError({"source": "Cette donnée n’est pas de ce module."})
    if row.direction in {CrmDirection.IN, CrmDirection.BOTH} and source not in crm_values.WRITABLE:
        raise ValidationError({"direction": "Le CRM ne peut pas changer cette donnée du portail."})
    if source in crm_values.PERSONAL and row.mode != CrmMode.OVERWRITE:
        raise ValidationError(
            {
                "mode": "Une coordonnée est toujours remplacée : c’est ainsi qu’elle s’efface quand "
                "la personne retire son accord."
            }
        )
    known = {one["name"]: one for one in fields.get(row.module, [])}
    if known:
        _check_field(row, known.get(row.zoho_field))


def _check_field(row: CrmMapping, field: dict[str, Any] | None) -> None:
    if field is None:
        raise ValidationError({"zoho_field": "Le CRM n’a pas de champ de ce nom."})
    goes_out = row.direction in {CrmDirection.OUT, CrmDirection.BOTH}
    if goes_out and field["read_only"]:
        raise ValidationError({"zoho_field": "Ce champ du CRM ne se modifie pas."})
    wanted = next((types for sources, types in _TYPES if row.source in sources), TEXTS)
    if field["type"] not in wanted:
        asked = ", ".join(sorted(wanted))
        message = f"Ce champ du CRM est de type « {field['type']} » ; il faut : {asked}."
        raise ValidationError({"zoho_field": typeset(message)})


def problems() -> list[str]:
    """What would keep the exchanges from working, as far as is known."""
    return [typeset(text) for module in CrmModule for text in _problems_of(module)]


def _problems_of(module: CrmModule) -> Iterator[str]:
    mappings = list(CrmMapping.objects.of(module))
    fields = CrmBridge.current().fields
    known = {one["name"]: one for one in fields.get(module, [])}
    if not mappings:
        yield f"{module.label} : aucun champ n’est associé, rien ne part."
        return
    if not known:
        return
    ours = known.get(PORTAL_FIELD)
    if ours is None or not ours["unique"]:
        yield f"{module.label} : créez dans le CRM un champ unique nommé {PORTAL_FIELD}."
    sent = {row.zoho_field for row in mappings if row.direction != CrmDirection.NONE}
    for name in sorted(
        name for name, one in known.items() if one["mandatory"] and name not in sent
    ):
        yield f"{module.label} : le CRM exige le champ {name}."
    for row in mappings:
        try:
            check(row, fields)
        except ValidationError as error:
            yield f"{row} : {' '.join(error.messages)}"
