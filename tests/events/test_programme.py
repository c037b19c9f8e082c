"""Choosing workshops: what the service says, what the database refuses, and the page."""

from datetime import date, time
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from apmsl.lib.dates import today
from events import services
from events.enums import EventStatus, RegistrationStatus
from events.models import Item, ItemChoice
from events.services import programme
from tests import roles
from tests.events.factories import (
    EventFactory,
    ItemChoiceFactory,
    ItemFactory,
    RegistrationFactory,
)
from tests.members.factories import AffiliationFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client):
    user = roles.member()
    client.force_login(user)
    return user


@pytest.fixture
def mine(me):
    return RegistrationFactory(person=me.person)


def page(registration):
    return reverse("events:choose", args=[registration.event_id, registration.pk])


def choose(registration, *items, by=None):
    wanted = [item.pk for item in items]
    return programme.choose(registration=registration, items=wanted, by=by, on=today())


def chosen(registration):
    return set(Item.objects.filter(choices__registration=registration))


# -- the service -----------------------------------------------------------------------------------
def test_choosing_again_replaces_what_was_chosen(me, mine):
    first, second = ItemFactory(event=mine.event), ItemFactory(event=mine.event)

    choose(mine, first, by=me)
    choose(mine, first, by=me)
    assert chosen(mine) == {first}

    choose(mine, second, by=me)
    assert chosen(mine) == {second}
    choose(mine, by=me)
    assert chosen(mine) == set()


def test_two_that_meet_at_the_same_time_are_refused_by_name(me, mine):
    first = ItemFactory(event=mine.event, title="Accès aux soins")
    second = ItemFactory(event=mine.event, title="Santé mentale", starts_at=time(10, 30))
    after = ItemFactory(event=mine.event, starts_at=time(11), ends_at=time(12))

    with pytest.raises(programme.ChoiceRefused, match="Accès aux soins.*Santé mentale") as refusal:
        choose(mine, first, second, by=me)
    choose(mine, first, after, by=me)

    assert refusal.value.item == second
    assert chosen(mine) == {first, after}


def test_a_full_workshop_is_refused_and_the_former_choice_kept(me, mine):
    mine_first = ItemFactory(event=mine.event)
    full = ItemFactory(event=mine.event, title="Rire en équipe", capacity=1)
    ItemChoiceFactory(item=full, registration=RegistrationFactory(event=mine.event))
    choose(mine, mine_first, by=me)

    with pytest.raises(programme.ChoiceRefused, match="Rire en équipe » est complet"):
        choose(mine, full, by=me)

    assert chosen(mine) == {mine_first}


def test_whoever_has_the_last_seat_may_say_so_again(me, mine):
    last = ItemFactory(event=mine.event, capacity=1)
    choose(mine, last, by=me)

    choose(mine, last, by=me)

    assert chosen(mine) == {last}


@pytest.mark.parametrize(
    "status", [RegistrationStatus.CANCELLED, RegistrationStatus.EXCUSED, "waitlisted"]
)
def test_a_seat_given_up_frees_its_workshops(me, mine, status):
    last = ItemFactory(event=mine.event, capacity=1)
    choose(mine, last, by=me)
    other = RegistrationFactory(event=mine.event)

    mine.status = status
    type(mine).objects.bulk_update([mine], ["status"])

    assert chosen(mine) == set()
    choose(other, last)
    assert Item.objects.with_taken().get().taken == 1


def test_confirming_keeps_the_workshops(me, mine):
    item = ItemFactory(event=mine.event)
    choose(mine, item, by=me)

    mine.status = RegistrationStatus.CONFIRMED
    mine.save()

    assert chosen(mine) == {item}


def test_only_what_is_to_choose_in_this_event_can_be_chosen(me, mine):
    elsewhere, plenary = ItemFactory(), ItemFactory(event=mine.event, is_chosen=False)

    for item in (elsewhere, plenary):
        with pytest.raises(programme.ChoiceRefused, match="plus au programme"):
            choose(mine, item, by=me)


def test_nobody_chooses_before_having_a_seat_nor_after_the_event(me, mine):
    item = ItemFactory(event=mine.event)
    waiting = RegistrationFactory(event=mine.event, waiting=True)
    with pytest.raises(programme.ChoiceRefused, match="une fois la place obtenue"):
        choose(waiting, item)

    mine.event.status = EventStatus.CANCELLED
    mine.event.save()
    with pytest.raises(services.EventCancelled):
        choose(mine, item, by=me)

    mine.event.status = EventStatus.HELD
    mine.event.save()
    with pytest.raises(services.AlreadyOver):
        choose(mine, item, by=me)


def test_one_chooses_for_oneself_and_ones_team_only(me):
    theirs = RegistrationFactory()
    item = ItemFactory(event=theirs.event)

    with pytest.raises(services.NotYourColleague):
        choose(theirs, item, by=me)


# -- the database ----------------------------------------------------------------------------------
def test_the_database_refuses_two_at_the_same_time_and_those_of_another_event(mine):
    first = ItemChoiceFactory(registration=mine).item
    meets = ItemFactory(event=mine.event)
    assert first.meets(meets)

    for item in (meets, ItemFactory(starts_at=time(14), ends_at=time(15))):
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemChoice.objects.create(registration=mine, item=item)


