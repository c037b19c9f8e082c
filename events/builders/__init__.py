from events.builders.badges import badges_html, poster_html
from events.builders.calendar import SessionDay, calendar, event_entries, session_days
from events.builders.entries import NEVER, CalendarEntry, feed
from events.builders.followed import (
    entries_of_events,
    state_of_events,
    state_of_registrations,
)
from events.builders.sheets import BLANK_LINES, attendance_sheet_html
from events.builders.structured import structured_data

__all__ = [
    "state_of_registrations",
    "state_of_events",
    "entries_of_events",
    "NEVER",
    "BLANK_LINES",
    "CalendarEntry",
    "SessionDay",
    "attendance_sheet_html",
    "badges_html",
    "calendar",
    "event_entries",
    "feed",
    "poster_html",
    "session_days",
    "structured_data",
]
