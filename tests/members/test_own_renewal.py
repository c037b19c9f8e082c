"""An isolated professional and a team in project, from the letter's link to the receipt: no form."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members.enums import MembershipStatus, PaymentMethod, PieceKind
from members.models import CampaignStep, Membership
from members.services import payments, reminders
from tests import roles
from tests.members.campaign import expected, make_campaign
from tests.members.factories import (
    MembershipFactory,
    PersonEmailFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign()


@pytest.fixture
def user(client):
    user = UserFactory()
    PersonEmailFactory(person=user.person)
    client.force_login(user)
    return user


@pytest.fixture
def file(campaign, user):
    return MembershipFactory(
        team=None,
        person=user.person,
        status=MembershipStatus.EXPECTED,
        paid_on=None,
        amount_cents=0,
    )


def url(name, year=None):
    return reverse(f"members:own_{name}", args=[year or today().year])


STEPS = ["renewal_team", "renewal_fee", "renewal_payment", "renewal_receipt"]
POSTED = ["check", "correct", "ask", "promise", "decline", "come_back", "invoice"]


def pay(file):
    file.refresh_from_db()
    payments.record(
        debt=file,
        method=PaymentMethod.TRANSFER,
        amount_cents=file.amount_cents,
        received_on=today(),
        by=None,
        on=today(),
        at=timezone.now(),
    )


# -- alone -----------------------------------------------------------------------------------------
def test_from_the_letter_to_the_receipt_without_a_form(client, campaign, user, file):
    CampaignStep.objects.create(
        campaign=campaign, kind="invitation", day=today(), subject="Bonjour", body="Un mot."
    )
    reminders.write(on=today(), at=timezone.now())
    link = reverse("members:renewal_link", args=[file.token])
    assert link in Message.objects.get(purpose="members.campaign").text

    page = client.get(link, follow=True)
    assert page.redirect_chain[-1][0] == url("renewal_team")
    assert "Formulaire" not in page.text
    assert user.person.emails.get().address in page.text

    assert client.post(url("renewal_check")).url == url("renewal_fee")
    assert "50" in client.get(url("renewal_fee")).text
    assert client.post(url("renewal_ask")).url == url("renewal_payment")
    call = file.pieces.get()
    assert (call.kind, call.amount_cents, call.recipient) == (
        PieceKind.CALL,
        5_000,
        str(user.person),
    )
    assert call.reference in client.get(url("renewal_payment")).text

    pay(file)
    receipt = client.get(url("renewal_receipt")).text
    assert "Votre adhésion est réglée" in receipt
    assert "Scan’équipe" not in receipt
    assert client.get(url("renewal")).url == url("renewal_receipt")


@pytest.mark.parametrize("name", STEPS)
def test_one_s_own_pages_are_nobody_else_s(client, file, name):
    assert client.get(url(name)).status_code == 200
    assert client.get(url(name, today().year - 1)).status_code == 404
    for make in (roles.member, roles.leader, roles.board, roles.staff):
        client.force_login(make())
        assert client.get(url(name)).status_code == 404


@pytest.mark.parametrize("name", POSTED)
def test_another_s_click_changes_nothing(client, file, name):
    before = Membership.objects.filter(pk=file.pk).values().get()
    client.force_login(roles.leader())

    assert client.post(url(f"renewal_{name}"), {"text": "x"}).status_code == 404
    assert Membership.objects.filter(pk=file.pk).values().get() == before


def test_an_account_of_nobody_has_no_file(client, file):
    client.force_login(UserFactory(person=None))

    assert client.get(url("renewal_fee")).status_code == 404


def test_what_is_wrong_is_written_to_the_federation(client, user, file):
    client.post(url("renewal_correct"), {"text": "J’ai déménagé."})

    message = Message.objects.get()
    assert message.subject == f"À corriger : {user.person}"
    assert reverse("admin:members_person_change", args=[user.person_id]) in message.text


def test_one_may_promise_decline_and_come_back(client, file):
    client.post(url("renewal_promise"), {"day": today().isoformat()})
    file.refresh_from_db()
    assert file.promised_on == today()

    client.post(url("renewal_decline"), {"reason": "Retraite"})
    assert "Finalement, nous renouvelons" in client.get(url("renewal_fee")).text
    client.post(url("renewal_come_back"))
    file.refresh_from_db()
    assert file.status == MembershipStatus.EXPECTED


def test_home_leads_there(client, file):
    assert url("renewal_team") in client.get(reverse("members:home")).text


# -- in project ------------------------------------------------------------------------------------
def test_a_team_in_project_pays_without_a_form(client, campaign):
    team = TeamFactory(in_project=True)
    expected(team)
    client.force_login(roles.leader(team))
    args = [team.pk, today().year]

    checked = client.post(reverse("members:renewal_check", args=args))

    assert checked.url == reverse("members:renewal_fee", args=args)
    page = client.get(checked.url).text
    assert ">Formulaire<" not in page
    assert client.post(reverse("members:renewal_ask", args=args)).url == reverse(
        "members:renewal_payment", args=args
    )


def test_a_team_in_project_that_is_counted_fills_the_form(client, campaign):
    scale = campaign.scales.get(category="in_project")
    scale.counted = campaign.form.questions.get(key="signatories")
    scale.save()
    team = TeamFactory(in_project=True)
    expected(team)
    client.force_login(roles.leader(team))
    args = [team.pk, today().year]

    checked = client.post(reverse("members:renewal_check", args=args))

    assert checked.url == reverse("members:renewal_form", args=args)


# -- the call and the invoice, by mail -------------------------------------------------------------
def test_the_call_and_the_invoice_are_mailed_once_each(client, user, file):
    for _ in range(2):
        client.post(url("renewal_ask"))
    page = client.get(url("renewal_payment")).text
    assert "Demander la facture" in page
    for _ in range(2):
        client.post(url("renewal_invoice"))

    address = user.person.emails.get().address
    sent = Message.objects.order_by("pk")
    assert [(message.purpose, message.recipient) for message in sent] == [
        ("members.call", address),
        ("members.invoice", address),
    ]
    call = file.pieces.get(kind=PieceKind.CALL)
    assert call.get_absolute_url() in sent[0].text
    assert url("renewal_payment") in sent[0].text
    assert "Demander la facture" not in client.get(url("renewal_payment")).text


def test_no_invoice_before_the_call(client, file):
    page = client.post(url("renewal_invoice"), follow=True)

    assert "La facture suit un appel" in page.text
    assert not file.pieces.exists()


def test_the_staff_issues_the_call_after_having_seen_the_fee(client, user, file):
    client.force_login(roles.staff())
    page = reverse("admin:members_membership_issue_call", args=[file.pk])
    shown = client.get(page).text
    assert "Part fixe" in shown
    assert not file.pieces.exists()

    answer = client.post(page, follow=True)

    call = file.pieces.get()
    assert f"L’appel {call.reference} est émis" in answer.text
    assert Message.objects.get().purpose == "members.call"
    client.post(reverse("admin:members_membership_issue_invoice", args=[file.pk]))
    assert file.pieces.filter(kind=PieceKind.INVOICE).count() == 1


def test_the_staff_is_told_why_there_is_no_call(client, campaign):
    constituted = expected()
    before = MembershipFactory(year=2001, status=MembershipStatus.EXPECTED, paid_on=None)
    client.force_login(roles.staff())

    for row, said in ((constituted, "Transmettez d’abord"), (before, "pas de campagne 2001")):
        page = reverse("admin:members_membership_issue_call", args=[row.pk])
        assert said in client.get(page).text
        assert said in client.post(page, follow=True).text
    assert not Message.objects.exists()
