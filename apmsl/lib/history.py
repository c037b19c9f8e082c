"""Who changed what and when: database triggers keep each version that was replaced or deleted.

Inserting writes nothing (the row itself says what it is), so a take-over of records costs no more.
"""

import pghistory

HIDDEN_FIELDS = ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context")


def tracked(*, exclude: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
    """Class decorator: the old version of a row is kept at each update and at deletion."""
    return pghistory.track(
        pghistory.UpdateEvent("changed", row=pghistory.Old),
        pghistory.DeleteEvent("deleted"),
        exclude=list(exclude) or None,
        append_only=True,
        meta={"verbose_name": "ancienne version"},
    )
