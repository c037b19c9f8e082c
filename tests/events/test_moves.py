"""Freed seats that are offered, parties, seats per team, openings, and what is kept of each move."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.lib.typography import day
from apmsl.mail.models import Message
from events import services
from events.enums import RegistrationStatus, SeatOffer
from events.models import Registration
from events.services import seats
from tests import roles
from tests.events.factories import EventFactory, OpeningFactory, RegistrationFactory
from tests.members.factories import AffiliationFactory, TeamFactory

pytestmark = pytest.mark.django_db

S = RegistrationStatus
REGISTERED, CONFIRMED, WAITLISTED = S.REGISTERED, S.CONFIRMED, S.WAITLISTED
OFFERED, CANCELLED = S.OFFERED, S.CANCELLED


def when(**changes):
    return {"on": today(), "at": timezone.now()} | changes


def register(event, user, *people, **changes):
    people = people or (user.person,)
    return services.register_colleagues(event=event, people=people, by=user, **when(**changes))


def cancel(registration):
    by = roles.staff()
    return services.cancel(registration=registration, by=by, **when())


def statuses(event):
    return [row.status for row in event.registrations.order_by("queued_at", "pk")]


def purposes():
    rows = Message.objects.order_by("pk").values_list("purpose", flat=True)
    return [purpose.removeprefix("registration-") for purpose in rows]


@pytest.fixture
def offering():
    """One seat, taken; two who wait; a freed seat is offered for a day."""
    event = EventFactory(capacity=1, seat_offer=SeatOffer.OFFERED, offer_hours=24)
    rows = [register(event, roles.member())[0] for _ in range(3)]
    Message.objects.all().delete()
    return event, rows


# -- offers ----------------------------------------------------------------------------------------
def test_a_freed_seat_is_offered_to_the_first_who_waits_until_its_term(offering):
    event, (seated, first, second) = offering
    at = timezone.now()

    served = services.cancel(registration=seated, by=roles.staff(), on=today(), at=at)

    first.refresh_from_db()
    assert served == [first]
    assert (first.status, first.offer_until) == (OFFERED, at + timedelta(hours=24))
    assert second.rank() == 1
    assert purposes() == ["cancelled", "offered"]
    assert first.token in Message.objects.get(purpose="registration-offered").text


def test_an_offer_lasts_no_longer_than_there_is_until_the_event(offering):
    event, (seated, first, _) = offering
    at = timezone.now()
    type(event).objects.update(offer_hours=72, starts_on=today() + timedelta(days=1))

    services.cancel(registration=seated, by=roles.staff(), on=today(), at=at)

    first.refresh_from_db()
    assert first.offer_until == at + timedelta(hours=24)


def test_an_offered_seat_is_taken_nobody_else_gets_it(offering):
    event, (seated, *_) = offering
    cancel(seated)

    (newcomer,) = register(event, roles.member())

    assert newcomer.status == WAITLISTED
    assert newcomer.rank() == 2


def test_accepting_twice_confirms_once(offering):
    _, (seated, first, _) = offering
    cancel(seated)

    for _ in range(2):
        accepted = services.accept(registration=first, by=None, **when())

    assert (accepted.status, accepted.offer_until) == (CONFIRMED, None)
    assert purposes() == ["cancelled", "offered", "confirmed"]


def test_a_declined_offer_goes_to_the_next_and_does_not_queue_again(offering):
    event, (seated, first, second) = offering
    cancel(seated)

    served = services.decline(registration=first, by=None, **when())

    assert served == [second]
    assert services.decline(registration=first, by=None, **when()) == []
    assert statuses(event) == [CANCELLED, CANCELLED, OFFERED]
    assert purposes() == ["cancelled", "offered", "declined", "offered"]


def test_an_expired_offer_is_told_and_the_next_one_offered(offering):
    event, (seated, first, second) = offering
    cancel(seated)
    later = timezone.now() + timedelta(hours=25)

    assert services.expire(on=today(), at=timezone.now()) == 0
    assert services.expire(on=today(), at=later) == 1
    assert services.expire(on=today(), at=later) == 0

    assert statuses(event) == [CANCELLED, CANCELLED, OFFERED]
    assert Registration.objects.get(pk=first.pk).reason == "Offre expirée"
    assert purposes() == ["cancelled", "offered", "offer-expired", "offered"]


@pytest.mark.parametrize("swept", [True, False])
def test_an_expired_offer_accepted_is_refused_in_plain_words(offering, swept):
    event, (seated, first, _) = offering
    cancel(seated)
    later = timezone.now() + timedelta(hours=25)
    if swept:
        services.expire(on=today(), at=later)

    with pytest.raises(services.OfferExpired, match="^Le délai pour accepter est passé"):
        services.accept(registration=first, by=None, on=today(), at=later)

    assert event.registrations.registered().count() == 0


def test_nothing_is_accepted_that_was_not_offered(offering):
    _, (_, first, _) = offering

    with pytest.raises(services.NothingOffered):
        services.accept(registration=first, by=None, **when())


def test_who_says_that_they_come_keeps_the_seat_and_says_it_once():
    user, event = roles.member(), EventFactory(capacity=1)
    (registration,) = register(event, user)

    for _ in range(2):
        services.confirm_coming(registration=registration, by=user, **when())

    assert statuses(event) == [CONFIRMED]
    assert register(event, roles.member())[0].status == WAITLISTED
    waiting = event.registrations.waiting().get()
    with pytest.raises(services.NoLongerRegistered):
        services.confirm_coming(registration=waiting, by=None, **when())


# -- parties ---------------------------------------------------------------------------------------
@pytest.fixture
def team():
    return TeamFactory(member=True)


@pytest.fixture
def people(team):
    return [AffiliationFactory(team=team).person for _ in range(3)]


def test_a_party_sits_all_at_once_or_waits_all_at_once(team, people):
    event, coordinator = EventFactory(capacity=2), roles.coordinator(team)

    done = services.register_colleagues(
        event=EventFactory(capacity=3), people=people, by=coordinator, together=True, **when()
    )
    assert [row.status for row in done] == [REGISTERED] * 3

    with pytest.raises(services.TooManyTogether, match="2\u00a0places"):
        services.register_colleagues(
            event=event, people=people, by=coordinator, together=True, **when()
        )


def test_a_party_waits_for_a_seat_each_and_those_behind_do_not_pass(team, people):
    event = EventFactory(capacity=3)
    seated = RegistrationFactory.create_batch(2, event=event)
    done = services.register_colleagues(
        event=event, people=people, by=roles.coordinator(team), together=True, **when()
    )
    (behind,) = register(event, roles.member())

    assert [row.status for row in [*done, behind]] == [WAITLISTED] * 4
    assert seats.short_of(event) == 2
    assert cancel(seated[0]) == []
    assert cancel(seated[1]) == done
    assert statuses(event).count(REGISTERED) == 3
    assert behind.rank() == 1


def test_a_party_that_can_never_sit_holds_nobody_up(team, people):
    event = EventFactory(capacity=3)
    RegistrationFactory(event=event)
    services.register_colleagues(
        event=event, people=people, by=roles.coordinator(team), together=True, **when()
    )
    type(event).objects.update(capacity=2)

    (behind,) = register(event, roles.member())

    assert behind.status == REGISTERED
    assert statuses(event).count(WAITLISTED) == 3


# -- seats per team, openings ------------------------------------------------------------------------
def test_a_team_has_its_seats_and_no_more_and_is_told_how_many_are_left(team, people):
    event, coordinator = EventFactory(seats_per_team=2), roles.coordinator(team)

    with pytest.raises(services.TeamFull) as refusal:
        register(event, coordinator, *people)
    assert str(refusal.value) == (
        f"Chaque équipe a droit à 2\u00a0places : il en reste 2 pour « {team} »."
    )
    register(event, coordinator, *people[:2])
    with pytest.raises(services.TeamFull, match="il n’en reste plus pour"):
        register(event, coordinator, people[2])
    assert register(event, roles.member())[0].status == REGISTERED
    assert register(event, roles.staff(), people[2])[0].status == REGISTERED


def test_before_its_day_an_audience_is_refused_with_the_date(team, people):
    event = EventFactory(audiences=["members", "coordinators"])
    opens_on = today() + timedelta(days=5)
    OpeningFactory(event=event, audience="members", opens_on=opens_on)
    coordinator, member = roles.coordinator(team), roles.member(team)

    assert register(event, coordinator)[0].status == REGISTERED
    with pytest.raises(services.NotOpenYet) as refusal:
        register(event, member)
    assert str(refusal.value) == f"Les inscriptions ouvrent le {day(opens_on)} pour vous."
    with pytest.raises(services.NotOpenYet, match=f"pour {people[0]}"):
        register(event, coordinator, people[0])
    assert register(event, roles.staff(), people[0])[0].status == REGISTERED
    assert register(event, member, on=opens_on)[0].status == REGISTERED


# -- what is kept ------------------------------------------------------------------------------------
def test_each_move_is_kept_with_its_reason(offering):
    _, (seated, first, _) = offering
    cancel(seated)
    services.decline(registration=first, by=None, **when())

    first = Registration.objects.get(pk=first.pk)
    told = [(move.before, move.after, move.reason) for move in services.moves(first)]

    assert told == [
        ("", "Sur liste d’attente", ""),
        ("Sur liste d’attente", "Place proposée", ""),
        ("Place proposée", "Annulée", "Place refusée"),
    ]
    assert services.moves(first)[0].who == str(first.registered_by.person)
