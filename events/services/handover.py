"""Where somebody who leaves a team is expected."""

from collections.abc import Iterator
from datetime import date

from apmsl.lib.typography import day
from events.models import Registration
from members.models import Person, Team
from members.services.departures import Matter


def registrations(team: Team, person: Person, on: date) -> Iterator[Matter]:
    """Events to come: kept, unless the person or the team cancels."""
    coming = Registration.objects.live().filter(person=person, event__ends_on__gte=on)
    for registration in coming.select_related("event").order_by("event__starts_on", "pk"):
        event = registration.event
        text = f"{event.title}, le {day(event.starts_on)}"
        yield Matter(text, event.get_absolute_url())
