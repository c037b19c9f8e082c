"""A crowd at the door: as many seats as there are, nobody lost, nobody doubled.

The control takes the lock out: the same crowd must then oversell, or these tests prove nothing.
"""

import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from events import services
from events.enums import RegistrationStatus
from events.models import Event, EventQuerySet, Registration
from events.services import seats
from tests import roles
from tests.events.factories import EventFactory, RegistrationFactory
from tests.members.factories import AffiliationFactory, PersonEmailFactory, TeamFactory

pytestmark = pytest.mark.django_db(transaction=True)

CAPACITY, PEOPLE = 3, 10


def arrive(event_id, user):
    """As a request does: the event is read, then the person registers."""
    event = Event.objects.get(pk=event_id)
    return services.register(
        event=event, person=user.person, by=user, on=today(), at=timezone.now()
    )


@pytest.fixture
def event():
    return EventFactory(capacity=CAPACITY, public=True)


@pytest.fixture
def users():
    team = TeamFactory(member=True)
    users = [roles.member(team) for _ in range(PEOPLE)]
    for user in users:
        PersonEmailFactory(person=user.person)
    return users


@pytest.fixture
def _slow_decision(monkeypatch):
    """Between counting the seats and taking one, others have the time to count too."""
    count = seats.room_in

    def slowly(event):
        room = count(event)
        time.sleep(0.05)
        return room

    monkeypatch.setattr(seats, "room_in", slowly)


@pytest.mark.usefixtures("_slow_decision")
def test_a_crowd_gets_the_seats_there_are_and_the_rest_waits_in_order(crowd, event, users):
    done = crowd([partial(arrive, event.pk, user) for user in users])

    rows = list(Registration.objects.order_by("queued_at", "pk"))
    assert sorted(row.person_id for row in rows) == sorted(user.person_id for user in users)
    waiting = [row for row in rows if row.is_waiting]
    assert len(rows) - len(waiting) == CAPACITY
    # Each was given the next place: no two at the same, in the order in which they were served.
    assert [row.rank() for row in waiting] == list(range(1, PEOPLE - CAPACITY + 1))
    assert [row.pk for row in waiting] == sorted(row.pk for row in waiting)
    assert {r.pk: r.status for r in done} == {row.pk: row.status for row in rows}
    assert Message.objects.count() == PEOPLE


@pytest.mark.usefixtures("_slow_decision")
def test_control_without_the_lock_the_same_crowd_is_oversold(crowd, event, users, monkeypatch):
    monkeypatch.setattr(EventQuerySet, "lock", lambda self, pk: self.get(pk=pk))

    crowd([partial(arrive, event.pk, user) for user in users])

    assert event.registrations.registered().count() > CAPACITY


def test_one_who_clicks_many_times_is_registered_once(crowd, event, users):
    done = crowd([partial(arrive, event.pk, users[0]) for _ in range(8)])

    assert {registration.pk for registration in done} == {Registration.objects.get().pk}
    assert Message.objects.count() == 1


def test_seats_given_up_together_go_each_to_one_who_waits(crowd, event):
    staff = roles.staff()
    sitting = RegistrationFactory.create_batch(CAPACITY, event=event)
    waiting = RegistrationFactory.create_batch(5, event=event, waiting=True)

    def cancel(registration):
        return services.cancel(
            registration=Registration.objects.get(pk=registration.pk),
            by=staff,
            on=today(),
            at=timezone.now(),
        )

    seated = crowd([partial(cancel, registration) for registration in sitting])

    assert sorted(row.pk for rows in seated for row in rows) == [r.pk for r in waiting[:CAPACITY]]
    assert event.registrations.registered().count() == CAPACITY


def test_coordinators_who_register_the_same_people_register_each_once(crowd, event):
    team = TeamFactory(member=True)
    people = [AffiliationFactory(team=team).person for _ in range(4)]
    coordinators = [roles.coordinator(team) for _ in range(4)]

    def bring(user, ranks):
        return services.register_colleagues(
            event=event,
            people=[people[rank] for rank in ranks],
            by=user,
            on=today(),
            at=timezone.now(),
        )

    orders = ([0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1])
    crowd([partial(bring, user, ranks) for user, ranks in zip(coordinators, orders, strict=True)])

    assert sorted(Registration.objects.values_list("person", flat=True)) == [p.pk for p in people]
    assert event.registrations.registered().count() == CAPACITY


def test_bulk_changes_over_several_events_do_not_wait_for_each_other_for_ever(crowd):
    """Events are locked by rising pk, whatever the order of what was chosen."""
    staff = roles.staff()
    events = EventFactory.create_batch(4)
    rows = [RegistrationFactory(event=event) for event in events for _ in range(3)]

    def cancel(chosen):
        return services.change_status(
            registrations=chosen,
            status=RegistrationStatus.CANCELLED,
            by=staff,
            on=today(),
            at=timezone.now(),
        )

    changes = crowd([partial(cancel, rows), partial(cancel, rows[::-1])] * 3)

    assert sum(len(change.changed) for change in changes) == len(rows)
    assert not Registration.objects.live().exists()


MOVES = ["register", "cancel", "promote", "change_status", "cancel_event"]
MOVES += ["accept", "decline", "expire", "confirm_coming", "note"]


@pytest.mark.parametrize("move", MOVES)
def test_every_move_of_a_seat_waits_for_the_lock_of_the_event(crowd, event, users, move):
    """The sure one: while somebody holds the event, nobody else decides."""
    staff, registration = roles.staff(), RegistrationFactory(event=event, person=users[0].person)
    offered = RegistrationFactory(
        event=event,
        status=RegistrationStatus.OFFERED,
        offer_until=timezone.now() + timedelta(days=1),
    )
    when = {"on": today(), "at": timezone.now()}
    moves = {
        "register": partial(arrive, event.pk, users[1]),
        "cancel": partial(services.cancel, registration=registration, by=staff, **when),
        "promote": partial(services.promote, event=event, **when),
        "change_status": partial(
            services.change_status,
            registrations=[registration],
            status=RegistrationStatus.CANCELLED,
            by=staff,
            **when,
        ),
        "cancel_event": partial(services.cancel_event, event=event, at=when["at"]),
        "accept": partial(services.accept, registration=offered, by=staff, **when),
        "decline": partial(services.decline, registration=offered, by=staff, **when),
        "expire": partial(services.expire, on=today(), at=when["at"] + timedelta(days=2)),
        "confirm_coming": partial(
            services.confirm_coming, registration=registration, by=staff, **when
        ),
        "note": partial(services.note, event=event, taps=[], by=staff),
    }

    def without_patience():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            moves[move]()

    with transaction.atomic():
        Event.objects.lock(event.pk)
        crowd([without_patience])
