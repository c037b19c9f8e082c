from events.models import half_days_and_hours
from events.services.attendance import NoSession, create_sessions, mark_present, unmark_present
from events.services.changes import facts, tell_changes
from events.services.check_in import note
from events.services.feeds import renew_feed, revoke_feed
from events.services.grid import Filled, save_grid, untouched
from events.services.letters import NobodyToWrite, addressees, group
from events.services.letters import send as send_letter
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
from events.services.walk_ins import Newcomer, welcome, welcome_newcomer

__all__ = [
    "renew_feed",
    "revoke_feed",
    "AlreadyOver",
    "Changes",
    "EventCancelled",
    "Filled",
    "Newcomer",
    "NoSession",
    "NobodyToWrite",
    "NotYourColleague",
    "Refused",
    "RegistrationClosed",
    "WrongAudience",
    "addressees",
    "cancel",
    "cancel_event",
    "cancel_for_erased",
    "change_status",
    "create_sessions",
    "half_days_and_hours",
    "facts",
    "group",
    "mark_present",
    "note",
    "promote",
    "promote_after_merge",
    "register",
    "register_colleagues",
    "save_grid",
    "send_letter",
    "tell_changes",
    "unmark_present",
    "untouched",
    "welcome",
    "welcome_newcomer",
]
