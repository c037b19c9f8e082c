"""Accounts are invited: once, by a message without secret."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members import services
from members.models import User
from tests import roles
from tests.members.factories import PersonEmailFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


def invite(person, email="Anne@Exemple.test", at=None):
    return services.invite(person=person, email=email, by=None, on=today(), at=at or timezone.now())


def test_an_invitation_opens_an_account_and_says_how_to_enter():
    person = PersonFactory()

    user = invite(person)

    address = EmailAddress.objects.get(user=user)
    assert (user.email, user.person, user.has_usable_password()) == (
        "anne@exemple.test",
        person,
        False,
    )
    assert (address.email, address.verified, address.primary) == ("anne@exemple.test", True, True)
    message = Message.objects.get()
    assert message.recipient == "anne@exemple.test"
    assert reverse("account_request_login_code") in message.text
    assert reverse("account_request_login_code") in message.html


def test_inviting_twice_the_same_day_writes_once_and_again_the_next_day():
    person, at = PersonFactory(), timezone.now()

    users = {invite(person, at=moment) for moment in (at, at, at + timedelta(days=1))}

    assert len(users) == 1
    assert Message.objects.count() == 2


def test_an_address_is_that_of_one_account():
    invite(PersonFactory())

    with pytest.raises(services.InvitationRefused, match="déjà celle d’un autre compte"):
        invite(PersonFactory(), email="ANNE@exemple.test")


def test_a_person_has_one_account():
    person = PersonFactory()
    invite(person)

    with pytest.raises(services.InvitationRefused, match="anne@exemple.test"):
        invite(person, email="autre@exemple.test")


def test_the_command_opens_the_first_staff_account():
    call_command("invite", "chef@exemple.test", first_name="Awa", last_name="Cadiou", director=True)

    user = User.objects.get(email="chef@exemple.test")
    assert str(user.person) == "Awa Cadiou"
    assert {"staff", "director"} <= user.audiences


def test_the_command_run_again_changes_nothing():
    for _ in range(2):
        call_command("invite", "a@exemple.test", first_name="Awa", last_name="Cadiou", staff=True)

    user = User.objects.get()
    assert user.person.staff_posts.count() == 1
    assert Message.objects.count() == 1


def test_the_command_refuses_a_wrong_or_taken_address():
    UserFactory(email="pris@exemple.test")

    for email in ("pas une adresse", "pris@exemple.test"):
        with pytest.raises(CommandError):
            call_command("invite", email, first_name="Awa", last_name="Cadiou")
    assert User.objects.count() == 1


def test_the_staff_invites_people_from_the_admin(client):
    known = PersonEmailFactory(address="anne@exemple.test").person
    unknown = PersonFactory()
    client.force_login(roles.staff())

    page = client.post(
        reverse("admin:members_person_changelist"),
        {"action": "invite", "_selected_action": [known.pk, unknown.pk]},
        follow=True,
    )

    assert User.objects.get(person=known).email == "anne@exemple.test"
    assert not User.objects.filter(person=unknown).exists()
    told = [str(message) for message in page.context["messages"]]
    assert told[0].startswith(str(unknown))
    assert told[1].startswith("1")
