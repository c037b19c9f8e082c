"""Several telephones and grids note the same people at the same moment."""

from datetime import time, timedelta
from functools import partial

import pytest
from django.utils import timezone

from apmsl.lib.dates import today
from events import services
from events.enums import HalfDays
from events.models import Attendance, CheckIn, Tap, half_days_of
from tests.events.factories import EventFactory, EventSessionFactory, RegistrationFactory
from tests.members.factories import PersonFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

AT = timezone.now()


def a_day(people):
    event = EventFactory(starts_on=today(), starts_at=time(9), ends_at=time(17), capacity=people)
    EventSessionFactory(event=event, number=1, break_from=time(12, 30), break_to=time(14))
    return event, half_days_of(event), RegistrationFactory.create_batch(people, event=event)


def noted(event):
    rows = Attendance.objects.filter(session__event=event)
    return dict(rows.values_list("person", "half_days"))


def test_each_telephone_notes_a_half_day_of_the_same_person_and_neither_is_lost(crowd):
    for _ in range(3):
        event, halves, (row,) = a_day(1)
        taps = [Tap(row.person_id, half, is_here=True, at=AT) for half in halves]

        crowd([partial(services.note, event=event, taps=[tap], by=None) for tap in taps * 2])

        assert noted(event) == {row.person_id: HalfDays.ALL}


def test_of_opposite_taps_at_once_the_later_moment_wins(crowd):
    for _ in range(3):
        event, (morning, _afternoon), (row,) = a_day(1)
        taps = [
            Tap(row.person_id, morning, is_here=bool(n % 2), at=AT + timedelta(seconds=n))
            for n in range(4)
        ]

        crowd([partial(services.note, event=event, taps=[tap], by=None) for tap in taps])

        assert noted(event) == {row.person_id: HalfDays.MORNING}
        assert CheckIn.objects.get(person=row.person_id).noted_at == AT + timedelta(seconds=3)


def test_two_grids_opened_at_once_and_saved_at_once_keep_every_exception(crowd):
    event, halves, rows = a_day(4)
    users = [UserFactory() for _ in rows[:3]]

    crowd(
        [
            partial(
                services.save_grid,
                event=event,
                filled=services.Filled(opened=halves, changed={(row.person_id, halves[0]): False}),
                by=user,
                at=timezone.now() + timedelta(seconds=rank),
            )
            for rank, (row, user) in enumerate(zip(rows, users, strict=False))
        ]
    )

    expected = {row.person_id: HalfDays.AFTERNOON for row in rows[:3]}
    assert noted(event) == expected | {rows[3].person_id: HalfDays.ALL}


def test_walk_ins_at_once_take_the_last_seat_once_and_the_same_person_comes_once(crowd):
    event, halves, _ = a_day(1)
    event.capacity = 2
    event.save()
    one, two = PersonFactory(), PersonFactory()
    user = UserFactory()
    given = {"event": event, "half": halves[0], "by": user, "on": event.starts_on, "at": AT}

    crowd([partial(services.welcome, person=person, **given) for person in (one, two, one, two)])

    placed = event.registrations.filter(person__in=(one, two))
    assert sorted(placed.values_list("over_capacity", flat=True)) == [False, True]
    assert set(noted(event)) == {one.pk, two.pk}
