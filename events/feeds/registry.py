"""What the personal calendar is made of, registered by each app in its ``apps.ready()``.

    feeds.register_events("groups", events_of_my_groups)  # a queryset of Event
    feeds.register_source("loans", Source(entries_of_loans, state_of_loans))

A source's ``state`` is cheap and differs whenever its entries would: a calendar that has not changed
is answered in a few queries, without being written.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from events.builders import CalendarEntry
from events.models import Event
from members.models import User

EventsFunction = Callable[[User, date], QuerySet[Event]]


@dataclass(frozen=True)
class Source:
    entries: Callable[[User, date], Iterable[CalendarEntry]]
    state: Callable[[User, date], object]


events: dict[str, EventsFunction] = {}
sources: dict[str, Source] = {}


def register_events(name: str, function: EventsFunction) -> None:
    """Events that a person's calendar shows though they have not registered."""
    events[name] = function


def register_source(name: str, source: Source) -> None:
    """Registering a name again replaces its source."""
    sources[name] = source
