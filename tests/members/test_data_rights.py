"""What the portal knows of a person, whole: every model that leads to one is given or says why not."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import EmailField
from django.urls import reverse
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members.builders import personal_data
from members.enums import DataRequestKind, Visibility
from members.models import DataRequest, Person, Position, User
from members.models.personal import LEFT_OUT, SOURCES, THEMES
from members.services import data_rights
from tests import roles
from tests.events.factories import RegistrationFactory
from tests.members.factories import (
    AffiliationFactory,
    ContactDetailFactory,
    MembershipFactory,
    PersonEmailFactory,
    PositionFactory,
    TeamFactory,
    UserFactory,
)

SECRETS = ("password", "secret", "token", "session_key", "key", "data", "pay_url", "html")


# -- the register ----------------------------------------------------------------------------------
def leading_to_a_person() -> set[str]:
    """Models with a path of foreign keys to a person or an account, however long, or an address."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if not hasattr(model, "pgh_tracked_model")  # a history goes with what it is of
    ]
    found = {Person, User}
    while True:
        more = {
            model
            for model in models
            for field in model._meta.concrete_fields
            if isinstance(field, EmailField) or (field.is_relation and field.related_model in found)
        }
        if more <= found:
            return {model._meta.label for model in found}
        found |= more


def test_every_model_that_leads_to_a_person_is_given_or_says_why_not():
    """A new model fails here: add it to members/models/personal.py."""
    classified = {source.model for source in SOURCES} | set(LEFT_OUT)

    assert leading_to_a_person() - classified == set()


def test_the_register_names_models_that_exist_once():
    names = [*(source.model for source in SOURCES), *LEFT_OUT]

    assert len(names) == len(set(names))
    assert {apps.get_model(name)._meta.label for name in names} == set(names)
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())
    assert {source.theme for source in SOURCES} <= set(THEMES)


def test_no_secret_is_given():
    given = [
        f"{source.model}.{field.name}"
        for source in SOURCES
        if source.person or source.email or source.team
        for field in apps.get_model(source.model)._meta.concrete_fields
        if field.name in SECRETS and field.name not in source.hidden
    ]

    assert given == []


def test_what_is_hidden_exists():
    unknown = [
        f"{source.model}.{name}"
        for source in SOURCES
        for name in (*source.hidden, *source.own)
        if name not in {field.name for field in apps.get_model(source.model)._meta.get_fields()}
    ]

    assert unknown == []


# -- the copy --------------------------------------------------------------------------------------
@pytest.fixture
def known(db):
    """A coordinator of whom much is known, and a colleague of whom as much is."""
    user = roles.coordinator()
    for person in (user.person, AffiliationFactory().person):
        PersonEmailFactory(person=person, visibility=Visibility.MEMBERS)
        ContactDetailFactory(person=person)
        RegistrationFactory(person=person)
    return user