def test_the_database_refuses_more_choices_than_seats(mine):
    item = ItemFactory(event=mine.event, capacity=1)
    ItemChoiceFactory(item=item, registration=mine)

    with pytest.raises(IntegrityError), transaction.atomic():
        ItemChoiceFactory(item=item, registration=RegistrationFactory(event=mine.event))


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_of_a_workshop_goes_to_one_of_ten_who_ask_together():
    event = EventFactory()
    item = ItemFactory(event=event, capacity=1)
    registrations = [RegistrationFactory(event=event) for _ in range(10)]
    together, told = Barrier(10), []

    def ask(registration):
        try:
            together.wait(timeout=20)
            choose(registration, item)
        except programme.ChoiceRefused as refusal:
            told.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=ask, args=[registration]) for registration in registrations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert ItemChoice.objects.count() == 1
    assert len(told) == 9
    assert all("est complet" in text for text in told)


# -- the page --------------------------------------------------------------------------------------
def test_the_page_asks_hour_by_hour_and_keeps_the_choice(client, mine):
    first = ItemFactory(event=mine.event, title="Accès aux soins", capacity=3)
    second = ItemFactory(event=mine.event)
    ItemFactory(event=mine.event, starts_at=time(14), ends_at=time(15))

    form = client.get(page(mine)).context["form"]
    assert [slot[0] for slot in form.slots][0] == first
    assert [len(slot) for slot in form.slots] == [2, 1]
    answer = client.post(page(mine), {"slot_0": second.pk, "slot_1": ""}, follow=True)

    assert chosen(mine) == {second}
    assert second.title in answer.content.decode()
    assert "Choisir vos ateliers" not in answer.content.decode()


def test_a_long_workshop_beside_two_short_ones_is_a_list_of_boxes(client, mine):
    ItemFactory(event=mine.event, ends_at=time(12))
    early = ItemFactory(event=mine.event)
    late = ItemFactory(event=mine.event, starts_at=time(11), ends_at=time(12))

    client.post(page(mine), {"slot_0": [early.pk, late.pk]})

    assert chosen(mine) == {early, late}


def test_what_cannot_be_attended_is_said_beside_the_field_and_the_choice_stays_ticked(client, mine):
    long = ItemFactory(event=mine.event, title="Le long", ends_at=time(12))
    ItemFactory(event=mine.event)
    late = ItemFactory(event=mine.event, title="Le tard", starts_at=time(11), ends_at=time(12))

    answer = client.post(page(mine), {"slot_0": [long.pk, late.pk]})

    (error,) = answer.context["form"].errors["slot_0"]
    assert "Le long" in error
    assert "Le tard" in error
    assert answer.content.decode().count("checked") == 2
    assert chosen(mine) == set()


def test_forged_and_vanished_workshops_are_a_sentence(client, mine):
    ItemFactory(event=mine.event)
    foreign = ItemFactory()

    for data in (
        {"slot_0": foreign.pk},
        {"slot_0": "1 OR 1"},
        {"slot_0": "💥"},
        {"slot_0": "", "slot_7": foreign.pk},
    ):
        answer = client.post(page(mine), data)
        assert answer.status_code == 200
        assert answer.context["form"].errors
    assert chosen(mine) == set()


def test_the_page_is_for_ones_own_registration_and_ones_teams(client, me):
    theirs = RegistrationFactory()
    assert client.get(page(theirs)).status_code == 404

    team = TeamFactory(member=True)
    client.force_login(roles.coordinator(team))
    colleague = AffiliationFactory(team=team).person
    registration = RegistrationFactory(person=colleague)
    item = ItemFactory(event=registration.event)

    assert str(colleague) in client.get(page(registration)).content.decode()
    client.post(page(registration), {"slot_0": item.pk})
    assert chosen(registration) == {item}


def test_the_event_s_page_tells_the_programme_with_the_seats_left(client, mine):
    item = ItemFactory(event=mine.event, title="Accès aux soins", capacity=3, room="Loire")
    ItemFactory(event=mine.event, held_on=date(2031, 5, 2), is_chosen=False, capacity=9)
    ItemChoiceFactory(item=item, registration=RegistrationFactory(event=mine.event))

    text = client.get(mine.event.get_absolute_url()).content.decode()

    assert "Accès aux soins" in text
    assert "2\u00a0places" in text
    assert "Loire" in text
    assert "9\u00a0places" not in text
    assert "Choisir vos ateliers" in text


def test_an_event_without_programme_shows_none(client, mine):
    text = client.get(mine.event.get_absolute_url()).content.decode()

    assert "Programme" not in text
    assert "ateliers" not in text


def test_one_who_waits_is_not_asked_to_choose(client, me):
    waiting = RegistrationFactory(person=me.person, waiting=True)
    ItemFactory(event=waiting.event)

    text = client.get(waiting.event.get_absolute_url()).content.decode()

    assert "Choisir vos ateliers" not in text
