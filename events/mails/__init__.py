from events.mails.around import (
    Change,
    changed,
    letter,
    reminder,
    reminders_of,
    survey,
    thanks,
)
from events.mails.registrations import (
    cancelled,
    confirmed,
    event_cancelled,
    people_of,
    promoted,
    reach,
    waitlisted,
)

__all__ = [
    "Change",
    "cancelled",
    "changed",
    "confirmed",
    "event_cancelled",
    "letter",
    "people_of",
    "promoted",
    "reach",
    "reminder",
    "reminders_of",
    "survey",
    "thanks",
    "waitlisted",
]
