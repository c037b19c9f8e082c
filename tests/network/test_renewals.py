"""The referent of a local group follows its memberships and reminds those who are late; nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members.enums import MembershipStatus, StepKind
from members.models import CampaignStep, Membership, Reminder
from members.services import reminders
from tests import roles
from tests.members.campaign import expected, make_campaign
from tests.members.factories import (
    MembershipFactory,
    PersonEmailFactory,
    PositionFactory,
    ScanFactory,
    TeamFactory,
)
from tests.network.factories import (
    GroupReferentFactory,
    LocalGroupFactory,
    LocalGroupTeamFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    campaign = make_campaign()
    for kind in StepKind:
        CampaignStep.objects.create(
            campaign=campaign,
            kind=kind,
            day=today() + timedelta(days=30),
            subject=f"Lettre {kind}",
            body="Un mot.\n\nUn autre.",
        )
    return campaign


@pytest.fixture
def group(campaign):
    return LocalGroupFactory()


@pytest.fixture
def referent(client, group):
    user = roles.coordinator()
    GroupReferentFactory(group=group, person=user.person)
    client.force_login(user)
    return user


def team_of(group):
    """Somebody answers for it, and has an address."""
    team = TeamFactory()
    PersonEmailFactory(person=PositionFactory(team=team).person)
    LocalGroupTeamFactory(group=group, team=team)
    return team


def board(group):
    return reverse("network:group_renewals", args=[group.pk])


def letters(group):
    return reverse("network:group_remind", args=[group.pk])


# -- whose -----------------------------------------------------------------------------------------
def test_the_board_is_its_referent_s_and_the_staff_s(client, group, referent):
    for page in (board(group), letters(group)):
        assert client.get(page).status_code == 200
    assert client.get(board(LocalGroupFactory())).status_code == 404

    client.force_login(roles.staff())
    assert client.get(board(group)).status_code == 200

    member_of_it = roles.coordinator(team_of(group))
    GroupReferentFactory(group=group, person=(before := roles.coordinator()).person, ended=True)
    for user in (member_of_it, before, roles.board(), roles.leader()):
        client.force_login(user)
        for page in (board(group), letters(group)):
            assert client.get(page).status_code == 404
        assert client.post(letters(group)).status_code == 404
    assert not Message.objects.exists()


def test_the_page_of_the_group_leads_there_for_its_referent_only(client, group, referent):
    page = reverse("network:group", args=[group.pk])
    shown = client.get(page).text
    assert board(group) in shown
    assert str(referent.person) in shown

    client.force_login(roles.coordinator())
    assert board(group) not in client.get(page).text


def test_without_a_campaign_there_is_no_board(client, group, referent, campaign):
    campaign.opened_at = None
    campaign.save()

    assert client.get(board(group)).status_code == 404


# -- the board -------------------------------------------------------------------------------------
def test_it_says_who_started_sent_and_paid_without_any_amount(client, group, referent, campaign):
    teams = [team_of(group) for _ in range(4)]
    expected(teams[0])
    expected(teams[1])
    ScanFactory(team=teams[1], form=campaign.form, draft=True)
    expected(teams[2])
    ScanFactory(team=teams[2], form=campaign.form)
    MembershipFactory(team=teams[3], amount_cents=43_210)
    expected(team_of(LocalGroupFactory()))

    response = client.get(board(group))

    tally = response.context["tally"]
    assert (tally.files, tally.started, tally.sent, tally.paid) == (4, 3, 1, 1)
    assert [row[1] for row in response.context["rows"]] == [
        "Pas commencé",
        "Brouillon",
        "Formulaire transmis",
        "Payée",
    ]
    assert "432" not in response.text


def test_it_asks_as_much_for_many_teams_as_for_one(client, group, referent, record_queries):
    expected(team_of(group))
    client.get(board(group))
    with record_queries() as for_one:
        client.get(board(group))
    for _ in range(8):
        expected(team_of(group))
    with record_queries() as for_many:
        client.get(board(group))

    assert len(for_many) == len(for_one)


# -- reminding -------------------------------------------------------------------------------------
def test_the_letter_is_read_before_it_leaves_and_leaves_once(client, group, referent):
    first, second = expected(team_of(group)), expected(team_of(group))

    page = client.get(letters(group))
    assert "Lettre form" in page.text
    assert "Un autre." in page.text
    assert str(first.team.positions.get().person) in page.text
    assert not Message.objects.exists()

    for _ in range(2):
        client.post(letters(group), {"files": [first.pk]})

    assert Message.objects.get().recipient == first.team.positions.get().person.emails.get().address
    written = Reminder.objects.get()
    assert (written.membership, written.written_by, written.by_hand) == (first, referent, True)
    left = client.get(letters(group)).context["letters"]
    assert [row.membership for letter in left for row in letter["rows"]] == [second]


def test_one_team_alone_may_be_reminded(client, group, referent):
    first, _ = expected(team_of(group)), expected(team_of(group))

    page = client.get(letters(group), {"file": first.pk})

    (letter,) = page.context["letters"]
    assert [row.membership for row in letter["rows"]] == [first]


def test_teams_of_another_group_are_not_reached(client, group, referent):
    other = expected(team_of(LocalGroupFactory()))

    client.post(letters(group), {"files": [other.pk, "x", "9" * 30]})

    assert not Message.objects.exists()


@pytest.mark.parametrize("days", [0, 1, 6])
def test_nobody_is_reminded_within_a_week_of_any_letter(client, group, referent, days):
    file = expected(team_of(group))
    Reminder.objects.create(
        step=CampaignStep.objects.get(kind=StepKind.INVITATION),
        membership=file,
        day=today() - timedelta(days=days),
        written_at=timezone.now(),
    )

    client.post(letters(group), {"files": [file.pk]})

    assert not Message.objects.exists()
    assert "Personne n’est à relancer" in client.get(board(group)).text


def test_after_a_week_one_may(client, group, referent):
    file = expected(team_of(group))
    Reminder.objects.create(
        step=CampaignStep.objects.get(kind=StepKind.INVITATION),
        membership=file,
        day=today() - timedelta(days=7),
        written_at=timezone.now(),
    )

    client.post(letters(group), {"files": [file.pk]})

    assert Message.objects.count() == 1


def send(file, campaign):
    ScanFactory(team=file.team, form=campaign.form)


def close(file, **facts):
    Membership.objects.filter(pk=file.pk).update(**facts)


@pytest.mark.parametrize(
    "end",
    [
        lambda file: close(file, status=MembershipStatus.PAID, paid_on=today()),
        lambda file: close(file, promised_on=today() + timedelta(days=5)),
        lambda file: close(file, status=MembershipStatus.DECLINED, declined_on=today()),
    ],
    ids=["paid", "promised", "declined"],
)
def test_it_stops_once_the_page_s_reader_is_late_by_a_payment_a_promise_or_a_refusal(
    client, group, referent, end
):
    file = expected(team_of(group))
    assert client.get(letters(group)).context["letters"]
    end(file)

    client.post(letters(group), {"files": [file.pk]})

    assert not Message.objects.exists()


def test_once_the_form_is_sent_the_letter_is_no_longer_about_it(client, group, referent, campaign):
    CampaignStep.objects.filter(kind=StepKind.INVITATION).delete()
    file = expected(team_of(group))
    send(file, campaign)

    client.post(letters(group), {"files": [file.pk]})

    assert not Message.objects.exists()


def test_the_clock_does_not_write_on_the_day_of_a_reminder_by_hand(client, group, referent):
    file = expected(team_of(group))
    client.post(letters(group), {"files": [file.pk]})
    CampaignStep.objects.update(day=today())

    assert reminders.write(on=today(), at=timezone.now()) == 0
    assert reminders.write(on=today() + timedelta(days=1), at=timezone.now()) == 1


# -- every group -----------------------------------------------------------------------------------
def test_the_staff_sees_every_group_and_every_departement(client, group, campaign):
    expected(team_of(group))
    paid = MembershipFactory(team=TeamFactory(department="85"))
    client.force_login(roles.staff())

    response = client.get(reverse("network:renewals"))

    found = {str(row[0]): (row[1].files, row[1].paid) for row in response.context["groups"]}
    assert found == {group.name: (1, 0)}
    assert response.context["without_group"].paid == 1
    departments = {
        label: (tally.files, tally.paid) for _, label, tally in response.context["departments"]
    }
    assert departments == {"Loire-Atlantique": (1, 0), "Vendée": (1, 1)}
    listed = client.get(
        reverse("admin:members_membership_changelist"),
        {"year": campaign.year, "team__department__exact": "85"},
    )
    assert [row.pk for row in listed.context_data["cl"].queryset] == [paid.pk]
