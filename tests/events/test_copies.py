"""Events made from another, and the numbers of a series."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from events.enums import DocumentMoment, EventStatus, Repeat
from events.models import Event, EventDocument, EventPhoto
from events.services import copies
from tests.events.factories import (
    AttendanceFactory,
    ContributorFactory,
    DecisionFactory,
    EventFactory,
    EventPartnerFactory,
    EventSessionFactory,
    ItemFactory,
    ObjectiveFactory,
    OpeningFactory,
    RegistrationFactory,
    RegistrationQuestionFactory,
    SeriesFactory,
)
from tests.network.factories import GroupMeetingFactory

pytestmark = pytest.mark.django_db

MARCH, LATER = date(2027, 3, 12), date(2027, 4, 2)


def full_event():
    """With a row of everything that an event has."""
    event = EventFactory(
        starts_on=MARCH,
        ends_on=MARCH + timedelta(days=1),
        registration_until=MARCH - timedelta(days=5),
        status=EventStatus.HELD,
        capacity=30,
        minutes="Ce qui fut dit",
        replay_url="https://exemple.test/film",
        cancel_reason="",
    )
    session = EventSessionFactory(event=event, number=1, held_on=MARCH)
    EventSessionFactory(event=event, number=2, held_on=MARCH + timedelta(days=1))
    ItemFactory(event=event, held_on=MARCH + timedelta(days=1))
    OpeningFactory(event=event, opens_on=MARCH - timedelta(days=30))
    for make in (
        ObjectiveFactory,
        ContributorFactory,
        EventPartnerFactory,
        RegistrationQuestionFactory,
        DecisionFactory,
    ):
        make(event=event)
    registration = RegistrationFactory(event=event)
    AttendanceFactory(session=session, person=registration.person)
    EventPhoto.objects.create(event=event, image="photo.jpg", caption="La salle")
    for moment in DocumentMoment:
        EventDocument.objects.create(event=event, moment=moment, title=moment, file="doc.pdf")
    return event


def test_a_copy_has_everything_but_what_happened():
    event = full_event()

    copy = copies.duplicate(event=event, starts_on=LATER)

    assert copy.pk != event.pk
    assert copy.code != event.code
    assert (copy.title, copy.capacity, copy.kind) == (event.title, 30, event.kind)
    assert (copy.status, copy.minutes, copy.replay_url) == (EventStatus.PLANNED, "", "")
    kept = ("objectives", "contributors", "partners", "questions", "items", "openings")
    assert [getattr(copy, name).count() for name in kept] == [1] * 6
    left = ("registrations", "photos", "decisions", "parties")
    assert [getattr(copy, name).count() for name in left] == [0] * 4
    assert [document.moment for document in copy.documents.all()] == ["before"]
    assert not any(session.attendances.exists() for session in copy.sessions.all())


def test_every_day_of_a_copy_is_moved_alike():
    copy = copies.duplicate(event=full_event(), starts_on=LATER)

    assert (copy.starts_on, copy.ends_on) == (LATER, LATER + timedelta(days=1))
    assert copy.registration_until == LATER - timedelta(days=5)
    days = copy.sessions.order_by("number").values_list("held_on", flat=True)
    assert list(days) == [LATER, LATER + timedelta(days=1)]
    assert copy.items.get().held_on == LATER + timedelta(days=1)
    assert copy.openings.get().opens_on == LATER - timedelta(days=30)


def test_a_copy_leaves_the_event_as_it_was():
    event = full_event()

    copies.duplicate(event=event, starts_on=LATER)

    event.refresh_from_db()
    assert (event.starts_on, event.status, event.minutes) == (MARCH, "held", "Ce qui fut dit")
    assert event.sessions.count() == 2


def test_two_clicks_make_one_copy():
    event = EventFactory()
    copies.duplicate(event=event, starts_on=LATER)

    with pytest.raises(copies.NotCopied, match="existe déjà le 2.avril 2027"):
        copies.duplicate(event=event, starts_on=LATER)

    assert Event.objects.count() == 2


def test_what_is_new_stays_so_within_its_year():
    event = EventFactory(starts_on=MARCH, ends_on=MARCH, is_new=True)

    assert copies.duplicate(event=event, starts_on=LATER).is_new
    assert not copies.duplicate(event=event, starts_on=date(2028, 3, 12)).is_new


def test_the_copy_of_a_meeting_of_a_group_is_one_of_the_same_group():
    meeting = GroupMeetingFactory()

    copy = copies.duplicate(event=meeting.event, starts_on=LATER)

    assert copy.group_meeting.group == meeting.group


# -- numbers ---------------------------------------------------------------------------------------
def test_a_cancelled_event_keeps_its_number_across_the_years():
    series = SeriesFactory()
    EventFactory(series=series, series_number=11, starts_on=date(2022, 6, 1))
    EventFactory(series=series, series_number=12, cancelled=True, starts_on=date(2023, 6, 1))

    assert copies.next_number(series) == 13


def test_a_number_is_given_once_and_not_changed():
    event = copies.number(event=EventFactory(series=SeriesFactory()))
    assert event.series_number == 1

    assert copies.number(event=event).series_number == 1
    assert copies.number(event=EventFactory()).series_number is None


def test_two_events_of_a_series_never_bear_one_number():
    series = SeriesFactory()
    EventFactory(series=series, series_number=4)

    with pytest.raises(IntegrityError, match="event_number_once_in_series"), transaction.atomic():
        EventFactory(series=series, series_number=4)


# -- series ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "every", "expected"),
    [
        (date(2027, 3, 4), Repeat.WEEK, [date(2027, 3, 11), date(2027, 3, 18)]),
        (date(2027, 3, 4), Repeat.TWO_WEEKS, [date(2027, 3, 18), date(2027, 4, 1)]),
        (date(2027, 1, 31), Repeat.MONTH, [date(2027, 2, 28), date(2027, 3, 31)]),
        (date(2027, 3, 4), Repeat.WEEKDAY_OF_MONTH, [date(2027, 4, 1), date(2027, 5, 6)]),
        (date(2027, 4, 29), Repeat.WEEKDAY_OF_MONTH, [date(2027, 5, 27), date(2027, 6, 24)]),
        (date(2027, 11, 30), Repeat.QUARTER, [date(2028, 2, 29), date(2028, 5, 30)]),
        (date(2028, 2, 29), Repeat.YEAR, [date(2029, 2, 28), date(2030, 2, 28)]),
    ],
)
def test_days_that_come_back(first, every, expected):
    assert copies.repeated(first=first, every=every, count=3) == [first, *expected]


def test_the_first_thursday_of_each_month():
    days = copies.repeated(first=date(2027, 1, 7), every=Repeat.WEEKDAY_OF_MONTH, count=12)

    assert all(day.weekday() == 3 and day.day <= 7 for day in days)
    assert len({day.month for day in days}) == 12


def test_a_series_takes_the_next_numbers_and_skips_what_stands():
    series = SeriesFactory()
    event = EventFactory(series=series, series_number=7, starts_on=MARCH, ends_on=MARCH)
    days = [LATER + timedelta(weeks=1), MARCH, LATER]

    shown = copies.preview(event=event, days=days, series=series)
    made = copies.create_series(event=event, days=days, series=series)

    assert [(one.starts_on, one.exists, one.number) for one in shown] == [
        (MARCH, True, None),
        (LATER, False, 8),
        (LATER + timedelta(weeks=1), False, 9),
    ]
    assert [(one.starts_on, one.series_number) for one in made] == [
        (LATER, 8),
        (LATER + timedelta(weeks=1), 9),
    ]
    assert copies.create_series(event=event, days=days, series=series) == []


def test_too_many_at_once_are_refused_and_none_is_made():
    event = EventFactory()
    days = [MARCH + timedelta(days=n) for n in range(copies.MOST + 1)]

    with pytest.raises(copies.NotCopied, match="60 événements au plus"):
        copies.create_series(event=event, days=days, series=None)

    assert Event.objects.count() == 1
