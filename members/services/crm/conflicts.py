"""Fields that both sides changed: each is left as it is until someone decides."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apmsl.lib.typography import typeset
from members.builders import crm_values
from members.enums import CrmModule, CrmSide, CrmSource
from members.models import CrmConflict, CrmMapping, CrmRecord, Person, Team, User


class ValueRefused(Exception):
    """The portal does not take the value of the CRM; the message is shown as it is."""


def note(
    *, record: CrmRecord, mapping: CrmMapping, portal: Any, crm: Any, at: datetime, reason: str = ""
) -> CrmConflict:
    """One open row a field: a later change of either side is written on it."""
    conflict, _ = CrmConflict.objects.update_or_create(
        record=record,
        mapping=mapping,
        decided_at=None,
        defaults={"portal_value": portal, "crm_value": crm, "reason": reason[:300]},
        create_defaults={
            "portal_value": portal,
            "crm_value": crm,
            "reason": reason[:300],
            "found_at": at,
        },
    )
    return conflict


def settled(*, record: CrmRecord, mapping: CrmMapping, at: datetime) -> None:
    """Both sides say the same again."""
    still_open = CrmConflict.objects.open().filter(record=record, mapping=mapping)
    still_open.update(decided_at=at, kept=CrmSide.CRM)


@transaction.atomic
def decide(*, conflict: CrmConflict, keep: CrmSide, by: User | None, at: datetime) -> bool:
    """False when somebody has decided already. Lock order: the conflict, then its record."""
    conflict = CrmConflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    if conflict.decided_at is not None:
        return False
    mapping = conflict.mapping
    record = CrmRecord.objects.select_for_update().get(pk=conflict.record_id)
    if keep == CrmSide.CRM:
        take(record=record, mapping=mapping, value=conflict.crm_value)
    # What the CRM says is known: only a change after this one disagrees again.
    record.base[mapping.zoho_field] = conflict.crm_value
    record.save(update_fields=["base"])
    conflict.kept, conflict.decided_at, conflict.decided_by = keep, at, by
    conflict.save(update_fields=["kept", "decided_at", "decided_by"])
    CrmRecord.objects.filter(pk=record.pk).look_again(at=at)
    return True


def take(*, record: CrmRecord, mapping: CrmMapping, value: Any) -> bool:
    """Write a value of the CRM into the portal, as if the staff had typed it. False when the object
    is gone."""
    model = Person if record.module == CrmModule.CONTACTS else Team
    row: Any = model._default_manager.filter(pk=record.object_id).select_for_update().first()
    if row is None:
        return False
    name = crm_values.attribute(mapping.source)
    setattr(row, name, _typed(CrmSource(mapping.source), value))
    others = {field.name for field in row._meta.concrete_fields} - {name}
    try:
        row.clean_fields(exclude=others)
        with transaction.atomic():
            row.save(update_fields=[name])
    except ValidationError as error:
        raise ValueRefused(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise ValueRefused(typeset("Le portail refuse cette valeur.")) from error
    return True


def _typed(source: CrmSource, value: Any) -> Any:
    if source in crm_values.BOOLEANS:
        return bool(value)
    if source in crm_values.NUMBERS:
        return value
    return " ".join(str(value or "").split())
