"""The portal without the lock that serialises the moves of a seat: the control of the rush."""

import time

from apmsl.wsgi import application as application
from events.models import EventQuerySet
from events.services import seats

EventQuerySet.lock = lambda self, pk: self.get(pk=pk)  # type: ignore[method-assign]

_room_in = seats.room_in


def _counted_a_while_ago(event):  # type: ignore[no-untyped-def]
    """On a busy machine one request could otherwise end before the next begins to count."""
    room = _room_in(event)
    time.sleep(0.1)
    return room


seats.room_in = _counted_a_while_ago
