"""What changed, for the CRM: written by triggers in the transaction of the change.

Whoever writes is caught: a page, a bulk update, an import by COPY, a merge, SQL. The rows are only
added, so that nobody ever waits for the bridge; it gathers them by object when it comes by
(``CrmRecord.objects.gather``). What is sent is read then, never kept here.
"""

import pgtrigger
from django.db import models

from members.enums import CrmModule

ACCOUNTS, CONTACTS = CrmModule.ACCOUNTS.value, CrmModule.CONTACTS.value

# A person's name stands on the team's record, a team's on its people's: both are looked at again.
GATHER = """
WITH taken AS (
    DELETE FROM members_crmsignal WHERE id IN (
        SELECT id FROM members_crmsignal ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING module, object_id
), meant AS (
    SELECT module, object_id FROM taken
    UNION SELECT 'Accounts', p.team_id FROM members_position p
          JOIN taken t ON t.module = 'Contacts' AND t.object_id = p.person_id
    UNION SELECT 'Contacts', p.person_id FROM members_position p
          JOIN taken t ON t.module = 'Accounts' AND t.object_id = p.team_id
    UNION SELECT 'Contacts', a.person_id FROM members_affiliation a
          JOIN taken t ON t.module = 'Accounts' AND t.object_id = a.team_id
), gathered AS (
    INSERT INTO members_crmrecord AS kept
        (module, object_id, portal_id, zoho_id, base, version, sent_version, state, not_before,
         attempts, last_error, claimed_version)
    SELECT module, object_id, gen_random_uuid(), '', '{}', 1, 0, 'waiting', %s, 0, '', 0
    FROM meant ORDER BY module, object_id
    ON CONFLICT (module, object_id) DO UPDATE SET
        version = kept.version + 1,
        attempts = CASE WHEN kept.state = 'dead' THEN 0 ELSE kept.attempts END,
        not_before = CASE WHEN kept.state = 'waiting' THEN kept.not_before
                          ELSE EXCLUDED.not_before END,
        state = 'waiting'
    RETURNING 1
)
SELECT (SELECT count(*) FROM taken)
"""


class CrmSignal(models.Model):
    """« Look at person 12 »: numbers alone, which outlive what they name."""

    module = models.CharField("module", max_length=12, choices=CrmModule)
    object_id = models.BigIntegerField("numéro de la fiche")

    class Meta:
        verbose_name = "signal pour le CRM"
        verbose_name_plural = "signaux pour le CRM"

    def __str__(self) -> str:
        return f"{self.module} n° {self.object_id}"


def feeds_crm(**columns: str) -> list[pgtrigger.Trigger]:
    """Triggers of a table: ``contacts`` and ``accounts`` name the columns that lead to them."""
    ids = {CONTACTS: columns.get("contacts"), ACCOUNTS: columns.get("accounts")}
    found = [(module, column) for module, column in ids.items() if column]
    return [_trigger(operation, found) for operation in ("insert", "update", "delete")]


def _trigger(operation: str, found: list[tuple[str, str]]) -> pgtrigger.Trigger:
    """Once a statement, however many rows: an import costs one more INSERT … SELECT."""
    named = {
        "insert": pgtrigger.Referencing(new="new_rows"),  # type: ignore[no-untyped-call]
        "update": pgtrigger.Referencing(old="old_rows", new="new_rows"),  # type: ignore[no-untyped-call]
        "delete": pgtrigger.Referencing(old="old_rows"),  # type: ignore[no-untyped-call]
    }
    rows = {
        "insert": "SELECT * FROM new_rows",
        # What was written again as it was is no change.
        "update": (
            "(SELECT * FROM new_rows EXCEPT SELECT * FROM old_rows) UNION ALL "
            "(SELECT * FROM old_rows EXCEPT SELECT * FROM new_rows)"
        ),
        "delete": "SELECT * FROM old_rows",
    }
    selects = " UNION ".join(
        f"SELECT DISTINCT '{module}', changed.{column} FROM changed "  # noqa: S608  names of the code
        f"WHERE changed.{column} IS NOT NULL"
        for module, column in found
    )
    func = (
        f"INSERT INTO members_crmsignal (module, object_id) "
        f"WITH changed AS ({rows[operation]}) {selects}; RETURN NULL;"
    )
    return pgtrigger.Trigger(
        name=f"crm_{operation}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=getattr(pgtrigger, operation.capitalize()),
        referencing=named[operation],
        func=func,
    )
