"""The demonstration's events are told once, and count for nothing more."""

from datetime import date

import pytest
from django.core.management import call_command

from events.enums import Category
from events.models import Attendance, Event, Item, Registration
from tests.events.factories import EventFactory

pytestmark = pytest.mark.django_db


def test_the_regional_day_and_an_evening_to_come_have_a_programme_once_only():
    day = EventFactory(category=Category.REGIONAL_DAY, held=True, starts_on=date(2023, 6, 15))

    for _ in range(2):
        call_command("demo_events")

    assert day.items.to_choose().count() == 3
    assert (day.objectives.count(), day.contributors.count(), day.partners.count()) == (3, 4, 3)
    evening = Event.objects.get(starts_on=date(2024, 1, 25))
    assert evening.items.to_choose().count() == 2
    assert Item.objects.count() == 10
    assert not Registration.objects.exists()
    assert not Attendance.objects.exists()
    assert Event.objects.filter(starts_on__year=2023).count() == 1
