"""The switch of the bridge, what stands in its way, and the reports of its passages."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from apmsl.lib.dates import today
from members import mails
from members.builders import crm_values
from members.enums import CrmModule, CrmRunKind, CrmState
from members.models import CrmBridge, CrmConflict, CrmRecord, CrmRun, User

KEPT_REPORTS = timedelta(days=90)

_MISSING = """
INSERT INTO members_crmsignal (module, object_id)
SELECT 'Accounts', t.id FROM members_team t WHERE NOT EXISTS (
    SELECT FROM members_crmrecord r WHERE r.module = 'Accounts' AND r.object_id = t.id)
UNION ALL
SELECT 'Contacts', p.id FROM members_person p WHERE NOT EXISTS (
    SELECT FROM members_crmrecord r WHERE r.module = 'Contacts' AND r.object_id = p.id)
"""


@dataclass
class Tally:
    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    refused: int = 0
    put_off: int = 0
    read: int = 0
    conflicts: int = 0
    message: str = ""

    @property
    def says_something(self) -> bool:
        counted = asdict(self)
        counted.pop("unchanged")
        return any(counted.values())


@transaction.atomic
def switch(*, on: bool, by: User, at: datetime) -> CrmBridge:
    """Open the exchanges, or stop them at once: a worker looks before each call that writes."""
    CrmBridge.objects.get_or_create(pk=1)
    bridge = CrmBridge.objects.select_for_update().get(pk=1)
    if bridge.is_on != on:
        bridge.is_on, bridge.changed_at, bridge.changed_by, bridge.trouble = on, at, by, ""
        bridge.save(update_fields=["is_on", "changed_at", "changed_by", "trouble"])
    return bridge


def is_open() -> bool:
    return CrmBridge.objects.filter(pk=1, is_on=True).exists()


def report(*, kind: CrmRunKind, tally: Tally, since: datetime, until: datetime) -> CrmRun | None:
    """A row, unless nothing happened."""
    if not tally.says_something:
        return None
    counted = asdict(tally) | {"message": tally.message[:300]}
    return CrmRun.objects.create(kind=kind, started_at=since, ended_at=until, **counted)


@transaction.atomic
def in_trouble(*, reason: str, at: datetime) -> None:
    """Nothing can be exchanged until someone acts: said once a day, on the page at once."""
    bridge, _ = CrmBridge.objects.get_or_create(pk=1)
    if bridge.trouble != reason[:300]:
        CrmBridge.objects.filter(pk=1).update(trouble=reason[:300])
    mails.crm_trouble(reason=reason, refused=0, day=today(), at=at)


def out_of_trouble() -> None:
    CrmBridge.objects.filter(pk=1).exclude(trouble="").update(trouble="")


def tell_refused(*, at: datetime) -> None:
    """Records that no longer go by themselves: one mail a day."""
    refused = CrmRecord.objects.dead().count()
    if refused:
        mails.crm_trouble(reason="", refused=refused, day=today(), at=at)


@transaction.atomic
def sweep(*, at: datetime) -> int:
    """Look at everything again: what was never seen, and what time alone changed, such as a post
    that ended today. Only what differs is sent."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING)
    CrmRecord.objects.gather(at=at)
    CrmRun.objects.filter(started_at__lt=at - KEPT_REPORTS).delete()
    return CrmRecord.objects.filter(state=CrmState.SENT).look_again(at=at)


@transaction.atomic
def forget_the_gone() -> None:
    """Of what the portal no longer has, nothing is kept here but the numbers that the deletion over
    there needs; also while the switch is off."""
    waiting = CrmRecord.objects.waiting()
    for module in CrmModule:
        left = crm_values.known(module).filter(pk=OuterRef("object_id"))
        gone = waiting.filter(~Exists(left), module=module)
        CrmConflict.objects.filter(record__in=gone).delete()
        gone.exclude(base={}).in_turn().update(base={})
