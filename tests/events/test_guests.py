"""People from outside: the request, the letter, the seat once the address is proven."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core import signing
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.clock import SCHEDULE
from apmsl.lib.dates import today
from apmsl.mail.models import Message
from events.enums import EventStatus, QuestionType, RegistrationStatus
from events.models import GuestRequest, Registration
from events.periodic import forget_guest_requests
from events.services import guests
from members.models import Person, PersonEmail, User
from tests import roles
from tests.events.factories import (
    EventFactory,
    GuestRequestFactory,
    ItemFactory,
    RegistrationFactory,
    RegistrationQuestionFactory,
)
from tests.members.factories import PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

CAMILLE = {
    "first_name": "Camille",
    "last_name": "Dupont",
    "email": "camille@exemple.test",
    "function": "Infirmière",
    "organisation": "CHU",
}


@pytest.fixture
def event():
    return EventFactory(public=True)


def ask_page(event):
    return reverse("events:guest", args=[event.pk])


def link(request):
    return reverse("events:guest_confirm", args=[request.event_id, guests.token_of(request)])


def confirm(request):
    return guests.confirm(request=request, answers={}, on=today(), at=timezone.now())


def purposes():
    return list(Message.objects.order_by("pk").values_list("purpose", flat=True))


# -- asking ----------------------------------------------------------------------------------------
def test_from_the_event_s_page_to_a_seat_by_the_link_of_the_letter(client, event):
    assert ask_page(event) in client.get(event.get_absolute_url()).content.decode()

    answer = client.post(ask_page(event), CAMILLE, follow=True)
    assert "Ouvrez votre messagerie" in answer.content.decode()
    assert not Registration.objects.exists()
    assert not Person.objects.filter(last_name="Dupont").exists()

    (letter,) = Message.objects.all()
    assert letter.recipient == "camille@exemple.test"
    (path,) = re.findall(r"https?://[^/\s]+(/evenements/\S+inscription-libre/\S+)", letter.text)
    assert "Confirmer mon inscription" in client.get(path).content.decode()
    assert not Registration.objects.exists(), "opening a link changes nothing"

    answer = client.post(path, follow=True)

    assert "Vous êtes inscrit·e" in answer.content.decode()
    registration = Registration.objects.get()
    assert registration.status == RegistrationStatus.REGISTERED
    assert registration.registered_by is None
    assert str(registration.person) == "Camille Dupont"
    assert not User.objects.filter(person=registration.person).exists()
    assert purposes() == ["guest-address", "registration-confirmed"]


def test_a_full_event_says_so_before_and_gives_a_place_in_the_queue(client):
    event = EventFactory(public=True, capacity=1)
    RegistrationFactory(event=event)

    assert "complet" in client.get(ask_page(event)).content.decode()
    client.post(ask_page(event), CAMILLE)
    text = client.post(link(GuestRequest.objects.get()), follow=True).content.decode()

    assert "liste d’attente" in text
    assert "la prochaine personne" in text
    assert purposes()[-1] == "registration-waitlisted"


@pytest.mark.parametrize("known", ["nobody", "a person", "an account", "registered"])
def test_the_answer_is_the_same_whether_the_address_is_known(client, event, known):
    if known in {"a person", "registered"}:
        person = PersonFactory()
        PersonEmail.objects.create(person=person, address=CAMILLE["email"])
        if known == "registered":
            RegistrationFactory(event=event, person=person)
    if known == "an account":
        UserFactory(email=CAMILLE["email"])

    answer = client.post(ask_page(event), CAMILLE)
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("events:guest_sent", args=[event.pk]),
    )
    letter = Message.objects.get()

    assert ("déjà un compte" in letter.text) is (known == "an account")
    page = client.get(link(GuestRequest.objects.get())).content.decode()
    assert "déjà" not in page


def test_whoever_is_known_by_the_address_is_registered_and_not_made_twice(event):
    person = PersonFactory(first_name="Autre", last_name="Nom")
    PersonEmail.objects.create(person=person, address="Camille@Exemple.test")
    request = GuestRequestFactory(event=event, email="camille@exemple.test")

    assert confirm(request).person == person
    assert Person.objects.filter(last_name=request.last_name).count() == 0


def test_of_two_who_share_an_address_it_is_the_one_of_that_name(event):
    shared = "secretariat@exemple.test"
    people = [PersonFactory(first_name="Léa", last_name=name) for name in ("Martin", "Le-Goff")]
    for person in people:
        PersonEmail.objects.create(person=person, address=shared)

    request = GuestRequestFactory(event=event, email=shared, first_name="lea", last_name="Le Goff")
    newcomer = GuestRequestFactory(event=EventFactory(public=True), email=shared)

    assert confirm(request).person == people[1]
    assert confirm(newcomer).person not in people


def test_asked_again_a_request_is_changed_and_another_letter_leaves(client, event):
    client.post(ask_page(event), CAMILLE)
    client.post(
        ask_page(event), {**CAMILLE, "email": "CAMILLE@exemple.test", "last_name": "Durand"}
    )

    assert GuestRequest.objects.get().last_name == "Durand"
    assert purposes() == ["guest-address"] * 2


def test_once_confirmed_a_request_is_changed_by_nobody(client, event):
    request = GuestRequestFactory(event=event)
    registration = confirm(request)

    client.post(ask_page(event), {**CAMILLE, "email": request.email})

    request.refresh_from_db()
    assert request.last_name != "Dupont"
    assert request.registration == registration


def test_whoever_cancelled_may_come_back(event):
    request = GuestRequestFactory(event=event)
    registration = confirm(request)
    registration.status = RegistrationStatus.CANCELLED
    registration.save()

    request.refresh_from_db()
    again = confirm(request)

    assert again == registration
    assert again.status == RegistrationStatus.REGISTERED


# -- the link --------------------------------------------------------------------------------------
def test_the_link_used_twice_answers_the_same(client, event):
    request = GuestRequestFactory(event=event)

    texts = [client.post(link(request), follow=True).content.decode() for _ in range(2)]

    assert all("Vous êtes inscrit·e" in text for text in texts)
    assert Registration.objects.count() == 1
    assert purposes() == ["registration-confirmed"]


def test_cut_forged_old_and_foreign_links_are_a_sentence(client, event, monkeypatch):
    request, other = GuestRequestFactory(event=event), EventFactory(public=True)
    good = guests.token_of(request)
    foreign = signing.dumps([request.pk, request.email], salt="elsewhere")
    wrong = [
        (event.pk, good[:-3]),
        (event.pk, "💥"),
        (event.pk, foreign),
        (event.pk, signing.dumps([request.pk, "autre@exemple.test"], salt="events.guests")),
        (event.pk, signing.dumps("rien", salt="events.guests")),
        (other.pk, good),
    ]
    for event_id, token in wrong:
        path = reverse("events:guest_confirm", args=[event_id, token])
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code == 404
            assert "Refaire ma demande" in answer.content.decode()

    monkeypatch.setattr(guests, "LINK_LIVES", timedelta(seconds=-1))
    assert "plus de 48" in client.get(link(request)).content.decode()
    assert not Registration.objects.exists()


def test_the_link_s_page_is_found_by_nobody_else(client, event):
    answer = client.get(link(GuestRequestFactory(event=event)))

    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_closed_meanwhile_is_said_and_nobody_is_made(client, event):
    request = GuestRequestFactory(event=event)
    event.status = EventStatus.CANCELLED
    event.save()

    assert "annulé" in client.post(link(request)).content.decode()
    assert not Person.objects.filter(last_name=request.last_name).exists()


@pytest.mark.django_db(transaction=True)
def test_ten_confirmations_at_once_make_one_person_and_one_registration():
    request = GuestRequestFactory()
    together, told = Barrier(10), []

    def press():
        try:
            together.wait(timeout=20)
            told.append(confirm(GuestRequest.objects.get(pk=request.pk)).pk)
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert len(told) == 10
    assert len(set(told)) == 1
    assert Registration.objects.count() == 1
    assert Person.objects.filter(last_name=request.last_name).count() == 1


# -- questions and workshops -----------------------------------------------------------------------
def test_questions_are_asked_on_the_letter_s_page_and_workshops_once_seated(client, event):
    asked = RegistrationQuestionFactory(event=event, required=True, type=QuestionType.YES_NO)
    item = ItemFactory(event=event)
    request = GuestRequestFactory(event=event)

    refused = client.post(link(request), {})
    assert f"question_{asked.pk}" in refused.context["answers"].errors
    assert not Registration.objects.exists()

    given = {f"question_{asked.pk}": "Oui"}
    client.post(link(request), given)
    registration = Registration.objects.get()
    assert registration.answers.get().value == "Oui"

    assert item.title in client.get(link(request)).content.decode()
    client.post(link(request), {**given, "slot_0": item.pk})
    assert registration.choices.get().item == item


def test_a_workshop_that_filled_up_meanwhile_is_said_beside_it(client, event):
    item = ItemFactory(event=event, capacity=1)
    request = GuestRequestFactory(event=event)
    confirm(request)
    other = RegistrationFactory(event=event)
    other.choices.create(item=item)

    answer = client.post(link(request), {"slot_0": item.pk})

    assert "est complet" in str(answer.context["choices"].errors["slot_0"])


# -- bad input -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", "x" * 200),
        ("last_name", ""),
        ("last_name", "\u200b\x07"),
        ("email", "pas une adresse"),
        ("email", "a@b.test\nBcc: tous@exemple.test"),
        ("first_name", "A\x00"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(client, event, field, value):
    answer = client.post(ask_page(event), {**CAMILLE, field: value})

    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert 'value="CHU"' in answer.content.decode()
    assert not GuestRequest.objects.exists()


def test_a_name_never_writes_a_header_nor_markup(client, event):
    name = "Zoé 🎉\r\nBcc: tous@exemple.test"
    client.post(ask_page(event), {**CAMILLE, "first_name": name, "last_name": "<b>Gras</b>"})
    request = GuestRequest.objects.get()

    assert "\n" not in request.first_name
    client.post(link(request))
    assert "<b>Gras" not in client.get(link(request)).content.decode()
    for letter in Message.objects.all():
        assert "\n" not in letter.subject
        assert "<b>Gras" not in letter.html


def test_a_robot_that_fills_every_field_is_thanked_and_forgotten(client, event):
    answer = client.post(ask_page(event), {**CAMILLE, "website": "https://spam.test"})

    assert answer.status_code == 302
    assert not GuestRequest.objects.exists()
    assert not Message.objects.exists()


def test_one_address_receives_few_letters_and_one_place_makes_few_requests(client, event):
    for _ in range(7):
        assert client.post(ask_page(event), CAMILLE).status_code == 302
    assert Message.objects.count() == 4

    for number in range(40):
        answer = client.post(ask_page(event), {**CAMILLE, "email": f"a{number}@exemple.test"})
    assert "Trop de demandes" in answer.content.decode()
    assert 'value="a39@exemple.test"' in answer.content.decode()
    assert GuestRequest.objects.count() <= 30


# -- who may, and for how long ---------------------------------------------------------------------
def test_only_public_events_take_people_from_outside(client):
    event = EventFactory()

    assert client.get(ask_page(event)).status_code == 404
    assert client.post(ask_page(event), CAMILLE).status_code == 404
    assert not GuestRequest.objects.exists()


def test_whoever_has_an_account_registers_with_it(client, event):
    client.force_login(roles.member())

    assert client.get(ask_page(event))["Location"] == event.get_absolute_url()


def test_closed_registrations_are_said_before_asking(client):
    event = EventFactory(public=True, registration_until=today() - timedelta(days=1))

    assert "closes" in client.get(ask_page(event)).content.decode()
    answer = client.post(ask_page(event), CAMILLE)
    assert not GuestRequest.objects.exists()
    assert answer.status_code == 200


def test_unconfirmed_requests_are_forgotten_after_thirty_days(event):
    now = timezone.now()
    old, recent = (
        GuestRequestFactory(event=event, asked_at=now - timedelta(days=days)) for days in (31, 29)
    )
    confirmed = GuestRequestFactory(event=event, asked_at=now - timedelta(days=31))
    confirm(confirmed)

    forget_guest_requests()

    assert set(GuestRequest.objects.all()) == {recent, confirmed}
    assert old.pk is None or not GuestRequest.objects.filter(pk=old.pk).exists()
    assert "events.periodic.forget_guest_requests" in SCHEDULE
