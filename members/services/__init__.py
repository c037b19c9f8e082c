from members.services.accounts import (
    InvitationRefused,
    invite,
    invite_people,
    open_account,
    set_email_visibility,
)

__all__ = [
    "InvitationRefused",
    "invite",
    "invite_people",
    "open_account",
    "set_email_visibility",
]
