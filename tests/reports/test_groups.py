"""The card of a local group counts people and presences as the reports of the network do."""

import pytest

from apmsl.lib.dates import today
from reports.builders import reading
from reports.builders.reading.meetings import groups
from reports.indicators import Scope
from tests.events.factories import AttendanceFactory, EventFactory, EventSessionFactory
from tests.members.factories import PersonFactory, PositionFactory
from tests.network.factories import GroupMeetingFactory, LocalGroupFactory, LocalGroupTeamFactory

pytestmark = pytest.mark.django_db


def card_figures(group):
    card = reading.group_card(group, today().year, today())
    return {change.figure.id: change.figure.value for change in card.figures}


def test_a_participation_is_a_presence_at_a_session_as_in_the_report_of_the_network():
    group, event = LocalGroupFactory(), EventFactory(held=True, starts_on=today())
    GroupMeetingFactory(group=group, event=event)
    people = [PersonFactory() for _ in range(10)]
    for _ in range(2):
        session = EventSessionFactory(event=event)
        for person in people:
            AttendanceFactory(session=session, person=person)

    found = card_figures(group)

    assert (found["meetings"], found["participations"]) == (1, 20)
    assert groups(Scope.of(today().year, today())) == [(group.name, 0, 1, 20)]


def test_coordinators_are_people_not_names():
    group = LocalGroupFactory()
    first, second = (LocalGroupTeamFactory(group=group).team for _ in range(2))
    twice = PersonFactory(first_name="Anne", last_name="Petit")
    for team in (first, second):
        PositionFactory(team=team, person=twice)
    PositionFactory(team=second, person=PersonFactory(first_name="Anne", last_name="Petit"))

    assert card_figures(group)["coordinators"] == 2
