from members.services.accounts import (
    InvitationRefused,
    invite,
    invite_people,
    open_account,
)

__all__ = [
    "InvitationRefused",
    "invite",
    "invite_people",
    "open_account",
]
