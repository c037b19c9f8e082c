from events.services.attendance import NoSession, mark_present, unmark_present
from events.services.registrations import (
    AlreadyOver,
    EventCancelled,
    NotYourColleague,
    Refused,
    RegistrationClosed,
    WrongAudience,
    cancel,
    register,
    register_colleagues,
)
from events.services.staff import (
    Changes,
    cancel_event,
    cancel_for_erased,
    change_status,
    promote,
    promote_after_merge,
)

__all__ = [
    "AlreadyOver",
    "Changes",
    "EventCancelled",
    "NoSession",
    "NotYourColleague",
    "Refused",
    "RegistrationClosed",
    "WrongAudience",
    "cancel",
    "cancel_event",
    "cancel_for_erased",
    "change_status",
    "mark_present",
    "promote",
    "promote_after_merge",
    "register",
    "register_colleagues",
    "unmark_present",
]