def opened(content: bytes) -> tuple[dict, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as copy:
        assert copy.testzip() is None
        return json.loads(copy.read("donnees.json")), copy.read("donnees.html").decode()


@pytest.mark.django_db
def test_the_copy_holds_everything_of_mine_and_nothing_of_another(client, known):
    client.force_login(known)
    other = Person.objects.exclude(pk=known.person_id).get(emails__isnull=False)

    response = client.get(reverse("members:my_data_copy"))

    told, page = opened(response.content)
    text = json.dumps(told, ensure_ascii=False)
    for part in (known.email, known.person.last_name, known.person.emails.get().address):
        assert part in text
        assert part in page
    for part in (other.last_name, other.emails.get().address, other.contact_details.get().value):
        assert part not in text
        assert part not in page
    models = {section["modèle"] for section in told["données"]}
    assert {
        "members.Person",
        "members.PersonEmail",
        "members.ContactDetail",
        "members.Position",
        "events.Registration",
        "members.User",
    } <= models
    assert "mot de passe" not in text
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_what_was_replaced_or_deleted_is_given_too(known):
    position = Position.objects.get(person=known.person)
    Position.objects.filter(pk=position.pk).update(started_on=today() - timedelta(days=3))
    Position.objects.filter(pk=position.pk).delete()
    Person.objects.filter(pk=known.person_id).update(first_name="Renommée")

    told, _ = opened(personal_data.archive(known.person, at=timezone.now()))

    by_model = {section["modèle"]: section for section in told["données"]}
    assert len(by_model["members.Position"]["versions précédentes"]) == 2
    assert by_model["members.Person"]["versions précédentes"][0]["prénom"].startswith("Prénom")


@pytest.mark.django_db
def test_messages_to_a_shared_address_are_not_given():
    """A secretariat's: what was written there is others' too."""
    mine, shared = PersonEmailFactory(), PersonEmailFactory(is_primary=False)
    PersonEmailFactory(person=mine.person, address=shared.address, is_primary=False)
    for address in (mine.address, shared.address):
        Message.objects.create(
            purpose="test",
            object_key=address,
            recipient=address,
            subject=f"À {address}",
            text="…",
            not_before=timezone.now(),
        )

    told, _ = opened(personal_data.archive(mine.person, at=timezone.now()))

    sent = next(s for s in told["données"] if s["modèle"] == "mail.Message")["lignes"]
    assert [row["sujet"] for row in sent] == [f"À {mine.address}"]


@pytest.mark.django_db
def test_what_i_did_for_others_is_told_without_what_it_says_of_them():
    user = UserFactory()
    registration = RegistrationFactory(registered_by=user)

    told, _ = opened(personal_data.archive(user.person, at=timezone.now()))

    assert told["ce que vous avez fait"] == [
        {"donnée": "inscription", "n°": registration.pk, "votre part": "inscrit·e par"}
    ]
    assert registration.person.last_name not in json.dumps(told)


# -- the pages -------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_my_page_says_what_is_known_and_who_sees_it(client, known):
    client.force_login(known)

    page = client.get(reverse("members:my_data")).content.decode()

    assert known.person.last_name in page
    assert known.person.emails.get().address in page
    assert "les adhérents" in page


@pytest.mark.django_db
def test_the_page_costs_the_same_for_five_registrations_as_for_one(client, known, record_queries):
    client.force_login(known)
    client.get(reverse("members:my_data"))
    with record_queries() as for_one:
        client.get(reverse("members:my_data"))
    RegistrationFactory.create_batch(4, person=known.person)
    with record_queries() as for_five:
        client.get(reverse("members:my_data"))

    assert len(for_five) == len(for_one)


@pytest.mark.django_db
def test_a_leader_reads_and_takes_away_what_is_known_of_the_team(client):
    team = TeamFactory(member=True)
    client.force_login(roles.leader(team))
    colleague = PositionFactory(team=team, employment="volunteer").person

    page = client.get(reverse("members:team_data", args=[team.pk])).content.decode()
    copy = client.get(reverse("members:team_data_copy", args=[team.pk]))

    assert team.name in page
    told, _ = opened(copy.content)
    assert str(colleague) in json.dumps(told, ensure_ascii=False)
    assert "Bénévolat" not in json.dumps(told, ensure_ascii=False)


@pytest.mark.django_db
def test_a_team_s_data_are_its_leaders_alone(client):
    team = TeamFactory(member=True)
    MembershipFactory(year=2001, team=team)
    for user in (roles.member(team), roles.leader(), roles.board()):
        client.force_login(user)
        for name in ("team_data", "team_data_copy"):
            assert client.get(reverse(f"members:{name}", args=[team.pk])).status_code == 404


# -- requests --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_correction_is_a_row_for_the_staff_and_a_message(client):
    user = roles.member()
    client.force_login(user)

    response = client.post(reverse("members:my_data"), {"text": "Je m’appelle Anne."})

    assert response.status_code == 302
    asked = DataRequest.objects.get()
    assert (asked.person, asked.kind, asked.text) == (
        user.person,
        "correction",
        "Je m’appelle Anne.",
    )
    assert asked.due_on == today() + data_rights.ANSWERED_WITHIN
    assert Message.objects.get(purpose="members.data_request").object_key == str(asked.pk)
    assert "Je m’appelle Anne." in client.get(reverse("members:my_data")).content.decode()


@pytest.mark.django_db
def test_an_erasure_is_asked_once_and_only_when_sure(client):
    user = roles.member()
    client.force_login(user)

    assert client.post(reverse("members:erasure"), {"text": ""}).status_code == 200
    assert not DataRequest.objects.exists()
    for _ in range(2):
        assert client.post(reverse("members:erasure"), {"sure": "on"}).status_code == 302

    assert DataRequest.objects.get().kind == DataRequestKind.ERASURE
    assert Message.objects.filter(purpose="members.data_request").count() == 1


@pytest.mark.django_db
def test_the_staff_sees_what_awaits_an_answer(client):
    user = UserFactory()
    waiting = data_rights.ask(
        kind=DataRequestKind.ERASURE, person=user.person, by=user, on=today(), at=timezone.now()
    )
    client.force_login(roles.staff())
    client.get(reverse("admin:index"))

    page = client.get(reverse("admin:members_datarequest_changelist"), {"suite": "attend"})

    assert list(page.context["cl"].queryset) == [waiting]
    assert (
        client.get(reverse("admin:members_datarequest_change", args=[waiting.pk])).status_code
        == 200
    )
