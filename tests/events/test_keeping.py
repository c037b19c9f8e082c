"""Seats without a name, replacements, and placing beyond the capacity."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from events import services
from events.enums import RegistrationStatus
from events.models import Registration
from tests import roles
from tests.events.factories import (
    EventFactory,
    ItemChoiceFactory,
    OpeningFactory,
    RegistrationFactory,
)
from tests.members.factories import (
    AffiliationFactory,
    PersonEmailFactory,
    PersonFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

S = RegistrationStatus


def when(**changes):
    return {"on": today(), "at": timezone.now()} | changes


def fresh(registration):
    return Registration.objects.get(pk=registration.pk)


def purposes():
    rows = Message.objects.order_by("pk").values_list("purpose", "recipient")
    return [(purpose.removeprefix("registration-"), to) for purpose, to in rows]


@pytest.fixture
def team():
    return TeamFactory(member=True)


@pytest.fixture
def coordinator(team):
    return roles.coordinator(team)


@pytest.fixture
def colleague(team):
    person = AffiliationFactory(team=team).person
    PersonEmailFactory(person=person, address="collegue@exemple.test")
    return person


# -- seats without a name ----------------------------------------------------------------------------
def test_seats_are_reserved_counted_and_told_to_who_reserved_them(team, coordinator):
    event = EventFactory(capacity=2)

    kept = services.reserve(event=event, team=team, number=3, by=coordinator, **when())

    assert [row.status for row in kept] == [S.REGISTERED, S.REGISTERED, S.WAITLISTED]
    assert {(row.person, row.team, row.registered_by) for row in kept} == {
        (None, team, coordinator)
    }
    assert purposes() == [("seats-reserved", coordinator.email)]
    assert "2\u00a0places sont réservées" in Message.objects.get().text


@pytest.mark.parametrize("number", [0, 21])
def test_neither_none_nor_a_whole_hall(team, coordinator, number):
    with pytest.raises(services.TooManyTogether):
        services.reserve(event=EventFactory(), team=team, number=number, by=coordinator, **when())


def test_one_reserves_for_one_s_team_and_within_its_seats(team, coordinator):
    event = EventFactory(seats_per_team=1)

    with pytest.raises(services.NotYourColleague):
        services.reserve(
            event=event, team=TeamFactory(member=True), number=1, by=coordinator, **when()
        )
    with pytest.raises(services.TeamFull):
        services.reserve(event=event, team=team, number=2, by=coordinator, **when())
    assert not event.registrations.exists()


def test_a_seat_is_named_once_and_its_person_is_told(team, coordinator, colleague):
    event = EventFactory()
    (kept,) = services.reserve(event=event, team=team, number=1, by=coordinator, **when())

    for _ in range(2):
        named = services.name(registration=kept, person=colleague, by=coordinator, **when())

    assert (named.pk, named.person, named.status) == (kept.pk, colleague, S.REGISTERED)
    assert purposes()[1:] == [("confirmed", "collegue@exemple.test")]


def test_who_had_cancelled_takes_the_seat_with_their_own_row(team, coordinator, colleague):
    event = EventFactory(capacity=1)
    mine = RegistrationFactory(event=event, person=colleague, cancelled=True)
    (kept,) = services.reserve(event=event, team=team, number=1, by=coordinator, **when())

    named = services.name(registration=kept, person=colleague, by=coordinator, **when())

    assert (named, named.status) == (mine, S.REGISTERED)
    assert (fresh(kept).status, fresh(kept).reason) == (
        S.CANCELLED,
        f"Place attribuée à {colleague}",
    )
    assert event.registrations.taking_seats().count() == 1


def test_a_seat_goes_to_nobody_of_another_team_nor_to_who_has_one(team, coordinator, colleague):
    event = EventFactory()
    (kept,) = services.reserve(event=event, team=team, number=1, by=coordinator, **when())
    stranger = AffiliationFactory(team=TeamFactory(member=True)).person
    RegistrationFactory(event=event, person=colleague)

    with pytest.raises(services.NotYourColleague):
        services.name(registration=kept, person=stranger, by=coordinator, **when())
    with pytest.raises(services.AlreadyRegistered):
        services.name(registration=kept, person=colleague, by=coordinator, **when())
    with pytest.raises(services.NotYourColleague):
        services.name(registration=kept, person=colleague, by=roles.coordinator(), **when())


def test_each_seat_is_cancelled_alone_and_the_next_one_moves_up(team, coordinator):
    event = EventFactory(capacity=1)
    kept = services.reserve(event=event, team=team, number=2, by=coordinator, **when())

    served = services.cancel(registration=kept[0], by=coordinator, **when())

    assert served == [kept[1]]
    with pytest.raises(services.NotYourColleague):
        services.cancel(registration=kept[1], by=roles.coordinator(), **when())
    with pytest.raises(services.NotYourColleague):
        services.cancel(registration=kept[1], by=None, **when())


def test_who_reserved_is_reminded_seven_and_two_days_before_once_each(team, coordinator):
    event = EventFactory(starts_on=today() + timedelta(days=20))
    kept = services.reserve(event=event, team=team, number=2, by=coordinator, **when())
    Message.objects.all().delete()

    for day in range(8, 23):
        for _ in range(2):
            services.remind(on=today() + timedelta(days=day), at=timezone.now())

    rows = Message.objects.order_by("pk")
    assert [row.object_key.rpartition(" ")[2] for row in rows] == ["J-7", "J-2"]
    assert {row.recipient for row in rows} == {coordinator.email}
    assert "2\u00a0places réservées" in rows[0].text

    Message.objects.all().delete()
    for row in kept:
        services.cancel(registration=row, by=coordinator, **when())
    assert services.remind(on=today() + timedelta(days=14), at=timezone.now()) == 0


def test_whoever_reserves_at_the_last_moment_is_not_reminded_at_once(team, coordinator):
    event = EventFactory(starts_on=today() + timedelta(days=5))
    services.reserve(event=event, team=team, number=1, by=coordinator, **when())

    assert services.remind(on=today(), at=timezone.now()) == 0
    assert services.remind(on=today() + timedelta(days=3), at=timezone.now()) == 1


# -- replacements ------------------------------------------------------------------------------------
def test_a_seat_passes_to_a_colleague_with_its_workshops_and_is_never_free(team, colleague):
    event, user = EventFactory(capacity=1), roles.member(team)
    mine = RegistrationFactory(event=event, person=user.person, team=team)
    choice = ItemChoiceFactory(registration=mine)
    waiting = RegistrationFactory(event=event, waiting=True)

    taken = services.replace(registration=mine, person=colleague, by=user, **when())
    again = services.replace(registration=mine, person=colleague, by=user, **when())

    assert (taken.person, taken.status, again) == (colleague, S.REGISTERED, taken)
    assert (fresh(mine).status, fresh(mine).reason) == (
        S.CANCELLED,
        f"Remplacement par {colleague}",
    )
    assert fresh(waiting).status == S.WAITLISTED
    choice.refresh_from_db()
    assert choice.registration == taken
    assert purposes() == [("replaced", user.email), ("confirmed", "collegue@exemple.test")]
    replaced, confirmed = Message.objects.order_by("pk")
    assert replaced.attachment_type == "text/calendar; method=CANCEL"
    assert f"à la place de {user.person}" in confirmed.text


def test_replaced_and_back_again_each_time_both_are_told(team, colleague):
    user, staff = roles.member(team), roles.staff()
    event = EventFactory()
    mine = services.register(event=event, person=user.person, by=user, **when())
    theirs = services.replace(registration=mine, person=colleague, by=staff, **when())

    services.replace(registration=theirs, person=user.person, by=staff, **when())

    assert (fresh(mine).status, fresh(theirs).status) == (S.REGISTERED, S.CANCELLED)
    assert [name for name, _ in purposes()] == [
        "confirmed",
        "replaced",
        "confirmed",
        "replaced",
        "confirmed",
    ]


def test_replacing_has_a_last_day_which_does_not_bind_the_staff(team, colleague):
    user = roles.member(team)
    event = EventFactory(replace_until=today() - timedelta(days=1))
    mine = RegistrationFactory(event=event, person=user.person)

    with pytest.raises(services.TooLate):
        services.replace(registration=mine, person=colleague, by=user, **when())
    assert services.replace(registration=mine, person=colleague, by=roles.staff(), **when())


def test_nobody_is_replaced_by_a_stranger_nor_by_who_has_a_seat_nor_by_others(team, colleague):
    user, event = roles.member(team), EventFactory()
    mine = RegistrationFactory(event=event, person=user.person)
    stranger = AffiliationFactory(team=TeamFactory(member=True)).person
    seated = AffiliationFactory(team=team).person
    RegistrationFactory(event=event, person=seated)

    for person, by, refusal in [
        (stranger, user, services.NotYourColleague),
        (seated, user, services.AlreadyRegistered),
        (colleague, roles.member(team), services.NotYourColleague),
    ]:
        with pytest.raises(refusal):
            services.replace(registration=mine, person=person, by=by, **when())
    assert fresh(mine).status == S.REGISTERED


def test_a_place_in_the_queue_is_not_passed_on(team, colleague):
    user, event = roles.member(team), EventFactory(capacity=0)
    mine = services.register(event=event, person=user.person, by=user, **when())

    with pytest.raises(services.NoLongerRegistered):
        services.replace(registration=mine, person=colleague, by=user, **when())


# -- beyond the capacity -------------------------------------------------------------------------------
def test_the_staff_places_somebody_beyond_the_capacity_and_says_why(team):
    event, staff = EventFactory(capacity=1), roles.staff()
    RegistrationFactory(event=event)
    first = RegistrationFactory(event=event, waiting=True)
    waiting = RegistrationFactory(event=event, waiting=True)
    people = [waiting.person, PersonFactory()]

    placed = services.place_beyond(
        event=event, people=people, reason="Intervient l’après-midi", by=staff, **when()
    )

    assert [(row.status, row.over_capacity) for row in placed] == [(S.REGISTERED, True)] * 2
    assert fresh(first).status == S.WAITLISTED
    assert event.registrations.taking_seats().count() == 1
    told = services.moves(fresh(waiting))[-1]
    assert (told.after, told.reason) == ("Inscrit·e (hors jauge)", "Intervient l’après-midi")


def test_a_seat_beyond_the_capacity_frees_none_when_given_up():
    event, staff = EventFactory(capacity=1), roles.staff()
    RegistrationFactory(event=event)
    RegistrationFactory(event=event, waiting=True)
    (placed,) = services.place_beyond(
        event=event, people=[PersonFactory()], reason="Invitée", by=staff, **when()
    )

    assert services.cancel(registration=placed, by=staff, **when()) == []
    assert not fresh(placed).over_capacity


def test_only_the_staff_places_beyond_and_never_without_a_reason():
    event, person = EventFactory(capacity=0), PersonFactory()

    with pytest.raises(services.NotYourColleague):
        services.place_beyond(
            event=event, people=[person], reason="Oui", by=roles.coordinator(), **when()
        )
    with pytest.raises(services.NoReason):
        services.place_beyond(event=event, people=[person], reason="  ", by=roles.staff(), **when())


# -- capacity lowered, event deleted -------------------------------------------------------------------
def test_a_capacity_lowered_under_the_number_registered_takes_nobody_s_seat():
    event, staff = EventFactory(capacity=3), roles.staff()
    rows = RegistrationFactory.create_batch(3, event=event)
    RegistrationFactory(event=event, waiting=True)
    type(event).objects.update(capacity=1)

    assert services.promote(event=event, **when()) == []
    assert services.cancel(registration=rows[0], by=staff, **when()) == []
    assert services.cancel(registration=rows[1], by=staff, **when()) == []
    assert len(services.cancel(registration=rows[2], by=staff, **when())) == 1


def test_an_event_with_registrations_is_not_deleted_by_the_portal_nor_by_the_database():
    event = EventFactory()
    RegistrationFactory(event=event, cancelled=True)

    with pytest.raises(ProtectedError):
        event.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        _delete_in_the_database(event)


def _delete_in_the_database(event):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DELETE FROM events_event WHERE id = %s", [event.pk])


def test_a_registration_beyond_the_capacity_has_a_reason_for_the_database_too():
    with pytest.raises(ValidationError):
        RegistrationFactory.build(
            event=EventFactory(), person=PersonFactory(), over_capacity=True
        ).full_clean()


# -- the pages -----------------------------------------------------------------------------------------
def test_seats_are_reserved_named_and_replaced_from_the_page(client, team, coordinator, colleague):
    event = EventFactory(capacity=9)
    client.force_login(coordinator)
    page = {"event_id": event.pk}

    client.post(reverse("events:reserve", kwargs=page), {"number": 2, "team": team.pk})
    kept = event.registrations.nameless().first()
    address = reverse("events:name", kwargs=page | {"registration_id": kept.pk})
    shown = client.get(address).content.decode()
    client.post(address, {"person": colleague.pk})
    other = AffiliationFactory(team=team).person
    address = reverse("events:replace", kwargs=page | {"registration_id": kept.pk})
    client.post(address, {"person": other.pk})
    listed = client.get(event.get_absolute_url()).content.decode()

    assert str(colleague) in shown
    assert event.registrations.registered().get(person__isnull=False).person == other
    assert "Place à compléter" in listed
    assert "Dire qui vient" in listed


def test_a_member_reads_when_the_registrations_open_for_them(client, team):
    event = EventFactory()
    OpeningFactory(event=event, opens_on=today() + timedelta(days=3))
    client.force_login(roles.member(team))

    page = client.get(event.get_absolute_url()).content.decode()

    assert "Les inscriptions ouvrent pour vous le" in page
    assert "M’inscrire" not in page
