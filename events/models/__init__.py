from events.models.about import (
    Contributor,
    Decision,
    EventDocument,
    EventPartner,
    EventPhoto,
    Objective,
)
from events.models.after import (
    Certificate,
    EventLetter,
    EventLetterQuerySet,
    LetterRecipient,
    ObjectiveAnswer,
    SatisfactionAnswer,
    SurveyInvitation,
)
from events.models.codes import badge_code, event_of_room, room_token
from events.models.events import Event, EventQuerySet, EventSession
from events.models.feeds import CalendarFeed
from events.models.kinds import ActionKind, Series
from events.models.presence import (
    CheckIn,
    HalfDay,
    Presence,
    Tap,
    half_days_and_hours,
    half_days_of,
    halves_of,
    presence_of,
    presences,
)
from events.models.programme import Item, ItemChoice
from events.models.registrations import (
    ENDED,
    HOLDING,
    SEATED,
    Attendance,
    Party,
    Registration,
    RegistrationQuerySet,
)
from events.models.rules import GuestRequest, Opening, RegistrationAnswer, RegistrationQuestion
from events.models.saved import SavedFilter

__all__ = [
    "ENDED",
    "HOLDING",
    "SEATED",
    "ActionKind",
    "Attendance",
    "CalendarFeed",
    "Certificate",
    "CheckIn",
    "Contributor",
    "Decision",
    "Event",
    "EventDocument",
    "EventLetter",
    "EventLetterQuerySet",
    "EventPartner",
    "EventPhoto",
    "EventQuerySet",
    "EventSession",
    "GuestRequest",
    "HalfDay",
    "Item",
    "ItemChoice",
    "LetterRecipient",
    "Objective",
    "ObjectiveAnswer",
    "Opening",
    "Party",
    "Presence",
    "Registration",
    "RegistrationAnswer",
    "RegistrationQuerySet",
    "RegistrationQuestion",
    "Series",
    "SatisfactionAnswer",
    "SavedFilter",
    "SurveyInvitation",
    "Tap",
    "badge_code",
    "event_of_room",
    "half_days_and_hours",
    "half_days_of",
    "halves_of",
    "presence_of",
    "presences",
    "room_token",
]
