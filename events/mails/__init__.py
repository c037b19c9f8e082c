from events.mails.registrations import (
    cancelled,
    confirmed,
    event_cancelled,
    promoted,
    waitlisted,
)

__all__ = ["cancelled", "confirmed", "event_cancelled", "promoted", "waitlisted"]
