from events.models import half_days_and_hours
from events.services.attendance import NoSession, create_sessions, mark_present, unmark_present
from events.services.beyond import place_beyond
from events.services.changes import facts, tell_changes
from events.services.check_in import note
from events.services.feeds import renew_feed, revoke_feed
from events.services.grid import Filled, save_grid, untouched
from events.services.letters import (
    NobodyToWrite,
    Progress,
    addressees,
    group,
    progress,
    progress_of_all,
    seal,
)
from events.services.letters import draft as draft_letter
from events.services.letters import drop as drop_letter
from events.services.letters import send as send_letter
from events.services.letters import write_again as rewrite_letter
from events.services.log import Move, moves
from events.services.names import name, remind, reserve
from events.services.offers import accept, decline, expire
from events.services.refusals import (
    AlreadyOver,
    AlreadyRegistered,
    EventCancelled,
    NoLongerRegistered,
    NoReason,
    NothingOffered,
    NotOpenYet,
    NotYourColleague,
    OfferExpired,
    Refused,
    RegistrationClosed,
    TeamFull,
    TooLate,
    TooManyTogether,
    WrongAudience,
)
from events.services.registrations import cancel, confirm_coming, register, register_colleagues
from events.services.rehearsal import Step, rehearse
from events.services.replacements import replace
from events.services.seats import short_of
from events.services.staff import (
    Changes,
    cancel_event,
    cancel_for_erased,
    change_status,
    promote,
    promote_after_merge,
)
from events.services.undo import PutBack, last_versions, put_back
from events.services.walk_ins import Newcomer, welcome, welcome_newcomer

__all__ = [
    "renew_feed",
    "revoke_feed",
    "AlreadyOver",
    "AlreadyRegistered",
    "Changes",
    "EventCancelled",
    "Filled",
    "Move",
    "Newcomer",
    "NoLongerRegistered",
    "NoReason",
    "NoSession",
    "NobodyToWrite",
    "NotOpenYet",
    "NotYourColleague",
    "NothingOffered",
    "OfferExpired",
    "Progress",
    "Refused",
    "RegistrationClosed",
    "TeamFull",
    "TooLate",
    "TooManyTogether",
    "WrongAudience",
    "PutBack",
    "Step",
    "accept",
    "addressees",
    "cancel",
    "cancel_event",
    "cancel_for_erased",
    "change_status",
    "confirm_coming",
    "create_sessions",
    "decline",
    "draft_letter",
    "drop_letter",
    "expire",
    "facts",
    "group",
    "half_days_and_hours",
    "last_versions",
    "mark_present",
    "moves",
    "name",
    "note",
    "place_beyond",
    "progress",
    "progress_of_all",
    "promote",
    "promote_after_merge",
    "put_back",
    "register",
    "register_colleagues",
    "rehearse",
    "remind",
    "replace",
    "reserve",
    "save_grid",
    "rewrite_letter",
    "seal",
    "send_letter",
    "short_of",
    "tell_changes",
    "unmark_present",
    "untouched",
    "welcome",
    "welcome_newcomer",
]
