"""Two at once: a team's account keeps a manager, an invitation serves once."""

from functools import partial
from threading import Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apmsl.lib.dates import today
from members.models import Invitation, Person, TeamManager, User
from members.services import invitations, managers
from members.services.invitations import InvitationOver
from members.services.managers import ManagersRefused
from tests.members.factories import InvitationFactory, TeamManagerFactory

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(call, *refusals):
    try:
        return call()
    except refusals as refusal:
        return refusal


def test_managers_who_remove_each_other_at_once_leave_one(crowd):
    for _ in range(5):
        first = TeamManagerFactory()
        second = TeamManagerFactory(team=first.team)
        calls = [
            partial(outcome, partial(managers.withdraw, manager=row, on=today()), ManagersRefused)
            for row in (first, second)
        ]

        answers = crowd(calls)

        assert sorted(type(answer).__name__ for answer in answers) == [
            "ManagersRefused",
            "NoneType",
        ]
        assert first.team.managers.open().count() == 1


def test_the_database_makes_the_second_wait_and_refuses_it():
    """Rows ended without the service, by two transactions that overlap."""
    first = TeamManagerFactory()
    second = TeamManagerFactory(team=first.team)
    troubles = []

    def end_second():
        try:
            TeamManager.objects.filter(pk=second.pk).update(ended_on=today())
        except Exception as trouble:  # told by the thread that asserts
            troubles.append(trouble)
        finally:
            connection.close()

    with transaction.atomic():
        TeamManager.objects.filter(pk=first.pk).update(ended_on=today())
        other = Thread(target=end_second)
        other.start()
        other.join(timeout=0.5)
        assert other.is_alive()
    other.join(timeout=30)

    assert "no manager" in str(troubles)
    assert first.team.managers.open().get() == second


def test_an_invitation_accepted_twice_at_once_makes_one_person(crowd):
    invitation = InvitationFactory()
    accept = partial(invitations.accept, invitation=invitation, on=today(), at=timezone.now())

    answers = crowd([partial(outcome, accept, InvitationOver)] * 4)

    assert sum(isinstance(answer, User) for answer in answers) == 1
    assert Person.objects.filter(emails__address=invitation.email).count() == 1


def test_two_teams_that_invite_one_unknown_person_make_one_of_them(crowd):
    rows = [InvitationFactory(email="anne@exemple.test") for _ in range(4)]

    users = crowd(
        [partial(invitations.accept, invitation=row, on=today(), at=timezone.now()) for row in rows]
    )

    assert len({user.pk for user in users}) == 1
    person = Person.objects.get(emails__address="anne@exemple.test")
    assert person.affiliations.count() == 4
    assert Invitation.objects.filter(person=person).count() == 4
