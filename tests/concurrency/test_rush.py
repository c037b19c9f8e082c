"""500 people register for 100 seats at the same moment, over HTTP, on the real server.

The control takes the lock out of the server: the same rush must then oversell.
"""

from collections import Counter

import pytest
from django.urls import reverse

from apmsl.mail.models import Message
from bench import rush
from tests.events.factories import EventFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("rush")]

SEATS, PEOPLE = 100, 500


def run(people, application="apmsl.wsgi:application", seats=SEATS):
    event = EventFactory(capacity=seats, public=True)
    keys = rush.sessions(people)
    with rush.server(application) as port:
        path = reverse("events:register", args=[event.pk])
        rush.register(port, path, [*rush.sessions(1)] * 2)  # warm; one person, twice
        event.registrations.all().delete()
        Message.objects.all().delete()
        answers = rush.register(port, path, keys)
    return event, answers


def test_500_people_at_once_get_the_100_seats_and_the_others_wait_in_an_unbroken_order():
    event, answers = run(PEOPLE)

    assert Counter(answer.status for answer in answers) == {302: PEOPLE}
    rows = list(event.registrations.order_by("queued_at", "pk"))
    assert len({row.person_id for row in rows}) == PEOPLE
    assert [row.status for row in rows] == ["registered"] * SEATS + ["waitlisted"] * (
        PEOPLE - SEATS
    )
    waiting = [row for row in rows if row.is_waiting]
    assert len({row.queued_at for row in waiting}) == PEOPLE - SEATS
    # Each was told the place that they have: none twice, none missing.
    told = Counter(Message.objects.values_list("purpose", flat=True))
    assert told == {
        "registration-confirmed": SEATS,
        "registration-waitlisted": PEOPLE - SEATS,
    }
    texts = dict(
        Message.objects.filter(purpose="registration-waitlisted").values_list("recipient", "text")
    )
    for rank, row in enumerate(waiting, start=1):
        place = "en première position" if rank == 1 else f"en {rank}e position"
        assert place in texts[f"foule{row.person_id}@exemple.test"]


def test_control_without_the_lock_the_same_rush_oversells():
    event, _ = run(60, "tests.concurrency.unlocked:application", seats=10)

    assert event.registrations.registered().count() > 10
