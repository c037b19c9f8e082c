"""Two at once: one campaign opened, one draft, one letter for each."""

from functools import partial

import pytest
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members.enums import StepKind
from members.models import CampaignStep, Membership, Reminder, Scan
from members.services import campaigns, drafts, reminders, renewals
from members.services.answers import Field
from members.services.drafts import Writing
from tests import roles
from tests.members.campaign import expected, make_campaign
from tests.members.factories import (
    MembershipFactory,
    PersonEmailFactory,
    PositionFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 6


def test_a_campaign_opened_by_many_gives_each_team_one_file(crowd):
    campaign = make_campaign(opened=False)
    for _ in range(10):
        MembershipFactory(year=today().year - 1)
    call = partial(
        campaigns.open_campaign, campaign=campaign, by=None, on=today(), at=timezone.now()
    )

    opened = crowd([call] * AT_ONCE)

    assert sorted(opened) == [0] * (AT_ONCE - 1) + [10]
    assert Membership.objects.filter(year=campaign.year).count() == 10


def test_those_of_a_team_who_begin_at_once_share_one_draft(crowd):
    campaign, team = make_campaign(), TeamFactory()

    found = crowd([partial(drafts.draft_of, team=team, form=campaign.form)] * AT_ONCE)

    assert {draft.pk for draft in found} == {Scan.objects.get().pk}


def test_of_those_who_write_one_field_at_once_the_first_is_kept_and_the_others_are_told(crowd):
    campaign, team = make_campaign(), TeamFactory(member=True)
    draft = drafts.draft_of(team=team, form=campaign.form)
    field = Field(campaign.form.form_questions.select_related("question").get(question__key="note"))
    users = [roles.member(team) for _ in range(AT_ONCE)]
    calls = [
        partial(
            drafts.save_answer,
            draft=draft,
            writing=Writing(field=field, value=f"Texte {user.pk}", seen=""),
            by=user,
            at=timezone.now(),
        )
        for user in users
    ]

    clashes = crowd(calls)

    kept = draft.answers.get()
    assert [clash is None for clash in clashes].count(True) == 1
    assert {clash.theirs.value for clash in clashes if clash} == {kept.text}


def test_two_workers_write_each_letter_once(crowd, monkeypatch):
    monkeypatch.setattr(reminders, "CHUNK", 3)
    campaign = make_campaign()
    CampaignStep.objects.create(
        campaign=campaign, kind=StepKind.INVITATION, day=today(), subject="Bonjour", body="Un mot."
    )
    for _ in range(20):
        team = TeamFactory()
        PersonEmailFactory(person=PositionFactory(team=team).person)
        expected(team)

    written = crowd([partial(reminders.write, on=today(), at=timezone.now())] * 4)

    assert sum(written) == Reminder.objects.count() == Message.objects.count() == 20


def test_a_call_asked_by_two_is_one(crowd):
    make_campaign()
    file = expected(TeamFactory(in_project=True))
    users = [roles.leader(file.team) for _ in range(4)]

    found = crowd(
        [
            partial(renewals.ask_call, membership=file, by=user, on=today(), at=timezone.now())
            for user in users
        ]
    )

    assert len({piece.pk for piece in found}) == 1
