from members.services.accounts import (
    InvitationRefused,
    forget_second_factors,
    invite,
    invite_people,
    open_account,
)

__all__ = [
    "InvitationRefused",
    "forget_second_factors",
    "invite",
    "invite_people",
    "open_account",
]
