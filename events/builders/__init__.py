from events.builders.calendar import SessionDay, calendar, session_days
from events.builders.sheets import BLANK_LINES, attendance_sheet_html

__all__ = [
    "BLANK_LINES",
    "SessionDay",
    "attendance_sheet_html",
    "calendar",
    "session_days",
]
