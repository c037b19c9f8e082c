"""The pages of a team's file of the year: whose they are, and what they do."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members.enums import MembershipStatus
from members.models import Campaign, Membership, Scan, ScanAnswer, ScanForm
from members.services.answers import entries_of
from tests import roles
from tests.members.campaign import expected, file_of, make_campaign
from tests.members.factories import ScanFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign()


@pytest.fixture
def team(campaign):
    """Its last membership lapsed: that is when it is to be renewed."""
    team = TeamFactory()
    expected(team)
    return team


@pytest.fixture
def leader(team, client):
    user = roles.leader(team)
    client.force_login(user)
    return user


def url(name, team):
    return reverse(f"members:{name}", args=[team.pk, today().year])


def question(key):
    return Campaign.objects.get().form.questions.get(key=key).pk


def answers(team):
    return {
        name: entry.value
        for name, entry in entries_of(Scan.objects.filter(team=team).last()).items()
    }


def fields(**values):
    """What the page sends: each value, and what was seen there before."""
    data = {}
    for key, value in values.items():
        data[f"q{question(key)}"], data[f"seen-q{question(key)}"] = value, ""
    return data


# -- whose -----------------------------------------------------------------------------------------
STEPS = ["renewal_team", "renewal_form", "renewal_fee", "renewal_payment", "renewal_receipt"]
FOR_LEADERS = ["renewal_send", "renewal_ask", "renewal_promise", "renewal_decline"]


@pytest.mark.parametrize("name", STEPS)
def test_a_file_is_its_team_s_and_the_staff_s_to_read(client, team, name):
    for make, status in ((roles.member, 200), (roles.leader, 200)):
        client.force_login(make(team))
        assert client.get(url(name, team)).status_code == status
    client.force_login(roles.staff())
    assert client.get(url(name, team)).status_code == 200
    for make in (roles.member, roles.coordinator, roles.board):
        client.force_login(make())
        assert client.get(url(name, team)).status_code == 404


@pytest.mark.parametrize("name", FOR_LEADERS)
def test_a_practising_member_and_the_staff_do_not_speak_for_the_team(client, team, name):
    for user in (roles.member(team), roles.staff(), roles.leader()):
        client.force_login(user)
        assert client.post(url(name, team)).status_code == 404


def test_there_is_no_file_before_the_campaign_opens(client, team, leader):
    Campaign.objects.update(opened_at=None)

    assert client.get(url("renewal_team", team)).status_code == 404


def test_the_file_opens_at_the_step_that_awaits(client, team, leader):
    assert client.get(url("renewal", team)).url == url("renewal_team", team)

    client.post(url("renewal_check", team))

    assert client.get(url("renewal", team)).url == url("renewal_form", team)
    assert file_of(team).checked_by == leader


def test_what_is_wrong_is_written_to_the_federation(client, team, leader):
    client.post(url("renewal_correct", team), {"text": "Le docteur est parti."})

    message = Message.objects.get()
    assert (message.purpose, message.recipient) == ("members.correction", "portail@apmsl.test")
    assert "Le docteur est parti." in message.text


# -- the form --------------------------------------------------------------------------------------
def test_a_field_is_saved_as_one_types(client, team, leader):
    name = f"q{question('patients')}"

    response = client.post(
        url("renewal_form", team),
        {**fields(patients="7200", signatories="3")},
        headers={"HX-Request": "true", "HX-Trigger": f"box-{name}"},
    )

    assert "Enregistré par" in response.text
    assert f'name="seen-{name}" value="7200"' in response.text
    assert answers(team) == {name: "7200"}


def test_without_scripts_the_whole_draft_is_saved(client, team, leader):
    response = client.post(url("renewal_form", team), fields(patients="7200", trainees="oui"))

    assert response.url == url("renewal_form", team)
    assert answers(team) == {f"q{question('patients')}": "7200", f"q{question('trainees')}": "oui"}
    assert "Brouillon, non transmis" in client.get(url("renewal_form", team)).text


def test_what_cannot_be_kept_stays_in_the_page_beside_its_message(client, team, leader):
    response = client.post(url("renewal_form", team), fields(patients="douze", trainees="non"))

    assert 'value="douze"' in response.text
    assert "Écrivez un nombre entier" in response.text
    assert answers(team) == {f"q{question('trainees')}": "non"}


def test_the_second_of_two_sees_both_and_may_take_the_other_s(client, team, leader):
    client.post(url("renewal_form", team), fields(note="Du premier"))
    client.force_login(roles.member(team))

    response = client.post(url("renewal_form", team), fields(note="Du second"))

    name = f"q{question('note')}"
    assert ">Du second</textarea>" in response.text
    assert f"{leader.person} a répondu «\xa0Du premier\xa0»" in response.text.replace(
        "&nbsp;", "\xa0"
    )
    assert answers(team) == {name: "Du premier"}
    taken = {name: "Du second", f"seen-{name}": "Du premier", "take": name}
    assert client.post(url("renewal_form", team), taken).status_code == 302
    assert answers(team) == {name: "Du premier"}


def test_one_click_says_that_nothing_changed(client, team, leader):
    before = ScanFactory(
        team=team,
        form=ScanForm.objects.create(year=today().year - 1),
        submitted_on=today() - timedelta(days=300),
    )
    ScanAnswer.objects.create(scan=before, question_id=question("patients"), number=7200)
    name = f"q{question('patients')}"
    page = client.get(url("renewal_form", team)).text
    assert "7\u202f200" in page

    client.post(url("renewal_form", team), {**fields(patients=""), "same": name})

    draft = Scan.objects.get(team=team, submitted_on=None)
    assert entries_of(draft)[name].value == "7200"


def test_sending_saves_what_the_page_shows_and_leads_to_the_fee(client, team, leader):
    response = client.post(url("renewal_send", team), fields(signatories="12"))

    assert response.url == url("renewal_fee", team)
    assert Scan.objects.get(team=team).submitted_by == leader
    page = client.get(url("renewal_fee", team)).text
    assert "220,00" in page or "220" in page


def test_a_form_that_lacks_something_is_not_sent(client, team, leader):
    response = client.post(url("renewal_send", team), fields(patients="60000"))

    assert response.status_code == 200
    assert "Cette réponse est nécessaire." in response.text
    assert "Au plus" in response.text
    assert not Scan.objects.sent().exists()


def test_what_was_sent_is_read_until_a_correction_is_asked(client, team, leader):
    client.post(url("renewal_send", team), fields(signatories="12"))
    assert "<textarea" not in client.get(url("renewal_form", team)).text

    client.post(url("renewal_amend", team))

    page = client.get(url("renewal_form", team)).text
    assert 'value="12"' in page
    assert "Cette correction n’est pas encore transmise" in page


# -- the fee ---------------------------------------------------------------------------------------
def test_the_call_is_asked_once_and_shown(client, team, leader):
    client.post(url("renewal_send", team), fields(signatories="12"))

    for _ in range(2):
        assert client.post(url("renewal_ask", team)).url == url("renewal_payment", team)

    file = file_of(team)
    assert (file.status, file.pieces.count()) == (MembershipStatus.CALLED, 1)
    assert file.pieces.get().reference in client.get(url("renewal_payment", team)).text


def test_what_is_missing_for_the_call_is_said(client, team, leader):
    response = client.post(url("renewal_ask", team), follow=True)

    assert "Transmettez d’abord le formulaire" in response.text
    assert file_of(team).status == MembershipStatus.EXPECTED


def test_a_promise_and_a_refusal_are_noted(client, team, leader):
    client.post(url("renewal_promise", team), {"day": today().isoformat()})
    assert file_of(team).promised_on == today()

    client.post(url("renewal_decline", team), {"reason": "Trop cher"})
    assert file_of(team).status == MembershipStatus.DECLINED
    assert "Finalement, nous renouvelons" in client.get(url("renewal_fee", team)).text

    client.post(url("renewal_come_back", team))
    assert file_of(team).status == MembershipStatus.EXPECTED


# -- the link --------------------------------------------------------------------------------------
def link(membership):
    return reverse("members:renewal_link", args=[membership.token])


def test_the_link_knows_the_team_and_asks_to_sign_in(client, team):
    response = client.get(link(file_of(team)), follow=True)

    assert response.redirect_chain[0][0] == url("renewal", team)
    assert reverse("account_login") in response.redirect_chain[1][0]
    assert url("renewal", team) in response.redirect_chain[1][0]


def test_someone_else_s_link_leads_nowhere(client, team):
    client.force_login(roles.coordinator())

    assert client.get(link(file_of(team)), follow=True).status_code == 404


def test_an_altered_link_says_what_to_do(client, team):
    response = client.get(link(file_of(team))[:-3] + "/")

    assert (response.status_code, "Ce lien n’est pas complet" in response.text) == (404, True)


def test_a_link_outlives_the_campaign_by_two_months(client, team):
    file = file_of(team)
    for days, status in ((60, 302), (61, 410)):
        day = today() - timedelta(days=days)
        Campaign.objects.update(opens_on=day, closes_on=day)
        assert client.get(link(file)).status_code == status


# -- home ------------------------------------------------------------------------------------------
def test_home_says_what_awaits_those_who_answer_for_the_team(client, team, leader):
    page = client.get(reverse("members:home")).text
    assert url("renewal_team", team) in page
    assert "0 sur 5" in page

    Membership.objects.update(status=MembershipStatus.DECLINED, declined_on=today())
    assert url("renewal_team", team) not in client.get(reverse("members:home")).text
