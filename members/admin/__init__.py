"""The records of members, as the staff keeps them."""

from members.admin import (
    bank,
    campaigns,
    charges,
    crm,
    exchanges,
    life,
    memberships,
    payments,
    people,
    pieces,
    rights,
    scans,
    support,
    team_account,
    teams,
)

__all__ = [
    "exchanges",
    "bank",
    "campaigns",
    "charges",
    "crm",
    "life",
    "memberships",
    "payments",
    "people",
    "pieces",
    "rights",
    "scans",
    "support",
    "team_account",
    "teams",
]
