from events.admin.attendances import AttendanceAdmin
from events.admin.events import EventAdmin
from events.admin.items import ItemAdmin
from events.admin.kinds import ActionKindAdmin, SeriesAdmin
from events.admin.letters import EventLetterAdmin
from events.admin.registrations import RegistrationAdmin

__all__ = [
    "ActionKindAdmin",
    "AttendanceAdmin",
    "EventAdmin",
    "EventLetterAdmin",
    "ItemAdmin",
    "RegistrationAdmin",
    "SeriesAdmin",
]
