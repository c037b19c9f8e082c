from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from apmsl.lib.dates import today
from events.enums import Format, RegistrationStatus
from events.models import Event
from tests import roles
from tests.events.factories import (
    AttendanceFactory,
    EventFactory,
    EventSessionFactory,
    RegistrationFactory,
)
from tests.members.factories import PersonFactory

pytestmark = pytest.mark.django_db


# -- what the database refuses ---------------------------------------------------------------------
def test_an_event_does_not_end_before_it_starts():
    with pytest.raises(IntegrityError, match="event_ends_after_start"):
        EventFactory(ends_on=today() - timedelta(days=300))


def test_an_event_is_for_somebody():
    with pytest.raises(IntegrityError, match="event_at_least_one_audience"):
        EventFactory(audiences=[])


def test_a_session_s_number_is_taken_once_per_event():
    session = EventSessionFactory()
    EventSessionFactory(number=session.number)

    with pytest.raises(IntegrityError, match="eventsession_number_once"):
        EventSessionFactory(event=session.event, number=session.number)


def test_a_person_has_one_registration_per_event():
    registration = RegistrationFactory(cancelled=True)
    RegistrationFactory(person=registration.person)

    with pytest.raises(IntegrityError, match="registration_one_per_person"):
        RegistrationFactory(event=registration.event, person=registration.person)


def test_a_person_is_present_once_per_session():
    attendance = AttendanceFactory()
    AttendanceFactory(session=attendance.session)

    with pytest.raises(IntegrityError, match="attendance_once_per_session"):
        AttendanceFactory(session=attendance.session, person=attendance.person)


# -- who sees which event ----------------------------------------------------------------------------
def test_everybody_sees_what_is_for_them_and_the_staff_everything():
    public = EventFactory(public=True)
    members = EventFactory()
    coordinators = EventFactory(audiences=["coordinators"])
    sarthe = EventFactory(audiences=["department:72"])

    def seen(user):
        return set(Event.objects.visible_to(user))

    assert seen(AnonymousUser()) == {public}
    assert seen(roles.member()) == {public, members}
    assert seen(roles.coordinator()) == {public, members, coordinators}
    assert seen(roles.staff()) == {public, members, coordinators, sarthe}


# -- lists -------------------------------------------------------------------------------------------
def test_periods_meet_and_do_not_overlap():
    today_s = EventFactory(starts_on=today())
    under_way = EventFactory(starts_on=today() - timedelta(days=3), ends_on=today())
    yesterday_s = EventFactory(starts_on=today() - timedelta(days=1))
    cancelled = EventFactory(cancelled=True)

    assert list(Event.objects.coming(today())) == [under_way, today_s]
    assert list(Event.objects.not_over(today())) == [under_way, today_s, cancelled]
    assert list(Event.objects.past(today())) == [yesterday_s]


def test_seats_taken_are_those_of_the_registered():
    event = EventFactory(capacity=5)
    RegistrationFactory.create_batch(2, event=event)
    RegistrationFactory(event=event, waiting=True)
    RegistrationFactory(event=event, cancelled=True)
    EventFactory(capacity=5)

    read = Event.objects.with_seats_taken().order_by("pk")

    assert [(e.seats_taken, e.seats_left) for e in read] == [(2, 3), (0, 5)]


def test_seats_left_are_never_fewer_than_none_and_unknown_without_a_limit():
    over = RegistrationFactory(event__capacity=0).event
    without_limit = EventFactory(capacity=None)

    read = Event.objects.with_seats_taken().in_bulk()

    assert read[over.pk].seats_left == 0
    assert read[without_limit.pk].seats_left is None


def test_my_registration_is_mine_and_live():
    me = PersonFactory()
    mine = RegistrationFactory(person=me, waiting=True).event
    RegistrationFactory(event=mine)
    given_up = RegistrationFactory(person=me, cancelled=True).event
    others = RegistrationFactory().event

    read = Event.objects.with_my_registration(me).in_bulk()

    assert read[mine.pk].my_status == RegistrationStatus.WAITLISTED
    assert read[given_up.pk].my_status is None
    assert read[others.pk].my_status is None
    assert list(Event.objects.mine(me)) == [mine]
    assert {e.my_status for e in Event.objects.with_my_registration(None)} == {None}
    assert list(Event.objects.mine(None)) == []


def test_who_was_queued_first_is_first_and_at_the_same_moment_the_row_decides():
    event = EventFactory()
    late, early = RegistrationFactory.create_batch(2, event=event, waiting=True)
    early.queued_at = late.queued_at - timedelta(seconds=1)
    early.save()
    twin = RegistrationFactory(event=event, waiting=True, queued_at=late.queued_at)
    RegistrationFactory(waiting=True, queued_at=early.queued_at)

    assert list(event.registrations.waiting()) == [early, late, twin]
    assert [row.rank() for row in (early, late, twin)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("traits", "where"),
    [
        ({"format": Format.ONLINE, "place": "Nantes"}, "En visioconférence"),
        ({"place": "Maison des associations", "department": "49"}, "Maison des associations"),
        ({"department": "49"}, "Maine-et-Loire"),
        ({}, ""),
    ],
)
def test_where_an_event_takes_place(traits, where):
    assert EventFactory(**traits).where == where


def test_versions_count_the_changes_since_the_row_was_written():
    registration = RegistrationFactory()
    assert (registration.event.versions(), registration.versions()) == (0, 0)

    registration.event.place = "Angers"
    registration.event.save()
    registration.status = RegistrationStatus.CANCELLED
    registration.save()
    registration.save()  # nothing changes: no version

    assert (registration.event.versions(), registration.versions()) == (1, 1)
