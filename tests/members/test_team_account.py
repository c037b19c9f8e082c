"""Who keeps the account of a team, and whom it invites."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members.access import may_send_for
from members.enums import PositionRole
from members.models import Invitation, Person, Position, Team, TeamManager, User
from members.services import accounts, invitations, managers
from members.services.invitations import Guest, InvitationOver, InvitationRefused
from tests import roles
from tests.members.factories import (
    AffiliationFactory,
    InvitationFactory,
    PersonEmailFactory,
    PersonFactory,
    PositionFactory,
    TeamFactory,
    TeamManagerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

GUEST = Guest("Anne", "Le Goff", "Anne@Exemple.test")


def invite(team, by, guest=GUEST, role="", at=None):
    at = at or timezone.now()
    return invitations.invite(team=team, guest=guest, role=role, by=by, on=today(), at=at)


def accept(invitation, at=None):
    return invitations.accept(invitation=invitation, on=today(), at=at or timezone.now())


def link_of(invitation):
    return reverse("members:invitation", args=[invitation.token])


# -- inviting --------------------------------------------------------------------------------------
def test_a_leader_invites_and_the_colleague_comes_in_with_the_post(client):
    leader = roles.leader()
    team = Team.objects.get()
    client.force_login(leader)

    client.post(
        reverse("members:team_invite", args=[team.pk]),
        {
            "first_name": "Anne",
            "last_name": "Le Goff",
            "email": "Anne@Exemple.test",
            "role": PositionRole.QUALITY_REFERENT,
        },
    )

    message = Message.objects.get()
    link = link_of(Invitation.objects.get())
    assert (message.recipient, link in message.text, link in message.html) == (
        "anne@exemple.test",
        True,
        True,
    )
    client.logout()
    assert client.get(link).status_code == 200
    assert not User.objects.filter(email="anne@exemple.test").exists()
    answer = client.post(link)
    assert urlsplit(answer.url).path == reverse("account_request_login_code")
    user = User.objects.get(email="anne@exemple.test")
    assert str(user.person) == "Anne Le Goff"
    assert EmailAddress.objects.get(user=user).verified
    assert user.person.affiliations.get().team == team
    post = user.person.positions.get()
    assert (post.team, post.role, post.started_on) == (team, "quality_referent", today())


def test_an_invitation_without_a_post_gives_a_place_in_the_team_alone():
    leader = roles.leader()

    user = accept(invite(Team.objects.get(), leader))

    assert user.person.affiliations.count() == 1
    assert not user.person.positions.exists()
    assert not may_send_for(user, Team.objects.get(), today())


def test_a_link_serves_once(client):
    leader = roles.leader()
    invitation = invite(Team.objects.get(), leader)

    assert client.post(link_of(invitation)).status_code == 302
    again = client.post(link_of(invitation))

    assert again.status_code == 410
    assert "a déjà servi" in again.content.decode()
    assert User.objects.filter(email="anne@exemple.test").count() == 1


@pytest.mark.parametrize("spoiled", ["expired", "withdrawn", "closed"])
def test_a_link_that_leads_nowhere_says_so_and_opens_nothing(client, spoiled):
    leader = roles.leader()
    invitation = invite(Team.objects.get(), leader)
    past = timezone.now() - timedelta(days=1)
    if spoiled == "expired":
        Invitation.objects.update(expires_at=past)
    elif spoiled == "withdrawn":
        Invitation.objects.update(withdrawn_at=past)
    else:
        Team.objects.update(closed_on=today())

    for answer in (client.get(link_of(invitation)), client.post(link_of(invitation))):
        assert answer.status_code == 410
    assert not User.objects.filter(email="anne@exemple.test").exists()


def test_an_altered_link_opens_nothing(client):
    leader = roles.leader()
    invitation = invite(Team.objects.get(), leader)
    other = InvitationFactory()
    signature = invitation.token.rpartition(":")[2]
    mixed = f"{other.token.rpartition(':')[0]}:{signature}"

    answer = client.post(reverse("members:invitation", args=[mixed]))

    assert answer.status_code == 404
    assert not User.objects.filter(email__in=["anne@exemple.test", other.email]).exists()


def test_somebody_else_signed_in_does_not_use_ones_link(client):
    leader = roles.leader()
    invitation = invite(Team.objects.get(), leader)
    client.force_login(roles.member())

    answers = client.get(link_of(invitation)), client.post(link_of(invitation))

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "autre compte" in answers[0].content.decode()
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_whoever_has_an_account_is_linked_with_it_and_not_doubled(client):
    leader, known = roles.leader(TeamFactory(member=True)), roles.member()
    team = Team.objects.of_person(leader.person_id, today()).get()
    guest = Guest("Autre", "Nom", known.email.upper())
    invitation = invite(team, leader, guest, PositionRole.COORDINATOR)
    people, users = Person.objects.count(), User.objects.count()
    client.force_login(known)

    answer = client.post(link_of(invitation))

    assert urlsplit(answer.url).path == reverse("members:home")
    assert (Person.objects.count(), User.objects.count()) == (people, users)
    assert Position.objects.get(person=known.person).team == team
    assert Team.objects.of_person(known.person_id, today()).count() == 2


def test_whoever_is_known_by_the_address_gets_an_account_and_no_second_file():
    leader, known = roles.leader(), PersonEmailFactory(address="anne@exemple.test").person

    user = accept(invite(Team.objects.get(), leader))

    assert user.person == known
    assert known.emails.count() == 1


def test_of_those_who_share_an_address_the_one_of_that_name_is_meant():
    leader = roles.leader()
    PersonEmailFactory(address="anne@exemple.test")
    anne = PersonFactory(first_name="Anne", last_name="Le Goff")
    PersonEmailFactory(address="anne@exemple.test", person=anne)

    assert accept(invite(Team.objects.get(), leader)).person == anne


def test_of_those_who_share_an_address_none_of_that_name_a_new_one_comes():
    leader = roles.leader()
    for _ in range(2):
        PersonEmailFactory(address="anne@exemple.test")

    user = accept(invite(Team.objects.get(), leader))

    assert str(user.person) == "Anne Le Goff"
    assert Person.objects.filter(emails__address="anne@exemple.test").count() == 3


def test_one_invites_to_ones_own_team_only(client):
    leader, other = roles.leader(), TeamFactory(member=True)
    client.force_login(leader)
    given = {"first_name": "Anne", "last_name": "Le Goff", "email": "anne@exemple.test"}

    assert client.post(reverse("members:team_invite", args=[other.pk]), given).status_code == 404
    assert client.get(reverse("members:team_account", args=[other.pk])).status_code == 404
    with pytest.raises(InvitationRefused, match="votre équipe seulement"):
        invite(other, leader)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "role", [PositionRole.QUALITY_REFERENT, PositionRole.TRAINEE_SUPERVISOR, None]
)
def test_those_who_do_not_speak_for_the_team_do_not_invite(client, role):
    team = TeamFactory(member=True)
    user = UserFactory()
    if role:
        PositionFactory(person=user.person, team=team, role=role)
    AffiliationFactory(person=user.person, team=team)
    client.force_login(user)

    assert client.get(reverse("members:team_account", args=[team.pk])).status_code == 404
    assert not user.audiences & {"leaders", "coordinators"}
    assert "members" in user.audiences


def test_the_same_address_is_not_invited_twice_nor_somebody_who_is_there():
    leader, there = roles.leader(), UserFactory()
    team = Team.objects.get()
    AffiliationFactory(person=there.person, team=team)
    invite(team, leader)

    with pytest.raises(InvitationRefused, match="attend déjà"):
        invite(team, leader)
    with pytest.raises(InvitationRefused, match="déjà dans votre équipe"):
        invite(team, leader, Guest("Une", "Autre", there.email))


def test_a_team_has_only_so_many_invitations_waiting(monkeypatch):
    leader = roles.leader()
    monkeypatch.setattr(invitations, "MOST_PENDING", 1)
    invite(Team.objects.get(), leader)

    with pytest.raises(InvitationRefused, match="retirez"):
        invite(Team.objects.get(), leader, Guest("B", "B", "b@exemple.test"))


def test_sent_again_it_lasts_anew_and_leaves_once_a_day(client):
    leader = roles.leader()
    invitation = invite(Team.objects.get(), leader, at=timezone.now() - timedelta(days=40))
    with pytest.raises(InvitationOver, match="expiré"):
        accept(invitation)
    client.force_login(leader)

    for _ in range(2):
        client.post(reverse("members:invitation_again", args=[invitation.pk]))

    assert Message.objects.count() == 2
    assert accept(invitation).email == "anne@exemple.test"


def test_a_withdrawn_invitation_is_no_longer_listed(client):
    leader = roles.leader()
    invitation = invite(Team.objects.get(), leader)
    client.force_login(leader)
    page = reverse("members:team_account", args=[invitation.team_id])
    assert "anne@exemple.test" in client.get(page).content.decode()

    client.post(reverse("members:invitation_withdraw", args=[invitation.pk]))

    assert "anne@exemple.test" not in client.get(page).content.decode()
    with pytest.raises(InvitationOver, match="retirée"):
        accept(invitation)


@pytest.mark.parametrize("name", ["invitation_again", "invitation_withdraw"])
def test_the_invitations_of_another_team_are_out_of_reach(client, name):
    invitation = InvitationFactory()
    client.force_login(roles.leader())

    assert client.post(reverse(f"members:{name}", args=[invitation.pk])).status_code == 404
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None


# -- keeping the account ---------------------------------------------------------------------------
def test_the_first_who_opens_an_account_keeps_that_of_the_team():
    team = TeamFactory()
    first, second = PositionFactory(team=team).person, PositionFactory(team=team).person
    for number, person in enumerate((first, second)):
        email = f"a{number}@exemple.test"
        accounts.open_account(person=person, email=email, on=today(), at=timezone.now())

    assert team.managers.get().person == first


def test_somebody_named_acts_for_the_team_whatever_their_post(client):
    leader = roles.leader()
    team = Team.objects.get()
    secretary = UserFactory()
    AffiliationFactory(person=secretary.person, team=team)
    assert not may_send_for(secretary, team, today())
    client.force_login(leader)

    client.post(reverse("members:manager_name", args=[team.pk]), {"person": secretary.person.pk})

    assert may_send_for(secretary, team, today())
    assert invite(team, secretary).invited_by == secretary


def test_only_somebody_of_the_team_is_named(client):
    leader, stranger = roles.leader(), PersonFactory()
    team = Team.objects.get()
    client.force_login(leader)

    client.post(reverse("members:manager_name", args=[team.pk]), {"person": stranger.pk})

    assert not team.managers.exists()
    with pytest.raises(managers.ManagersRefused):
        managers.name(team=team, person=stranger, on=today())


def test_a_manager_without_a_post_does_not_name_others_nor_withdraw_them(client):
    team, user = TeamFactory(member=True), UserFactory()
    AffiliationFactory(person=user.person, team=team)
    TeamManagerFactory(team=team, person=user.person)
    other = TeamManagerFactory(team=team)
    client.force_login(user)

    named = client.post(
        reverse("members:manager_name", args=[team.pk]), {"person": other.person.pk}
    )
    withdrawn = client.post(reverse("members:manager_withdraw", args=[other.pk]))

    assert (named.status_code, withdrawn.status_code) == (404, 404)
    other.refresh_from_db()
    assert other.ended_on is None


def test_the_last_manager_stays(client):
    leader = roles.leader()
    team = Team.objects.get()
    only = managers.name(team=team, person=leader.person, on=today())
    client.force_login(leader)

    page = client.post(reverse("members:manager_withdraw", args=[only.pk]), follow=True)

    assert "nommez d’abord" in page.content.decode().replace("\xa0", " ")
    only.refresh_from_db()
    assert only.ended_on is None


def test_one_who_begins_later_does_not_let_the_last_go_today():
    only = TeamManagerFactory()
    TeamManagerFactory(team=only.team, started_on=today() + timedelta(days=9))

    with pytest.raises(managers.ManagersRefused):
        managers.withdraw(manager=only, on=today())


@pytest.mark.parametrize(
    "act", [lambda rows: rows.update(ended_on=today()), lambda rows: rows.delete()]
)
def test_the_database_itself_keeps_the_last_manager(act):
    only = TeamManagerFactory()

    with pytest.raises(DatabaseError, match="no manager"), transaction.atomic():
        act(TeamManager.objects.all())
    assert TeamManager.objects.open().get() == only


def test_a_closed_team_may_have_none():
    manager = TeamManagerFactory(team=TeamFactory(closed=True))

    TeamManager.objects.update(ended_on=today())

    manager.refresh_from_db()
    assert manager.ended_on == today()


def test_withdrawn_then_named_again_the_same_day_it_holds():
    first = TeamManagerFactory()
    second = TeamManagerFactory(team=first.team)
    PositionFactory(person=first.person, team=first.team)
    managers.withdraw(manager=first, on=today())

    managers.name(team=first.team, person=first.person, on=today())

    kept = first.team.managers.on(today()).values_list("person", flat=True)
    assert set(kept) == {first.person_id, second.person_id}
