"""« Préparer un départ »: what ends, what begins, who acts for the team before and after."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members.access import may_send_for
from members.enums import PositionRole
from members.models import Departure, Invitation, Person, Position, Team, User
from members.services import departures, invitations
from members.services.departures import DepartureRefused, Plan
from members.services.invitations import Guest
from tests import roles
from tests.events.factories import EventFactory, RegistrationFactory
from tests.members.factories import (
    AffiliationFactory,
    DepartureFactory,
    PersonEmailFactory,
    PersonFactory,
    PositionFactory,
    ScanFactory,
    TeamFactory,
    TeamManagerFactory,
)
from tests.network.factories import GroupReferentFactory, LocalGroupFactory, LocalGroupTeamFactory
from tests.toolbox.factories import LoanFactory

pytestmark = pytest.mark.django_db

LAST = today() + timedelta(days=10)
AFTER = LAST + timedelta(days=1)


def prepare(team, by, person=None, **plan):
    plan = Plan(person=person or by.person, **{"last_day": LAST, **plan})
    return departures.prepare(team=team, plan=plan, by=by, on=today(), at=timezone.now())


def leader_and_team():
    leader = roles.leader(team := TeamFactory(member=True))
    AffiliationFactory(person=leader.person, team=team)
    return leader, team


def test_the_page_prepares_a_departure_and_the_dates_do_the_rest(client):
    leader, team = leader_and_team()
    TeamManagerFactory(team=team, person=leader.person)
    heir = roles.member(team)
    client.force_login(leader)

    client.post(
        f"{reverse('members:departure', args=[team.pk])}?personne={leader.person_id}",
        {
            "last_day": LAST.isoformat(),
            "leaves_team": "on",
            "roles": [PositionRole.LEADER],
            "successor": heir.person_id,
        },
    )

    departure = Departure.objects.get()
    assert (departure.person, departure.successor, departure.prepared_by) == (
        leader.person,
        heir.person,
        leader,
    )
    for day, acts in ((LAST, leader), (AFTER, heir)):
        assert may_send_for(acts, team, day)
    assert not may_send_for(heir, team, LAST)
    assert not may_send_for(leader, team, AFTER)
    assert "leaders" in heir.audiences_on(AFTER)
    assert not leader.audiences_on(AFTER) & {"members", "leaders"}
    assert Position.objects.get(person=heir.person).started_on == AFTER
    assert list(team.managers.on(LAST).values_list("person", flat=True)) == [leader.person_id]
    assert list(team.managers.on(AFTER).values_list("person", flat=True)) == [heir.person_id]
    assert User.objects.get(pk=leader.pk).is_active


def test_both_and_the_staff_are_written_to(settings):
    leader, team = leader_and_team()
    heir = roles.member(team)

    prepare(team, leader, successor=heir.person, roles=[PositionRole.LEADER])

    told = set(Message.objects.values_list("recipient", flat=True))
    assert told == {leader.email, heir.email, settings.DEFAULT_FROM_EMAIL}
    assert str(heir.person) in Message.objects.get(recipient=leader.email).text


def test_a_successor_whom_nobody_knows_is_invited_and_nothing_is_lost(client):
    leader, team = leader_and_team()
    TeamManagerFactory(team=team, person=leader.person)
    client.force_login(leader)

    client.post(
        f"{reverse('members:departure', args=[team.pk])}?personne={leader.person_id}",
        {
            "last_day": LAST.isoformat(),
            "leaves_team": "on",
            "roles": [PositionRole.LEADER],
            "first_name": "Anne",
            "last_name": "Le Goff",
            "email": "anne@exemple.test",
        },
    )

    heir = Person.objects.get(last_name="Le Goff")
    assert team.managers.on(AFTER).get().person == heir
    assert Position.objects.get(person=heir).started_on == AFTER
    invitation = Invitation.objects.get()
    assert (invitation.person, invitation.email) == (heir, "anne@exemple.test")
    user = invitations.accept(invitation=invitation, on=today(), at=timezone.now())
    assert user.person == heir
    assert not may_send_for(user, team, LAST)
    assert may_send_for(user, team, AFTER)
    assert heir.affiliations.get().started_on == AFTER


def test_a_colleague_without_an_account_who_takes_over_is_invited():
    leader, team = leader_and_team()
    heir = PersonEmailFactory().person
    AffiliationFactory(person=heir, team=team)

    prepare(team, leader, successor=heir, roles=[PositionRole.LEADER])

    assert Invitation.objects.get().person == heir
    assert heir.affiliations.count() == 1


def test_whoever_stays_gives_back_only_what_was_chosen():
    leader, team = leader_and_team()
    post = PositionFactory(person=leader.person, team=team, role=PositionRole.QUALITY_REFERENT)
    heir = PersonFactory()
    AffiliationFactory(person=heir, team=team)
    TeamManagerFactory(team=team, person=leader.person)

    prepare(
        team,
        leader,
        leaves_team=False,
        roles=[PositionRole.QUALITY_REFERENT],
        successor=heir,
    )

    post.refresh_from_db()
    assert post.ended_on == AFTER
    assert may_send_for(leader, team, AFTER)
    assert leader.person.affiliations.get().ended_on is None
    assert team.managers.on(AFTER).get().person == leader.person


def test_the_registration_in_the_network_ends_with_the_post():
    coordinator = roles.coordinator(team := TeamFactory(member=True))
    Position.objects.update(network_joined_on=today() - timedelta(days=90))

    prepare(team, coordinator, roles=[PositionRole.COORDINATOR])

    post = Position.objects.get()
    assert (post.ended_on, post.network_left_on) == (AFTER, AFTER)


def test_the_only_manager_says_who_takes_over():
    leader, team = leader_and_team()
    TeamManagerFactory(team=team, person=leader.person)

    with pytest.raises(DepartureRefused, match="prend la suite"):
        prepare(team, leader)
    assert not Departure.objects.exists()
    assert may_send_for(leader, team, AFTER)


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        ({"last_day": today() - timedelta(days=1)}, "dernier jour"),
        ({"last_day": today() + timedelta(days=900)}, "dernier jour"),
        ({"leaves_team": False}, "ce que cette personne quitte"),
        ({"roles": [PositionRole.MANAGER]}, "n’est pas tenue"),
    ],
)
def test_a_plan_that_does_not_hold_is_refused(plan, reason):
    leader, team = leader_and_team()

    with pytest.raises(DepartureRefused, match=reason):
        prepare(team, leader, **plan)


def test_nobody_takes_over_from_oneself_nor_leaves_twice():
    leader, team = leader_and_team()
    with pytest.raises(DepartureRefused, match="Quelqu’un d’autre"):
        prepare(team, leader, successor=leader.person)
    prepare(team, leader)

    with pytest.raises(DepartureRefused, match="déjà préparé"):
        prepare(team, leader)


def test_a_member_prepares_their_own_departure_and_nobody_elses(client):
    leader, team = leader_and_team()
    member = roles.member(team)
    client.force_login(member)
    address = reverse("members:departure", args=[team.pk])

    page = client.get(f"{address}?personne={leader.person_id}")
    assert page.context["person"] == member.person
    assert "email" not in page.context["form"].fields
    client.post(f"{address}?personne={leader.person_id}", {"last_day": LAST, "leaves_team": "on"})

    assert Departure.objects.get().person == member.person
    with pytest.raises(DepartureRefused):
        prepare(team, member, leader.person)
    with pytest.raises(DepartureRefused, match="de l’équipe"):
        prepare(team, roles.member(team), guest=Guest("A", "B", "c@exemple.test"))


def test_the_departures_of_another_team_are_out_of_reach(client):
    leader, team = leader_and_team()
    client.force_login(roles.leader())

    address = reverse("members:departure", args=[team.pk])
    assert client.get(address).status_code == 404
    assert client.get(f"{address}?personne={leader.person_id}").status_code == 404
    departure = DepartureFactory(team=team, person=leader.person)
    answer = client.post(reverse("members:departure_cancel", args=[departure.pk]))
    assert answer.status_code == 404


def test_the_staff_prepares_a_departure_too(client):
    leader, team = leader_and_team()
    client.force_login(roles.staff())

    address = reverse("members:departure", args=[team.pk])
    client.post(f"{address}?personne={leader.person_id}", {"last_day": LAST, "leaves_team": "on"})

    assert Departure.objects.get().person == leader.person


def test_one_who_changes_their_mind_finds_everything_as_before(client):
    leader, team = leader_and_team()
    TeamManagerFactory(team=team, person=leader.person)
    guest = Guest("Anne", "Le Goff", "anne@exemple.test")
    departure = prepare(team, leader, guest=guest, roles=[PositionRole.LEADER])
    client.force_login(leader)

    client.post(reverse("members:departure_cancel", args=[departure.pk]))

    assert not Departure.objects.exists()
    assert may_send_for(leader, team, AFTER)
    assert team.managers.get().person == leader.person
    assert list(team.positions.values_list("person", flat=True)) == [leader.person_id]
    assert team.affiliations.get().ended_on is None
    assert not team.invitations.pending().exists()


def test_the_referent_of_the_local_group_hands_it_over_too(client):
    coordinator = roles.coordinator(team := TeamFactory(member=True))
    group = LocalGroupFactory(name="Erdre")
    LocalGroupTeamFactory(group=group, team=team, joined_on=today() - timedelta(days=90))
    GroupReferentFactory(group=group, person=coordinator.person)
    heir = roles.member(team)
    texts = [
        matter.text
        for _, lines in departures.matters_of(team, coordinator.person, today())
        for matter in lines
    ]
    assert any("Référence du groupe Erdre" in text for text in texts)

    departure = prepare(team, coordinator, successor=heir.person, roles=[PositionRole.COORDINATOR])

    assert group.referents.on(LAST).get().person == coordinator.person
    assert group.referents.on(AFTER).get().person == heir.person
    departures.cancel(departure=departure, by=coordinator, on=today(), at=timezone.now())
    assert group.referents.on(AFTER).get().person == coordinator.person


def test_a_referent_who_coordinates_another_team_of_the_group_stays_so():
    coordinator = roles.coordinator(team := TeamFactory(member=True))
    other = TeamFactory(member=True)
    PositionFactory(person=coordinator.person, team=other)
    group = LocalGroupFactory()
    for one in (team, other):
        LocalGroupTeamFactory(group=group, team=one, joined_on=today() - timedelta(days=90))
    GroupReferentFactory(group=group, person=coordinator.person)

    prepare(team, coordinator, roles=[PositionRole.COORDINATOR])

    assert group.referents.on(AFTER).get().person == coordinator.person


def test_what_hangs_on_whoever_leaves_is_listed(client):
    leader, team = leader_and_team()
    loan = LoanFactory(team=team, starts_on=today(), ends_on=LAST)
    coming = RegistrationFactory(person=leader.person, event=EventFactory(title="Rencontre"))
    group = LocalGroupFactory(name="Erdre")
    LocalGroupTeamFactory(group=group, team=team)
    draft = ScanFactory(team=team, draft=True)
    client.force_login(leader)

    page = client.get(reverse("members:departure", args=[team.pk]), {"personne": leader.person_id})

    told = dict(page.context["matters"])
    assert loan.equipment.name in told["Matériel prêté à l’équipe"][0].text
    assert coming.event.title in told["Inscriptions à venir"][0].text
    assert "Erdre" in told["Réseau et représentation"][0].text
    assert str(draft.form.year) in told["Formulaire de l’année"][0].text
    assert "Rencontre" in page.content.decode()


def test_the_team_page_tells_the_departure_to_the_team_alone(client):
    leader, team = leader_and_team()
    prepare(team, leader)
    page = reverse("members:team", args=[team.pk])
    client.force_login(leader)
    assert "Départs préparés" in client.get(page).content.decode()

    client.force_login(roles.member())
    assert "Départs préparés" not in client.get(page).content.decode()


def test_of_a_team_left_yesterday_nothing_is_open_today(client):
    leader, team = leader_and_team()
    Position.objects.update(ended_on=today())
    leader.person.affiliations.update(ended_on=today())
    client.force_login(leader)

    for name in ("team_account", "departure", "team_data"):
        assert client.get(reverse(f"members:{name}", args=[team.pk])).status_code == 404
    assert Team.objects.of_person(leader.person_id, today()).count() == 0
