"""Every move of a registration: who, when, from what to what, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.enums import RegistrationStatus
from events.models import Registration
from members.models import User

BY_LINK = "par le lien reçu"
UNDONE = "action annulée"
PORTAL = "Le portail"


@dataclass(frozen=True)
class Move:
    at: datetime
    who: str
    before: str  # empty: it was just made
    after: str
    reason: str = ""


def moves(registration: Registration) -> list[Move]:
    """The oldest first, read from the history that the database keeps."""
    kept: Any = registration.events  # type: ignore[attr-defined]  # see apmsl.lib.history
    versions = list(kept.select_related("pgh_context").order_by("pgh_id"))
    authors = _authors(versions, registration)
    first: Any = versions[0] if versions else registration
    told = [Move(first.queued_at, _name(authors, first.registered_by_id), "", _state(first))]
    later = [*versions[1:], registration] if versions else []
    for before, after in zip(versions, later, strict=True):
        if _state(before) != _state(after):
            who = _who(before, authors)
            reason = UNDONE if _known(before).get("undone") else after.reason
            told.append(Move(before.pgh_created_at, who, _state(before), _state(after), reason))
    for decision in _decisions(registration):
        later_on = (rank for rank, move in enumerate(told) if rank and move.at > decision.at)
        told.insert(next(later_on, len(told)), decision)
    return told


def _decisions(registration: Registration) -> list[Move]:
    """Workshops that the staff gave against the programme."""
    rows = registration.choices.exclude(decided_at=None).select_related(
        "item", "decided_by__person"
    )
    return [
        Move(row.decided_at, _user(row.decided_by), "", f"Atelier « {row.item} »", row.reason)
        for row in rows.order_by("decided_at", "pk")
        if row.decided_at
    ]


def _state(version: Any) -> str:
    label = str(RegistrationStatus(version.status).label)
    if version.over_capacity:
        label += " (hors jauge)"
    return label if version.person_id else f"{label} (sans nom)"


def _who(version: Any, authors: dict[int, str]) -> str:
    known = _known(version)
    if known.get("link"):
        return BY_LINK
    return _name(authors, known.get("user"))


def _known(version: Any) -> dict[str, Any]:
    return version.pgh_context.metadata if version.pgh_context else {}


def _name(authors: dict[int, str], user_id: int | None) -> str:
    return authors.get(user_id or 0, PORTAL)


def _authors(versions: list[Any], registration: Registration) -> dict[int, str]:
    wanted: set[Any] = {registration.registered_by_id}
    wanted |= {row.registered_by_id for row in versions}
    wanted |= {row.pgh_context.metadata.get("user") for row in versions if row.pgh_context}
    if not wanted - {None}:
        return {}
    users = User.objects.filter(pk__in=wanted - {None}).select_related("person")
    return {user.pk: _user(user) for user in users}


def _user(user: User | None) -> str:
    return str(user.person or user.email) if user else PORTAL
