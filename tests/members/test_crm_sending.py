"""Sending to the CRM: each object once, whatever happens on the way, and nothing that is hidden."""

import json
import logging
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from apmsl.lib.dates import today
from apmsl.mail.models import Message
from members.enums import CrmState, DataRequestKind, Visibility
from members.models import (
    CrmMapping,
    CrmRecord,
    CrmRun,
    CrmSignal,
    Person,
    PersonEmail,
    Position,
    Team,
)
from members.services import contacts, erasing
from members.services.crm import bridge, client, sending, tokens
from tests import roles
from tests.members.crm import record_of, send, send_all
from tests.members.factories import (
    AffiliationFactory,
    ContactDetailFactory,
    CrmConflictFactory,
    DataRequestFactory,
    PersonEmailFactory,
    PersonFactory,
    PositionFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


def practising(**values):
    person = PersonFactory(**values)
    AffiliationFactory(person=person)
    return person


def quiet(thing):
    """Its signals so far are forgotten."""
    CrmSignal.objects.all().delete()
    return thing


def signals():
    return sorted(CrmSignal.objects.values_list("module", "object_id").distinct())


# -- the outbox ------------------------------------------------------------------------------------
def test_every_way_to_change_something_is_caught():
    email = PersonEmailFactory()
    person = email.person
    contact = ("Contacts", person.pk)
    for change in (
        lambda: Person.objects.filter(pk=person.pk).update(last_name="Autre"),
        lambda: PersonEmail.objects.bulk_update(
            [_with(email, address="x@exemple.test")], ["address"]
        ),
        lambda: ContactDetailFactory(person=person),
        lambda: person.contact_details.all().delete(),
    ):
        quiet(person)
        change()
        assert signals() == [contact]


def _with(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    return row


def test_a_post_is_told_of_its_holder_and_of_its_team():
    post = quiet(PositionFactory())

    Position.objects.filter(pk=post.pk).update(ended_on=today())

    assert signals() == [("Accounts", post.team_id), ("Contacts", post.person_id)]


def test_a_post_that_changes_hands_is_told_of_both():
    post, other = PositionFactory(), PersonFactory()
    quiet(post)

    Position.objects.filter(pk=post.pk).update(person=other)

    people = [number for module, number in signals() if module == "Contacts"]
    assert people == sorted([post.person_id, other.pk])


def test_what_is_written_again_as_it_was_says_nothing():
    person = quiet(PersonFactory())

    person.save()

    assert signals() == []


def test_a_deleted_person_is_still_told():
    person = practising()
    number = quiet(person).pk

    person.delete()

    assert ("Contacts", number) in signals()


def test_what_is_rolled_back_was_never_told():
    person = quiet(PersonFactory())
    with transaction.atomic():
        person.last_name = "Autre"
        person.save()
        transaction.set_rollback(True)

    assert signals() == []


def test_many_changes_of_one_object_are_one_row():
    person = quiet(PersonFactory())
    for number in range(5):
        Person.objects.filter(pk=person.pk).update(last_name=f"Nom {number}")

    assert CrmRecord.objects.gather(at=timezone.now()) == 5

    assert CrmRecord.objects.filter(module="Contacts", object_id=person.pk).count() == 1
    assert not CrmSignal.objects.exists()


# -- once ------------------------------------------------------------------------------------------
def test_a_person_and_a_team_are_created_then_updated(linked):
    person = practising(last_name="Martin")
    team = person.affiliations.get().team
    send_all()

    assert linked.of("Contacts", record_of(person).portal_id)["Last_Name"] == "Martin"
    account = linked.of("Accounts", record_of(team).portal_id)
    assert linked.of("Contacts", record_of(person).portal_id)["Account_Name"] == {
        "id": account["id"]
    }
    Person.objects.filter(pk=person.pk).update(last_name="Durand")
    send_all()

    assert linked.of("Contacts", record_of(person).portal_id)["Last_Name"] == "Durand"
    assert set(linked.times_made.values()) == {1}


def test_another_email_makes_no_second_contact(linked):
    email = PersonEmailFactory(person=practising(), visibility=Visibility.MEMBERS)
    send_all()
    contacts_before = len(linked.records["Contacts"])

    email.delete()
    PersonEmailFactory(
        person=email.person, address="nouvelle@exemple.test", visibility=Visibility.MEMBERS
    )
    send_all()

    contact = linked.of("Contacts", record_of(email.person).portal_id)
    assert contact["Email"] == "nouvelle@exemple.test"
    assert len(linked.records["Contacts"]) == contacts_before


def test_nothing_that_differs_asks_nothing(linked):
    person = practising()
    send_all()
    before = len(linked.asked)

    Person.objects.filter(pk=person.pk).update(checked_on=today())  # not mapped
    bridge.sweep(at=timezone.now())
    send()

    assert linked.asked[before:] == []
    assert not CrmRecord.objects.waiting().exists()


def test_a_change_while_the_record_is_on_its_way_is_sent_next(linked, monkeypatch):
    person = practising(last_name="Avant")
    upsert = client.Writer.upsert

    def meanwhile(self, module, records, **options):
        if module == "Contacts":
            Person.objects.filter(pk=person.pk).update(last_name="Après")
            CrmRecord.objects.gather(at=timezone.now())
        return upsert(self, module, records, **options)

    monkeypatch.setattr(client.Writer, "upsert", meanwhile)
    send()
    monkeypatch.undo()
    send_all()

    assert linked.of("Contacts", record_of(person).portal_id)["Last_Name"] == "Après"


def test_a_worker_that_wakes_after_its_lease_has_it_sent_once_more(linked):
    person = practising()
    send_all()
    Person.objects.filter(pk=person.pk).update(last_name="Deux")
    at = timezone.now()
    CrmRecord.objects.gather(at=at)
    (slow,) = CrmRecord.objects.claim("Contacts", at=at, most=1)
    later = at + timedelta(minutes=3)
    (taken,) = CrmRecord.objects.claim("Contacts", at=later, most=1)
    assert taken.finish(at=later, zoho_id=slow.zoho_id, sent={"Last_Name": "Deux"})

    assert not slow.finish(at=later, zoho_id=slow.zoho_id, sent={"Last_Name": "Un"})

    assert record_of(person).state == CrmState.WAITING
    assert record_of(person).base["Last_Name"] == "Deux"


def test_whoever_has_no_link_is_not_newly_sent_and_loses_what_is_theirs(linked):
    PersonFactory()
    person = practising()
    ContactDetailFactory(person=person, visibility=Visibility.PUBLIC)
    send_all()
    assert [row["Portail_ID"] for row in linked.records["Contacts"].values()] == [
        str(record_of(person).portal_id)
    ]

    person.affiliations.update(ended_on=today())
    send_all()

    contact = linked.of("Contacts", record_of(person).portal_id)
    assert (contact["Account_Name"], contact["Mobile"]) == (None, None)


def test_what_time_alone_changes_is_found_at_night(linked):
    post = PositionFactory(role="coordinator", ended_on=today() + timedelta(days=1))
    send_all()
    team = record_of(post.team)
    assert linked.of("Accounts", team.portal_id)["Coordination"] == str(post.person)
    # As if the day had come: the row changes behind the triggers' back.
    CrmRecord.objects.filter(pk=team.pk).update(
        base=team.base | {"Coordination": "quelqu’un d’autre"}
    )

    bridge.sweep(at=timezone.now())
    send_all()

    assert len([body for body in linked.bodies if body["module"] == "Accounts"]) == 2


def test_records_of_before_the_bridge_are_found_at_night(linked):
    person = quiet(practising())

    bridge.sweep(at=timezone.now())
    send_all()

    assert linked.of("Contacts", record_of(person).portal_id)


# -- gone ------------------------------------------------------------------------------------------
def test_an_erased_person_is_erased_over_there(linked):
    person = practising()
    send_all()
    number = record_of(person).zoho_id

    person.delete()
    send_all()

    assert linked.deleted == [number]
    assert not CrmRecord.objects.filter(module="Contacts", zoho_id=number).exists()


def test_someone_who_asked_to_be_erased_is_erased_over_there(linked):
    """Their record stays in the portal, without a name."""
    person = practising()
    send_all()
    number = record_of(person).zoho_id
    request = DataRequestFactory(person=person, kind=DataRequestKind.ERASURE)

    erasing.erase(request=request, by=roles.staff(), on=today(), at=timezone.now())
    send_all()

    assert linked.deleted == [number]
    assert Person.objects.filter(pk=person.pk).exists()


def test_deleted_over_there_already_is_well(linked):
    person = practising()
    send_all()
    linked.records["Contacts"].clear()

    person.delete()
    send_all()

    assert not CrmRecord.objects.filter(module="Contacts").exists()


def test_erased_before_its_number_came_back_it_is_looked_for(linked):
    """The answer to its creation was lost."""
    person = practising()
    send()
    CrmRecord.objects.filter(module="Contacts").update(zoho_id="", sent_at=None)

    person.delete()
    send_all()

    assert linked.records["Contacts"] == {}


def test_what_is_gone_leaves_no_value_behind_even_while_nothing_is_sent(linked):
    person = practising(last_name="Secret")
    send_all()
    CrmConflictFactory(
        record=record_of(person), mapping=CrmMapping.objects.first(), portal_value="Secret"
    )
    bridge.switch(on=False, by=roles.staff(), at=timezone.now())
    record = record_of(person)

    person.delete()
    send()

    record.refresh_from_db()
    assert (record.base, record.conflicts.count()) == ({}, 0)
    assert record.zoho_id


def test_erased_before_it_was_ever_sent_asks_nothing(linked):
    practising().delete()
    send_all()

    assert all("Contacts" not in path for _, path in linked.asked)


# -- what leaves -----------------------------------------------------------------------------------
HIDDEN = [Visibility.FEDERATION, Visibility.GROUP]


@pytest.mark.parametrize("visibility", Visibility)
def test_contact_details_leave_only_as_far_as_their_owner_shows_them(linked, visibility):
    person = practising()
    PersonEmailFactory(person=person, address="secret@exemple.test", visibility=visibility)
    ContactDetailFactory(person=person, value="+33611223344", visibility=visibility)
    send_all()

    sent = json.dumps(linked.bodies)
    shown = visibility not in HIDDEN
    assert ("secret@exemple.test" in sent, "06 11 22 33 44" in sent) == (shown, shown)


def test_only_mapped_fields_leave(linked):
    practising()
    send_all()

    mapped = set(CrmMapping.objects.values_list("zoho_field", flat=True)) | {"Portail_ID"}
    assert {name for body in linked.bodies for row in body["data"] for name in row} <= mapped


def test_withdrawing_one_s_consent_blanks_it_over_there(linked):
    user = roles.member()
    email = PersonEmailFactory(person=user.person, is_primary=False)
    key = contacts.key_of(email)
    others = {contacts.key_of(one): "federation" for one in contacts.contacts_of(user.person)}

    def choose(visibility):
        contacts.choose(
            person=user.person,
            choices=others | {key: visibility},
            by=user,
            at=timezone.now(),
        )
        send_all()
        return linked.of("Contacts", record_of(user.person).portal_id)["Email"]

    assert choose("members") == email.address
    assert choose("federation") is None


def test_a_value_that_is_replaced_is_private_again_and_blanked(linked):
    email = PersonEmailFactory(person=practising(), visibility=Visibility.PUBLIC)
    send_all()

    PersonEmail.objects.filter(pk=email.pk).update(address="neuve@exemple.test")
    send_all()

    assert linked.of("Contacts", record_of(email.person).portal_id)["Email"] is None
    assert "neuve@exemple.test" not in json.dumps(linked.bodies)


# -- what goes wrong -------------------------------------------------------------------------------
def test_partial_success_is_normal(linked):
    people = [practising(last_name=f"Nom {n}") for n in range(100)]
    linked.refused = {"Nom 3": "INVALID_DATA", "Nom 70": "DUPLICATE_DATA"}
    send_all()

    assert len(linked.records["Contacts"]) == 98
    dead = CrmRecord.objects.dead().order_by("object_id")
    assert [row.object_id for row in dead] == [people[3].pk, people[70].pk]
    assert [row.last_error for row in dead] == [
        "INVALID_DATA – Last_Name",
        "DUPLICATE_DATA – Last_Name",
    ]
    assert Message.objects.filter(purpose="members.crm_trouble").count() == 1


def test_a_refused_record_goes_again_once_it_is_mended(linked):
    person = practising(last_name="Faux")
    linked.refused = {"Faux": "INVALID_DATA"}
    send_all()

    Person.objects.filter(pk=person.pk).update(last_name="Juste")
    send_all()

    assert record_of(person).state == CrmState.SENT


def test_a_request_refused_as_a_whole_is_divided_until_the_guilty_one_is_found(linked):
    people = [practising(last_name="BREAKS" if n == 5 else f"Nom {n}") for n in range(10)]
    send_all()

    assert len(linked.records["Contacts"]) == 9
    assert [row.object_id for row in CrmRecord.objects.dead()] == [people[5].pk]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_put_off_then_sent(linked, status):
    person = practising()
    linked.script = [lambda: (status, {"code": "X"})] * 20
    at = timezone.now()
    send(at)

    first = CrmRecord.objects.waiting().order_by("pk").first()
    assert first.attempts == 1
    assert timedelta(seconds=29) < first.not_before - at < timedelta(seconds=91)
    linked.script = []
    send_all()
    assert linked.of("Contacts", record_of(person).portal_id)


def test_pauses_grow_and_end(linked):
    person = practising()
    linked.script = [lambda: (503, {})] * 1000
    at, pauses = timezone.now(), []
    for _ in range(sending.MAX_ATTEMPTS):
        send(at)
        row = record_of(person.affiliations.get().team)
        pauses.append(row.not_before - at)
        at = row.not_before

    assert record_of(person.affiliations.get().team).state == CrmState.DEAD
    assert pauses[0] < timedelta(minutes=2)
    assert timedelta(hours=3) < max(pauses) <= sending.LONGEST_PAUSE
    assert Message.objects.filter(purpose="members.crm_trouble").count() == 1


def test_zoho_says_how_long_to_wait_and_every_worker_waits(linked):
    practising()
    linked.retry_after = 120
    linked.script = [lambda: (429, {"code": "TOO_MANY_REQUESTS"})]
    at = timezone.now()
    send(at)
    before = len(linked.asked)

    send(at + timedelta(minutes=1))

    assert client.resting()
    assert linked.asked[before:] == []
    assert CrmRecord.objects.filter(not_before__gte=at + timedelta(seconds=119)).exists()


def test_a_timeout_after_the_write_makes_no_double(linked, monkeypatch):
    monkeypatch.setattr(client, "PATIENCE", 0.3)
    practising()
    linked.hang = 0.8
    linked.script = []
    linked.faults = 1.0
    linked.random.choice = lambda kinds: "lost after"
    send()
    assert len(linked.records["Accounts"]) == 1
    assert not CrmRecord.objects.exclude(zoho_id="").exists()

    linked.faults = 0.0
    send_all()

    assert len(linked.records["Accounts"]) == len(linked.records["Contacts"]) == 1
    assert set(linked.times_made.values()) == {1}


# -- tokens ----------------------------------------------------------------------------------------
def test_one_token_serves_every_passage(linked):
    for _ in range(3):
        practising()
        send_all()

    assert linked.tokens == 1


def test_a_token_that_ends_in_the_middle_is_asked_for_once(linked):
    practising()
    send_all()
    linked.valid_tokens.clear()

    practising()
    send_all()

    assert linked.tokens == 2
    assert not CrmRecord.objects.waiting().exists()


def test_no_more_than_ten_tokens_in_ten_minutes(linked):
    practising()
    for _ in range(20):
        cache.delete(tokens.TOKEN)
        cache.delete("zoho.rest")
        CrmRecord.objects.look_again(at=timezone.now())
        CrmRecord.objects.update(base={})
        send()

    assert linked.tokens == 10
    assert ("POST", "/oauth/v2/token") in linked.asked
    assert linked.asked.count(("POST", "/oauth/v2/token")) == 10
    assert not CrmRecord.objects.dead().exists()


def test_wrong_keys_stop_everything_and_say_so_once(linked):
    practising()
    linked.refresh_token = "another"

    send()
    send()

    assert bridge.CrmBridge.current().trouble.startswith("Zoho refuse les identifiants")
    assert Message.objects.filter(purpose="members.crm_trouble").count() == 1
    assert set(CrmRecord.objects.values_list("state", "attempts", "claim")) == {
        ("waiting", 0, None)
    }
    linked.refresh_token = "refresh"
    send_all()
    assert bridge.CrmBridge.current().trouble == ""


def test_secrets_are_in_no_log(linked, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    email = PersonEmailFactory(person=practising(last_name="Faux"), visibility=Visibility.PUBLIC)
    linked.refused = {"Faux": "INVALID_DATA"}
    send_all()

    logged = caplog.text
    assert "the CRM refuses record" in logged
    for secret in ("refresh", "secret", "1000.1", email.address, "Faux"):
        assert secret not in logged.replace("tests/members", ""), secret


# -- the switch ------------------------------------------------------------------------------------
def test_off_nothing_leaves_and_nothing_is_lost(zoho):
    person = practising()
    send()
    send()

    assert zoho.asked == []
    assert record_of(person).state == CrmState.WAITING
    assert not CrmSignal.objects.exists()


def test_without_keys_nothing_leaves(linked, settings):
    settings.ZOHO_REFRESH_TOKEN = ""
    practising()
    send()

    assert linked.asked == []


def test_the_switch_stops_in_the_middle(linked, monkeypatch):
    for _ in range(3):
        practising()
    find = sending._Passage._look_at_the_switch
    looks = []

    def off_at_the_second(self):
        looks.append(1)
        if len(looks) == 2:
            bridge.switch(on=False, by=roles.staff(), at=timezone.now())
        find(self)

    monkeypatch.setattr(sending._Passage, "_look_at_the_switch", off_at_the_second)
    send()

    assert linked.records["Accounts"]
    assert linked.records["Contacts"] == {}
    assert CrmRun.objects.latest("pk").message == "Les échanges ont été arrêtés."
    assert not CrmRecord.objects.exclude(claim=None).exists()


def test_a_passage_is_reported(linked):
    practising()
    send()

    run = CrmRun.objects.get()
    assert (run.inserted, run.updated, run.refused) == (2, 0, 0)
    send()
    assert CrmRun.objects.count() <= 2


def test_teams_that_are_in_project_go_too(linked):
    team = TeamFactory(in_project=True)
    send_all()

    assert linked.of("Accounts", record_of(team).portal_id)["Etape"] == "En projet"
    assert Team.objects.count() == 1
