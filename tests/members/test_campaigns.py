"""A campaign is prepared from the last one, opened once, and leads each team to its call."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from apmsl.lib.dates import today
from members.enums import FeeCategory, MembershipStatus, PieceKind
from members.models import (
    Campaign,
    CampaignStep,
    FeeStep,
    Membership,
    Scan,
    ScanAnswer,
    Team,
)
from members.services import campaigns, renewals
from tests import roles
from tests.members.campaign import expected, make_campaign
from tests.members.factories import MembershipFactory, PersonFactory, ScanFactory, TeamFactory

pytestmark = pytest.mark.django_db


def open_campaign(campaign):
    return campaigns.open_campaign(campaign=campaign, by=None, on=today(), at=timezone.now())


def member_last_year(**facts):
    return MembershipFactory(year=today().year - 1, **facts)


# -- preparing -------------------------------------------------------------------------------------
def test_a_new_year_starts_as_a_copy_of_the_last_one():
    last = make_campaign()
    CampaignStep.objects.create(
        campaign=last, kind="form", day=date(last.year, 2, 28), subject="Votre formulaire"
    )

    campaign = campaigns.prepare(year=last.year + 1)

    assert campaign.opened_at is None
    assert campaign.closes_on.year == last.closes_on.year + 1
    rows = [
        (row.rank, row.question.key, row.is_required)
        for row in campaign.form.form_questions.order_by("rank")
    ]
    assert rows == [
        (1, "signatories", True),
        (2, "patients", False),
        (3, "trainees", False),
        (4, "note", False),
        (5, "headcount", False),
    ]
    scale = campaign.scales.get(category=FeeCategory.CONSTITUTED)
    assert (scale.flat_cents, scale.cap_cents) == (10_000, 50_000)
    assert list(scale.steps.values_list("from_head", "cents_per_head")) == [(1, 1_000)]
    assert [step.day for step in campaign.steps.all()] == [date(last.year + 1, 2, 28)]
    assert last.form.form_questions.count() == 5


def test_preparing_again_changes_nothing():
    make_campaign()
    first = campaigns.prepare(year=today().year + 1)

    assert campaigns.prepare(year=today().year + 1) == first
    assert Campaign.objects.count() == 2
    assert first.scales.count() == 3


def test_the_first_campaign_of_all_needs_no_model():
    campaign = campaigns.prepare(year=2030)

    assert (campaign.opens_on, campaign.due_on) == (date(2029, 12, 1), date(2030, 3, 31))


# -- opening ---------------------------------------------------------------------------------------
def test_opening_gives_a_file_to_last_years_members_that_are_still_open():
    campaign = make_campaign(opened=False)
    team = member_last_year().team
    person = PersonFactory()
    member_last_year(team=None, person=person)
    member_last_year(team=TeamFactory(closed=True))
    member_last_year(called=True)
    MembershipFactory(year=today().year - 2)

    assert open_campaign(campaign) == 2

    rows = Membership.objects.filter(year=campaign.year)
    assert {(row.team, row.person, row.status) for row in rows} == {
        (team, None, MembershipStatus.EXPECTED),
        (None, person, MembershipStatus.EXPECTED),
    }
    campaign.refresh_from_db()
    assert campaign.opened_at is not None


def test_opening_again_gives_a_file_to_newcomers_only():
    campaign = make_campaign(opened=False)
    member_last_year()
    open_campaign(campaign)
    first = Campaign.objects.get().opened_at

    member_last_year()

    assert open_campaign(campaign) == 1
    assert open_campaign(campaign) == 0
    assert Campaign.objects.get().opened_at == first


def test_a_scale_with_a_hole_keeps_the_campaign_closed():
    campaign = make_campaign(opened=False)
    member_last_year()
    FeeStep.objects.update(from_head=3)

    with pytest.raises(campaigns.CampaignRefused, match="constituée.*trou.*de la 1re à la 2e"):
        open_campaign(campaign)

    assert not Membership.objects.filter(year=campaign.year).exists()


def test_a_kind_of_member_without_a_scale_keeps_the_campaign_closed():
    campaign = make_campaign(opened=False)
    campaign.scales.filter(category=FeeCategory.ISOLATED).delete()

    with pytest.raises(campaigns.CampaignRefused, match="Il manque un barème"):
        open_campaign(campaign)


def test_a_scale_that_counts_what_nobody_is_asked_keeps_the_campaign_closed():
    campaign = make_campaign(opened=False)
    campaign.form.form_questions.filter(question__key="signatories").delete()

    with pytest.raises(campaigns.CampaignRefused, match="n’est pas dans le formulaire"):
        open_campaign(campaign)


def test_the_staff_adds_a_team_in_project_once():
    campaign, team = make_campaign(), TeamFactory(in_project=True)

    added = [
        campaigns.add_teams(campaign=campaign, teams=Team.objects.filter(pk=team.pk))
        for _ in range(2)
    ]

    assert added == [1, 0]
    assert Membership.objects.get(team=team).status == MembershipStatus.EXPECTED


# -- the call --------------------------------------------------------------------------------------
@pytest.fixture
def campaign():
    return make_campaign()


@pytest.fixture
def team(campaign):
    team = TeamFactory()
    scan = ScanFactory(team=team, form=campaign.form)
    question = campaign.form.questions.get(key="signatories")
    ScanAnswer.objects.create(scan=scan, question=question, number=12)
    return team


def ask(membership, by):
    return renewals.ask_call(membership=membership, by=by, on=today(), at=timezone.now())


def test_the_call_bears_the_fee_line_by_line(team):
    membership, by = expected(team), roles.coordinator(team)

    piece = ask(membership, by)

    assert (piece.kind, piece.amount_cents) == (PieceKind.CALL, 22_000)
    assert [cents for _, cents in piece.lines] == [10_000, 12_000]
    membership.refresh_from_db()
    assert (membership.status, membership.amount_cents) == (MembershipStatus.CALLED, 22_000)
    assert ask(membership, by) == piece


def test_no_call_before_the_form_is_sent(campaign):
    membership = expected()

    with pytest.raises(renewals.RenewalRefused, match="Transmettez d’abord"):
        ask(membership, roles.leader(membership.team))


def test_a_team_in_project_pays_its_flat_part_without_a_form(campaign):
    membership = expected(TeamFactory(in_project=True))

    assert ask(membership, roles.leader(membership.team)).amount_cents == 5_000


def test_no_call_when_nobody_said_how_many_to_count(team):
    Scan.objects.get().answers.all().delete()
    membership = expected(team)

    with pytest.raises(renewals.RenewalRefused, match="dépend de « Signataires »"):
        ask(membership, roles.coordinator(team))


@pytest.mark.parametrize("other", [roles.member, roles.coordinator])
def test_only_those_who_answer_for_the_team_ask_for_its_call(team, other):
    by = other(team) if other is roles.member else other()

    with pytest.raises(renewals.RenewalRefused, match="Seule la coordination"):
        ask(expected(team), by)


# -- promising, declining --------------------------------------------------------------------------
def test_a_promise_is_for_a_day_to_come_of_the_year(team):
    membership, by = expected(team), roles.leader(team)

    for day in (today() - timedelta(days=1), date(today().year + 1, 1, 1)):
        with pytest.raises(renewals.RenewalRefused, match="Donnez une date"):
            renewals.promise(membership=membership, day=day, by=by, on=today())
    renewals.promise(membership=membership, day=today(), by=by, on=today())

    membership.refresh_from_db()
    assert membership.promised_on == today()


def test_a_team_may_decline_and_come_back(team):
    membership, by = expected(team), roles.leader(team)

    renewals.decline(membership=membership, reason="Trop cher", by=by, on=today())
    membership.refresh_from_db()
    assert (membership.status, membership.declined_reason) == (
        MembershipStatus.DECLINED,
        "Trop cher",
    )

    renewals.come_back(membership=membership, by=by, on=today())
    membership.refresh_from_db()
    assert (membership.status, membership.declined_on) == (MembershipStatus.EXPECTED, None)


def test_nobody_declines_after_the_call(team):
    membership, by = expected(team), roles.leader(team)
    ask(membership, by)

    with pytest.raises(renewals.RenewalRefused, match="déjà émis"):
        renewals.decline(membership=membership, reason="", by=by, on=today())


def test_a_team_says_that_what_is_known_of_it_holds(team):
    membership, by = expected(team), roles.coordinator(team)

    renewals.check_team(membership=membership, by=by, on=today())

    membership.refresh_from_db()
    assert (membership.checked_on, membership.checked_by) == (today(), by)
