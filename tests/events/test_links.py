"""The link of a mail: one registration, in one life, without signing in."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from events import services
from events.enums import RegistrationStatus, SeatOffer
from events.models import Registration
from tests import roles
from tests.events.factories import EventFactory, RegistrationFactory
from tests.members.factories import PersonEmailFactory, TeamFactory

pytestmark = pytest.mark.django_db

S = RegistrationStatus


def link(registration):
    return reverse("events:link", args=[registration.token])


def press(client, registration, move):
    return client.post(link(registration), {"move": move}, follow=True)


def text_of(response):
    return response.content.decode().replace("&nbsp;", "\u00a0").replace("&#x27;", "’")


def status(registration):
    return Registration.objects.get(pk=registration.pk).status


@pytest.fixture
def event():
    return EventFactory(capacity=1)


@pytest.fixture
def registration(event):
    registration = RegistrationFactory(event=event)
    PersonEmailFactory(person=registration.person)
    return registration


def test_it_shows_who_is_registered_to_what_and_is_kept_from_search_engines(
    client, event, registration
):
    response = client.get(link(registration))

    page = text_of(response)
    assert event.title in page
    assert str(registration.person) in page
    assert "Vous êtes inscrit·e" in page
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


def test_opening_it_changes_nothing(client, registration):
    client.get(link(registration))
    client.head(link(registration))

    assert status(registration) == S.REGISTERED


def test_one_says_that_one_comes_and_pressing_twice_is_the_same(client, registration):
    for _ in range(2):
        page = text_of(press(client, registration, "come"))

    assert "Vous êtes inscrit·e, et vous venez" in page
    assert status(registration) == S.CONFIRMED


def test_one_cancels_and_the_seat_goes_to_who_waits(client, event, registration):
    waiting = RegistrationFactory(event=event, waiting=True)

    for _ in range(2):
        page = text_of(press(client, registration, "cancel"))

    assert "Cette inscription est annulée" in page
    assert "Annuler l’inscription" not in page
    assert (status(registration), status(waiting)) == (S.CANCELLED, S.REGISTERED)
    assert Message.objects.filter(purpose="registration-cancelled").count() == 1
    assert services.moves(Registration.objects.get(pk=registration.pk))[1].who == (
        "par le lien reçu"
    )


def test_who_waits_reads_their_rank_and_leaves_the_list(client, event, registration):
    RegistrationFactory(event=event, waiting=True)
    mine = RegistrationFactory(event=event, waiting=True)

    page = text_of(client.get(link(mine)))
    press(client, mine, "cancel")

    assert "en 2<sup>e</sup> position" in page
    assert status(mine) == S.CANCELLED


@pytest.mark.parametrize(("move", "after"), [("accept", S.CONFIRMED), ("decline", S.CANCELLED)])
def test_an_offer_is_answered(client, event, move, after):
    offered = RegistrationFactory(
        event=event, status=S.OFFERED, offer_until=timezone.now() + timedelta(hours=1)
    )

    before = text_of(client.get(link(offered)))
    press(client, offered, move)

    assert "Une place vous est proposée" in before
    assert status(offered) == after


def test_an_offer_past_its_term_is_refused_in_plain_words(client, event):
    type(event).objects.update(seat_offer=SeatOffer.OFFERED)
    late = RegistrationFactory(
        event=event, status=S.OFFERED, offer_until=timezone.now() - timedelta(minutes=1)
    )

    page = text_of(press(client, late, "accept"))

    assert "Le délai pour accepter est passé" in page
    assert status(late) == S.OFFERED


def test_the_link_of_another_life_leads_nowhere(client, event):
    user = roles.member()
    when = {"by": user, "on": today()}
    first = services.register(event=event, person=user.person, at=timezone.now(), **when)
    old = link(first)
    services.cancel(registration=first, at=timezone.now(), **when)
    services.register(event=event, person=user.person, at=timezone.now(), **when)

    response = client.post(old, {"move": "cancel"})

    assert response.status_code == 404
    assert "Ce lien n’est plus valable" in text_of(response)
    assert status(first) == S.REGISTERED


def test_a_forged_link_leads_nowhere(client, registration):
    content = [registration.pk, registration.queued_at.isoformat()]
    other = RegistrationFactory()
    body, _, signature = registration.token.rpartition(":")
    forged = [
        signing.Signer(salt="members.invitation").sign_object(content),
        f"{other.token.rpartition(':')[0]}:{signature}",
        f"{body}:{signature[:-1]}",
        "n-importe-quoi",
    ]

    for token in forged:
        response = client.post(reverse("events:link", args=[token]), {"move": "cancel"})
        assert response.status_code == 404
    assert {status(registration), status(other)} == {S.REGISTERED}


def test_a_seat_without_a_name_has_no_link(client, event):
    nameless = RegistrationFactory(event=event, person=None, team=TeamFactory())

    assert client.get(link(nameless)).status_code == 404


@pytest.mark.parametrize("traits", [{"cancelled": True}, {"held": True}])
def test_once_there_is_nothing_to_change_there_are_no_buttons(client, traits):
    registration = RegistrationFactory(event=EventFactory(**traits))

    page = text_of(client.get(link(registration)))
    press(client, registration, "come")

    assert 'name="move"' not in page
    assert status(registration) == S.REGISTERED


def test_without_the_token_of_the_form_nothing_moves(registration):
    response = Client(enforce_csrf_checks=True).post(link(registration), {"move": "cancel"})

    assert response.status_code == 403
    assert status(registration) == S.REGISTERED
