"""The records of members, as the staff keeps them."""

from members.admin import (
    bank,
    campaigns,
    exchanges,
    memberships,
    payments,
    people,
    pieces,
    rights,
    scans,
    support,
    teams,
)

__all__ = [
    "exchanges",
    "bank",
    "campaigns",
    "memberships",
    "payments",
    "people",
    "pieces",
    "rights",
    "scans",
    "support",
    "teams",
]
