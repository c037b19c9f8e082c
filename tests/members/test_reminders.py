"""The letters of a campaign: whom they concern, once each, until it is done, announced or refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members import mails
from members.enums import FeeCategory, MembershipStatus, StepKind
from members.models import CampaignStep, Membership, Reminder, Scan, Team
from members.services import reminders
from tests.members.campaign import expected, make_campaign
from tests.members.factories import (
    AffiliationFactory,
    MembershipFactory,
    PersonEmailFactory,
    PersonFactory,
    PositionFactory,
    ScanFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign()


def step(campaign, kind, days=0):
    return CampaignStep.objects.create(
        campaign=campaign,
        kind=kind,
        day=today() + timedelta(days=days),
        subject=f"Lettre {kind} {days}",
        body="Un mot.\n\nUn autre.",
    )


def answering_team():
    """Somebody answers for it, and has an address."""
    team = TeamFactory()
    PersonEmailFactory(person=PositionFactory(team=team).person)
    return team


def remind(files, **rest):
    return reminders.remind(files=files, by=None, on=today(), at=timezone.now(), **rest)


def write(on=None):
    return reminders.write(on=on or today(), at=timezone.now())


def test_the_invitation_goes_to_those_who_answer_for_each_team(campaign):
    step(campaign, StepKind.INVITATION)
    team = answering_team()
    PersonEmailFactory(person=PositionFactory(team=team, leader=True).person)
    PersonEmailFactory(person=AffiliationFactory(team=team).person)
    PersonEmailFactory(person=PositionFactory(team=team, ended=True).person)
    file = expected(team)

    assert write() == 1

    posts = team.positions.filter(ended_on=None)
    assert set(Message.objects.values_list("recipient", flat=True)) == {
        post.person.emails.get().address for post in posts
    }
    assert Reminder.objects.get().recipients == 2
    message = Message.objects.first()
    assert file.token in message.text
    assert file.token in message.html
    assert "Un autre." in message.text


def test_an_isolated_professional_receives_a_link_to_one_s_own_file(campaign):
    step(campaign, StepKind.INVITATION)
    person = PersonFactory()
    email = PersonEmailFactory(person=person)
    file = MembershipFactory(
        team=None, person=person, status=MembershipStatus.EXPECTED, paid_on=None
    )

    write()

    assert Message.objects.get().recipient == email.address
    assert f"/adhesion/{file.token}/" in Message.objects.get().text
    assert "Ouvrir mon adhésion" in Message.objects.get().text


def test_a_letter_leaves_once_however_often_the_clock_rings(campaign):
    step(campaign, StepKind.INVITATION)
    expected(answering_team())

    assert [write(), write(), write(today() + timedelta(days=1))] == [1, 0, 0]
    assert Message.objects.count() == 1


def concerned(kind, campaign):
    return {file.team for file in reminders.concerned(step(campaign, kind), today())}


def test_each_letter_is_for_where_the_file_stands(campaign):
    teams = {
        name: answering_team() for name in ("start", "draft", "sent", "called", "paid", "declined")
    }
    for name in ("start", "draft", "sent"):
        expected(teams[name])
    ScanFactory(team=teams["draft"], form=campaign.form, draft=True)
    ScanFactory(team=teams["sent"], form=campaign.form)
    MembershipFactory(team=teams["called"], called=True)
    MembershipFactory(team=teams["paid"])
    MembershipFactory(
        team=teams["declined"],
        status=MembershipStatus.DECLINED,
        paid_on=None,
        declined_on=today(),
    )

    found = {kind: concerned(kind, campaign) for kind in StepKind}

    assert found == {
        StepKind.INVITATION: {teams["start"], teams["draft"], teams["sent"]},
        StepKind.FORM: {teams["start"]},
        StepKind.DRAFT: {teams["draft"]},
        StepKind.PAYMENT: {teams["called"]},
    }


@pytest.mark.parametrize(("days", "left"), [(-1, 1), (0, 0), (5, 0)])
def test_who_announced_a_payment_is_left_alone_until_then(campaign, days, left):
    promised = today() + timedelta(days=days)
    MembershipFactory(team=answering_team(), called=True, promised_on=promised)
    step(campaign, StepKind.PAYMENT)

    assert write() == left


def test_who_fills_no_form_is_not_reminded_of_it(campaign):
    in_project = answering_team()
    Team.objects.filter(pk=in_project.pk).update(constituted_on=None, aci_signed_on=None)
    expected(in_project)
    MembershipFactory(
        team=None, person=PersonFactory(), status=MembershipStatus.EXPECTED, paid_on=None
    )
    assert concerned(StepKind.FORM, campaign) == set()

    scale = campaign.scales.get(category=FeeCategory.IN_PROJECT)
    scale.counted = campaign.form.questions.get(key="signatories")
    scale.save()

    step = CampaignStep.objects.get()
    assert {file.team for file in reminders.concerned(step, today())} == {in_project}


def test_a_correction_under_way_is_no_draft_to_send(campaign):
    team = answering_team()
    expected(team)
    ScanFactory(team=team, form=campaign.form, submitted_on=today() - timedelta(days=2))
    Scan.objects.create(team=team, form=campaign.form)

    assert concerned(StepKind.DRAFT, campaign) == set()


def test_a_reminder_that_could_not_leave_leaves_within_the_week_then_no_more(campaign):
    expected(answering_team())
    step(campaign, StepKind.FORM, days=-7)
    assert write() == 0

    step(campaign, StepKind.FORM, days=-6)
    assert write() == 1


def test_who_joins_late_is_invited_all_the_same(campaign):
    step(campaign, StepKind.INVITATION, days=-15)
    expected(answering_team())

    assert write() == 1


def test_nothing_leaves_before_its_day_nor_before_the_campaign_opens(campaign):
    expected(answering_team())
    step(campaign, StepKind.INVITATION, days=1)
    assert write() == 0
    assert [row.files for row in reminders.planned(today() + timedelta(days=1))] == [1]

    campaign.opened_at = None
    campaign.save()
    assert write(today() + timedelta(days=1)) == 0


def test_nobody_to_write_to_is_tried_again(campaign):
    step(campaign, StepKind.INVITATION)
    team = TeamFactory()
    expected(team)
    assert write() == 0

    PersonEmailFactory(person=PositionFactory(team=team).person)

    assert write() == 1


def test_killed_midway_the_rest_leaves_the_next_time(campaign, monkeypatch):
    monkeypatch.setattr(reminders, "CHUNK", 2)
    step(campaign, StepKind.INVITATION)
    for _ in range(5):
        expected(answering_team())
    with monkeypatch.context() as patch:
        sent = []

        def die(**letter):
            if len(sent) == 3:
                raise KeyboardInterrupt
            sent.append(letter)

        patch.setattr(mails, "campaign_letter", die)
        with pytest.raises(KeyboardInterrupt):
            write()
    assert Reminder.objects.count() == 2

    assert write() == 3
    assert Reminder.objects.count() == 5


def test_many_files_are_written_chunk_by_chunk(campaign, record_queries, monkeypatch):
    """What is held at a time does not grow with the number of files."""
    monkeypatch.setattr(reminders, "CHUNK", 3)
    held = []
    still = reminders._still_waiting

    def count(*args):
        files = still(*args)
        held.append(len(files))
        return files

    monkeypatch.setattr(reminders, "_still_waiting", count)
    step(campaign, StepKind.INVITATION)
    for _ in range(10):
        expected(answering_team())

    assert write() == 10
    assert max(held) == 3


def test_the_staff_reminds_by_hand_with_the_letter_that_suits_once_a_day(campaign):
    letters = {kind: step(campaign, kind, days=30) for kind in StepKind}
    started, called = answering_team(), answering_team()
    expected(started)
    ScanFactory(team=started, form=campaign.form, draft=True)
    MembershipFactory(team=called, called=True)
    paid = answering_team()
    MembershipFactory(team=paid)
    files = Membership.objects.filter(year=campaign.year)

    assert [remind(files), remind(files)] == [2, 0]

    assert set(Message.objects.values_list("subject", flat=True)) == {
        letters[StepKind.DRAFT].subject,
        letters[StepKind.PAYMENT].subject,
    }
    assert Message.objects.count() == 2
