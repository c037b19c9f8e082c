"""The staff runs the campaign: prepares it, previews and launches it, follows its board."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members.enums import MembershipStatus, PaymentMethod, Situation, StepKind
from members.models import Campaign, CampaignStep, FeeStep, Membership, Payment
from members.services.progress import with_situation
from tests import roles
from tests.members.campaign import expected, make_campaign
from tests.members.factories import (
    MembershipFactory,
    PersonEmailFactory,
    PositionFactory,
    ScanFactory,
    TeamFactory,
)
from tests.network.factories import LocalGroupTeamFactory

pytestmark = pytest.mark.django_db

BOARD = "admin:members_membership_changelist"


@pytest.fixture
def staff(client):
    user = roles.staff()
    client.force_login(user)
    return user


def launch_page(campaign):
    return reverse("admin:members_campaign_launch", args=[campaign.pk])


def situation(**facts):
    file = MembershipFactory(**facts)
    return with_situation(Membership.objects.filter(pk=file.pk), today()).get().situation


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, Situation.PAID),
        ({"called": True}, Situation.CALLED),
        ({"called": True, "due_on": today()}, Situation.CALLED),
        ({"called": True, "due_on": today() - DAY}, Situation.LATE),
        ({"called": True, "due_on": today() - DAY, "promised_on": today()}, Situation.PROMISED),
        ({"called": True, "due_on": today() - DAY, "promised_on": today() - DAY}, Situation.LATE),
        ({"status": MembershipStatus.EXPECTED, "paid_on": None}, Situation.TO_START),
        (
            {"status": MembershipStatus.DECLINED, "paid_on": None, "declined_on": today()},
            Situation.DECLINED,
        ),
        ({"status": MembershipStatus.CANCELLED, "paid_on": None}, Situation.CANCELLED),
    ],
)
def test_where_a_file_stands_follows_from_its_dates(facts, found):
    assert situation(**facts) == found


def test_where_a_file_stands_follows_from_its_form_and_payments():
    campaign = make_campaign()
    draft, sent, partly = expected(), expected(), MembershipFactory(called=True)
    ScanFactory(team=draft.team, form=campaign.form, draft=True)
    ScanFactory(team=sent.team, form=campaign.form)
    ScanFactory(team=sent.team, form=campaign.form, draft=True)
    Payment.objects.create(
        membership=partly, method=PaymentMethod.CHEQUE, amount_cents=100, received_on=today()
    )

    rows = with_situation(Membership.objects.all(), today())

    assert dict(rows.values_list("pk", "situation")) == {
        draft.pk: Situation.DRAFT,
        sent.pk: Situation.SENT,
        partly.pk: Situation.PARTLY_PAID,
    }


def test_the_board_counts_what_its_filters_keep(client, staff):
    make_campaign()
    expected()
    MembershipFactory(team=TeamFactory(department="85"))
    MembershipFactory(year=today().year - 1)

    response = client.get(reverse(BOARD), {"year": today().year})

    assert response.context_data["situations"] == [("Pas commencé", 1), ("Payée", 1)]
    assert [
        (row["label"], row["files"], row["paid"]) for row in response.context_data["departments"]
    ] == [("Loire-Atlantique", 1, 0), ("Vendée", 1, 1)]
    only = client.get(reverse(BOARD), {"situation": "to_start"})
    assert only.context_data["situations"] == [("Pas commencé", 1)]


def test_the_board_asks_as_much_for_many_files_as_for_few(client, staff, record_queries):
    make_campaign()
    expected()
    client.get(reverse(BOARD))
    with record_queries() as for_few:
        client.get(reverse(BOARD))
    for _ in range(60):
        expected()
    with record_queries() as for_many:
        client.get(reverse(BOARD))

    assert len(for_many) == len(for_few)
    assert len(for_many) <= 12 + 4  # the session, the account, its rights and second factor


def test_the_staff_reminds_from_the_board(client, staff):
    campaign = make_campaign()
    CampaignStep.objects.create(
        campaign=campaign, kind=StepKind.FORM, day=today(), subject="À commencer", body="Un mot."
    )
    file = expected()
    PersonEmailFactory(person=PositionFactory(team=file.team).person)
    paid = MembershipFactory()

    response = client.post(
        reverse(BOARD), {"action": "remind", "_selected_action": [file.pk, paid.pk]}, follow=True
    )

    assert Message.objects.get().subject == "À commencer"
    assert "1\xa0dossier relancé." in response.text
    assert "1\xa0dossier n’est pas à relancer" in response.text


def test_launching_shows_who_gets_a_file_then_opens_them(client, staff):
    campaign = make_campaign(opened=False)
    member = MembershipFactory(year=today().year - 1).team

    page = client.get(launch_page(campaign))
    assert member.name in page.text
    assert not Membership.objects.filter(year=campaign.year).exists()

    client.post(launch_page(campaign))

    assert Membership.objects.get(year=campaign.year).team == member


def test_launching_with_a_hole_says_it(client, staff):
    campaign = make_campaign(opened=False)
    FeeStep.objects.update(from_head=2)

    response = client.post(launch_page(campaign), follow=True)

    assert "Le barème a un trou" in response.text
    assert Campaign.objects.get().opened_at is None


def test_a_hole_is_said_beside_the_steps(client, staff):
    scale = make_campaign().scales.get(category="constituted")
    step = scale.steps.get()
    url = reverse("admin:members_feescale_change", args=[scale.pk])

    response = client.post(
        url,
        {
            "campaign": scale.campaign_id,
            "category": scale.category,
            "flat_cents": 100,
            "cap_cents": "",
            "counted": scale.counted_id,
            "steps-TOTAL_FORMS": 1,
            "steps-INITIAL_FORMS": 1,
            "steps-0-id": step.pk,
            "steps-0-scale": scale.pk,
            "steps-0-from_head": 4,
            "steps-0-cents_per_head": 100,
        },
    )

    assert "Le barème a un trou" in response.text
    step.refresh_from_db()
    assert step.from_head == 1


def test_preparing_the_next_year_is_asked_first(client, staff):
    last = make_campaign()
    url = reverse("admin:members_campaign_prepare_next")

    assert f"Préparer la campagne {last.year + 1}" in client.get(url).text
    assert Campaign.objects.count() == 1
    client.post(url)

    assert Campaign.objects.order_by("form__year").last().year == last.year + 1


def test_who_will_receive_what_tomorrow(client, staff):
    campaign = make_campaign()
    CampaignStep.objects.create(
        campaign=campaign,
        kind=StepKind.INVITATION,
        day=today() + timedelta(days=1),
        subject="Renouvelez",
        body="Un mot.",
    )
    file = expected()

    page = client.get(reverse("admin:members_campaign_who_receives_what")).text

    assert "Renouvelez" in page
    assert file.team.name in page


def test_a_team_in_project_joins_the_campaign_from_the_list_of_teams(client, staff):
    make_campaign()
    team = TeamFactory(in_project=True)

    client.post(
        reverse("admin:members_team_changelist"),
        {"action": "add_to_campaign", "_selected_action": [team.pk]},
    )

    assert Membership.objects.get().team == team


def test_the_questions_of_a_form_that_was_sent_are_read_only(client, staff):
    campaign = make_campaign()
    url = reverse("admin:members_scanform_change", args=[campaign.form_id])
    assert 'name="form_questions-0-rank"' in client.get(url).text

    ScanFactory(form=campaign.form)

    assert 'name="form_questions-0-rank"' not in client.get(url).text


def test_the_board_is_filtered_by_local_group(client, staff):
    expected()
    inside = expected()
    group = LocalGroupTeamFactory(team=inside.team).group

    page = client.get(reverse(BOARD), {"groupe": group.pk})

    assert [row.pk for row in page.context_data["cl"].queryset] == [inside.pk]
    assert client.get(reverse(BOARD), {"groupe": "x"}).status_code == 200
