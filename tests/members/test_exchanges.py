"""The relation log: noted in a few seconds, read by the staff alone, taken up again in time."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from apmsl.lib.dates import today
from members.enums import Department, ExchangeKind
from members.models import Exchange
from members.services import exchanges
from tests import roles
from tests.members.factories import PersonFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    user = roles.ROLES["staff"]()
    client.force_login(user)
    session = client.session
    session.save()
    return user


def noted(by, **facts):
    facts = {"kind": ExchangeKind.CALL, "happened_on": today(), "summary": "Appel"} | facts
    if "team" not in facts:
        facts.setdefault("person", PersonFactory())
    return exchanges.note(by=by, **facts)


def entered(**facts):
    return {
        "kind": "call",
        "happened_on": today().isoformat(),
        "summary": "Rappel du loyer",
    } | facts


# -- noting ----------------------------------------------------------------------------------------
def test_an_exchange_with_a_team_is_noted_from_its_page(client, staff):
    team = TeamFactory(member=True)

    answer = client.post(reverse("members:team_exchange", args=[team.pk]), entered())

    assert answer.url == f"{team.get_absolute_url()}#echanges"
    exchange = Exchange.objects.get()
    assert (exchange.team, exchange.person, exchange.by) == (team, None, staff)
    assert "Rappel du loyer" in client.get(team.get_absolute_url()).content.decode()


def test_an_exchange_with_a_person_is_noted_from_theirs(client, staff):
    person = PersonFactory()
    follow_up = today() + timedelta(10)

    client.post(
        reverse("members:person_exchange", args=[person.pk]),
        entered(asked="Un modèle de statuts", follow_up_on=follow_up.isoformat()),
    )

    exchange = Exchange.objects.get()
    assert (exchange.person, exchange.team, exchange.follow_up_on) == (person, None, follow_up)
    page = client.get(person.get_absolute_url()).content.decode()
    assert "Un modèle de statuts" in page
    assert "C’est fait" in page


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"summary": ""}, "Ce champ est obligatoire"),
        ({"kind": "pigeon"}, "pigeon"),
        ({"happened_on": "2023-02-31"}, "date valide"),
        ({"happened_on": (today() + timedelta(2)).isoformat()}, "à venir"),
        ({"follow_up_on": (today() - timedelta(2)).isoformat()}, "On ne relance pas avant"),
    ],
)
def test_a_wrong_entry_says_so_and_loses_nothing(client, staff, wrong, message):
    team = TeamFactory(member=True)
    sent = entered(asked="Une visite en mars") | wrong

    page = client.post(reverse("members:team_exchange", args=[team.pk]), sent).content.decode()

    assert message in page
    assert "Une visite en mars" in page
    assert not Exchange.objects.exists()


def test_the_database_keeps_no_exchange_with_nobody_nor_a_follow_up_before_it(django_user_model):
    facts = {"kind": ExchangeKind.CALL, "happened_on": today(), "summary": "…"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Exchange.objects.create(**facts)
    facts["team"] = TeamFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Exchange.objects.create(**facts, follow_up_on=today() - timedelta(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Exchange.objects.create(**facts, done_on=today())


def test_an_exchange_with_nobody_is_refused_with_its_message(staff):
    with pytest.raises(ValidationError, match="Dites avec qui"):
        exchanges.note(by=staff, kind=ExchangeKind.MAIL, happened_on=today(), summary="…")


# -- who reads it ----------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["member", "coordinator", "leader", "board"])
def test_exchanges_show_to_the_staff_alone(client, role):
    user = roles.ROLES[role]()
    team = TeamFactory(member=True)
    noted(None, team=team, summary="Rien que pour nous")
    noted(None, person=user.person, summary="Rien que pour nous")
    client.force_login(user)

    for page in (team.get_absolute_url(), user.person.get_absolute_url()):
        assert "Rien que pour nous" not in client.get(page).content.decode()
    assert (
        client.post(reverse("members:team_exchange", args=[team.pk]), entered()).status_code == 404
    )


# -- taking up again -------------------------------------------------------------------------------
def test_a_follow_up_is_done_once(client, staff):
    exchange = noted(staff, team=TeamFactory(member=True), follow_up_on=today())

    for said in ("La relance est faite", "déjà faite"):
        done = client.post(
            reverse("members:exchange_done", args=[exchange.pk]), {"team": "1"}, follow=True
        )
        assert said in done.content.decode()
    exchange.refresh_from_db()
    assert exchange.done_on == today()


def test_what_is_due_is_what_was_promised_by_now_and_not_done(staff):
    long_ago = today() - timedelta(30)
    due = noted(staff, happened_on=long_ago, follow_up_on=today())
    late = noted(staff, happened_on=long_ago, follow_up_on=today() - timedelta(3))
    noted(staff, follow_up_on=today() + timedelta(1))
    noted(staff)
    exchanges.follow_up_done(
        exchange=noted(staff, happened_on=long_ago, follow_up_on=long_ago), on=today()
    )

    assert set(Exchange.objects.due_on(today())) == {due, late}
    assert due.is_due_on(today())
    assert not due.is_due_on(today() - timedelta(1))


def test_the_day_of_the_staff_counts_the_follow_ups_and_leads_to_them(client, staff):
    noted(staff, happened_on=today() - timedelta(9), follow_up_on=today() - timedelta(1))
    noted(staff, follow_up_on=today() + timedelta(9), summary="Plus tard")

    day = client.get(reverse("admin:index"))

    (task,) = [task for task in day.context["tasks"] if "relance" in task.label]
    assert task.count == 1
    led = client.get(task.url).content.decode()
    assert "Appel" in led
    assert "Plus tard" not in led


# -- the list --------------------------------------------------------------------------------------
def test_the_list_is_searched_and_filtered(client, staff):
    here = TeamFactory(name="MSP du Lac", department=Department.MAYENNE)
    noted(staff, team=here, summary="Loyer du cabinet")
    noted(roles.ROLES["staff"](), kind=ExchangeKind.VISIT, summary="Visite des locaux")
    address = reverse("admin:members_exchange_changelist")

    for asked, expected in (
        ({"q": "lac"}, "Loyer du cabinet"),
        ({"q": "locaux"}, "Visite des locaux"),
        ({"departement": "53"}, "Loyer du cabinet"),
        ({"kind__exact": "visit"}, "Visite des locaux"),
        ({"moi": "oui"}, "Loyer du cabinet"),
    ):
        page = client.get(address, asked).content.decode()
        found = [text for text in ("Loyer du cabinet", "Visite des locaux") if text in page]
        assert found == [expected], asked


def test_who_notes_in_the_admin_is_remembered(client, staff):
    team = TeamFactory()
    sent = entered(team=team.pk, person="", asked="", answered="", follow_up_on="", done_on="")

    client.post(reverse("admin:members_exchange_add"), sent)

    assert Exchange.objects.get().by == staff
