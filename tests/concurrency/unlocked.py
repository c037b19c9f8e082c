"""The portal without the lock that serialises the moves of a seat: the control of the rush."""

from apmsl.wsgi import application as application
from events.models import EventQuerySet

EventQuerySet.lock = lambda self, pk: self.get(pk=pk)  # type: ignore[method-assign]
