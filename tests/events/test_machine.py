"""Whatever is done in whatever order, the machine of the seats keeps its promises."""

import contextlib
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apmsl.lib.dates import today
from events import services
from events.enums import RegistrationStatus, SeatOffer
from events.models import Event, Registration
from events.services import seats
from tests import roles
from tests.events.factories import EventFactory
from tests.members.factories import AffiliationFactory, TeamFactory

PEOPLE = 7
S = RegistrationStatus

who = st.integers(0, PEOPLE - 1)
STEPS = st.one_of(
    st.tuples(st.just("register"), st.lists(who, min_size=1, max_size=3), st.booleans()),
    st.tuples(st.just("cancel"), who),
    st.tuples(st.just("accept"), who),
    st.tuples(st.just("decline"), who),
    st.tuples(st.just("come"), who),
    st.tuples(st.just("expire")),
    st.tuples(st.just("replace"), who, who),
    st.tuples(st.just("reserve"), st.integers(1, 2)),
    st.tuples(st.just("name"), who),
    st.tuples(st.just("beyond"), who),
    st.tuples(st.just("raise"), st.integers(1, 2)),
)


class Machine:
    """One event, the people of one team, and whoever moves their seats."""

    def __init__(self, capacity, offer, staff, team, people):
        self.event = EventFactory(capacity=capacity, seat_offer=offer, offer_hours=1)
        self.staff, self.team, self.people = staff, team, people
        self.at = timezone.now()

    def play(self, step):
        """A refusal is an answer too."""
        self.at += timedelta(seconds=1)
        with contextlib.suppress(services.Refused), transaction.atomic():
            getattr(self, step[0] if step[0] != "raise" else "widen")(*step[1:])

    def when(self):
        return {"by": self.staff, "on": today(), "at": self.at}

    def of(self, rank):
        found = self.event.registrations.filter(person=self.people[rank]).first()
        if found is None:
            raise services.Refused
        return found

    def register(self, ranks, together):
        people = [self.people[rank] for rank in ranks]
        services.register_colleagues(
            event=self.event, people=people, together=together, **self.when()
        )

    def cancel(self, rank):
        services.cancel(registration=self.of(rank), **self.when())

    def accept(self, rank):
        services.accept(registration=self.of(rank), **self.when())

    def decline(self, rank):
        services.decline(registration=self.of(rank), **self.when())

    def come(self, rank):
        services.confirm_coming(registration=self.of(rank), **self.when())

    def expire(self):
        self.at += timedelta(hours=2)
        services.expire(on=today(), at=self.at)

    def replace(self, rank, other):
        person = self.people[other]
        services.replace(registration=self.of(rank), person=person, **self.when())

    def reserve(self, number):
        services.reserve(event=self.event, team=self.team, number=number, **self.when())

    def name(self, rank):
        kept = self.event.registrations.live().nameless().order_by("pk").first()
        if kept is not None:
            services.name(registration=kept, person=self.people[rank], **self.when())

    def beyond(self, rank):
        services.place_beyond(
            event=self.event, people=[self.people[rank]], reason="Invitation", **self.when()
        )

    def widen(self, more):
        self.event.capacity += more
        Event.objects.filter(pk=self.event.pk).update(capacity=self.event.capacity)
        services.promote(event=self.event, on=today(), at=self.at)

    def check(self, queue_before):
        rows = list(self.event.registrations.select_related("party"))
        taken = self.event.registrations.taking_seats().count()
        assert taken <= self.event.capacity
        named = [row.person_id for row in rows if row.person_id]
        assert len(named) == len(set(named))
        waiting = list(self.event.registrations.waiting().select_related("party"))
        self._check_nobody_waits_beside_a_free_seat(waiting, self.event.capacity - taken)
        stayed = [row.pk for row in waiting if row.pk in queue_before]
        assert stayed == [pk for pk in queue_before if pk in stayed]
        assert [row.rank() for row in waiting] == list(range(1, len(waiting) + 1))
        assert all((row.offer_until is not None) == row.is_offered for row in rows)

    def _check_nobody_waits_beside_a_free_seat(self, waiting, free):
        if free and waiting:
            head = seats._blocks(waiting)[0]
            assert len(head) > free, "somebody waits while a seat is free"


@pytest.mark.django_db
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    capacity=st.integers(0, 3),
    offer=st.sampled_from(SeatOffer.values),
    steps=st.lists(STEPS, min_size=3, max_size=14),
)
def test_any_sequence_of_moves_keeps_the_promises(capacity, offer, steps):
    with transaction.atomic():
        team = TeamFactory(member=True)
        people = [AffiliationFactory(team=team).person for _ in range(PEOPLE)]
        machine = Machine(capacity, offer, roles.staff(), team, people)
        for step in steps:
            queue = machine.event.registrations.waiting().values_list("pk", flat=True)
            before = list(queue)
            machine.play(step)
            machine.check(before)
        assert Registration.objects.filter(event=machine.event).count() <= 60
        transaction.set_rollback(True)
