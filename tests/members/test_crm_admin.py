"""The staff's pages of the CRM: the switch, the mapping, the dry run, the files, the decisions."""

import csv
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from apmsl.lib.dates import today
from members.enums import CrmState, Visibility
from members.models import CrmBridge, CrmConflict, CrmMapping, CrmRecord, Person
from members.services.crm import bridge, files, mapping, reading
from members.services.crm.files import FileRefused, Scope
from tests import roles
from tests.members.crm import record_of, send, send_all
from tests.members.factories import (
    AffiliationFactory,
    PersonEmailFactory,
    PersonFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

ADMIN = "/administration/members"


@pytest.fixture
def staff(client):
    client.force_login(roles.staff())
    return client


def told(response):
    return [str(message).replace("\xa0", " ") for message in response.context["messages"]]


def practising(**values):
    person = PersonFactory(**values)
    AffiliationFactory(person=person)
    return person


# -- the switch ------------------------------------------------------------------------------------
def test_the_switch_is_turned_on_and_off(staff, zoho):
    page = f"{ADMIN}/crmbridge/"
    assert "Arrêtés" in staff.get(page).text

    assert told(staff.post(page, {"what": "open"}, follow=True)) == ["Les échanges sont ouverts."]
    assert CrmBridge.current().is_on
    staff.post(page, {"what": "stop"})

    assert not CrmBridge.current().is_on
    assert "Tout arrêter" not in staff.get(page).text


def test_the_page_counts_and_reports(staff, linked):
    practising(last_name="Faux")
    linked.refused = {"Faux": "INVALID_DATA"}
    send()

    text = staff.get(f"{ADMIN}/crmbridge/").text

    assert "Derniers passages" in text
    assert "fiche refusée par le CRM" in staff.get("/administration/").text
    refused = staff.get(f"{ADMIN}/crmrecord/?state=dead").text
    assert "INVALID_DATA" in refused
    assert "Faux" in refused


def test_a_refused_record_is_sent_again_by_hand(staff, linked):
    practising(last_name="Faux")
    linked.refused = {"Faux": "INVALID_DATA"}
    send_all()
    linked.refused = {}
    dead = CrmRecord.objects.dead().get()

    staff.post(
        f"{ADMIN}/crmrecord/", {"action": "send_again", "_selected_action": [dead.pk]}, follow=True
    )
    send_all()

    dead.refresh_from_db()
    assert dead.state == CrmState.SENT


# -- the mapping -----------------------------------------------------------------------------------
def test_fields_are_read_and_the_mapping_is_checked_against_them(staff, linked):
    response = staff.post(f"{ADMIN}/crmbridge/", {"what": "fields"}, follow=True)
    assert told(response)[0].endswith("champs lus dans le CRM.")
    assert mapping.problems() == []

    def add(**values):
        given = {"direction": "out", "owner": "portal", "mode": "overwrite", **values}
        return staff.post(f"{ADMIN}/crmmapping/add/", given)

    refused = {
        "Le CRM n’a pas de champ de ce nom.": {"source": "team.cpts", "zoho_field": "Inconnu"},
        "ne se modifie pas": {"source": "team.cpts", "zoho_field": "Created_Time"},
        "de type « text »": {"source": "team.sites", "zoho_field": "CPTS"},
        "ne peut pas changer cette donnée": {
            "source": "team.kind",
            "zoho_field": "CPTS",
            "direction": "in",
            "owner": "crm",
        },
        "déjà associé": {"source": "team.cpts", "zoho_field": "Account_Name"},
        "numéro qui relie": {"source": "team.cpts", "zoho_field": "Portail_ID"},
        "tenu par le portail": {"source": "team.cpts", "zoho_field": "CPTS", "owner": "crm"},
    }
    for said, values in refused.items():
        page = add(**values).text.replace("\xa0", " ")
        assert said in page, values
    assert add(source="team.cpts", zoho_field="CPTS").status_code == 302
    assert CrmMapping.objects.get(source="team.cpts").module == "Accounts"


def test_contact_details_always_overwrite(linked):
    row = CrmMapping.objects.get(source="person.email")
    row.mode = "if_new"

    with pytest.raises(ValidationError):
        mapping.check(row, {})
    row.mode, row.direction, row.owner = "overwrite", "both", "crm"
    with pytest.raises(ValidationError):
        mapping.check(row, {})


def test_what_the_crm_lacks_is_said(linked):
    del linked.fields["Accounts"]["Portail_ID"]
    linked.fields["Contacts"]["Motif"] = linked.fields["Contacts"]["Last_Name"]
    mapping.read_fields(at=timezone.now())

    said = " ".join(mapping.problems()).replace("\xa0", " ")

    assert "créez dans le CRM un champ unique nommé Portail_ID" in said
    assert "le CRM exige le champ Motif" in said


def test_a_new_field_goes_to_every_record(staff, linked):
    team = TeamFactory(cpts="Loire")
    send_all()

    staff.post(
        f"{ADMIN}/crmmapping/add/",
        {
            "source": "team.cpts",
            "zoho_field": "CPTS",
            "direction": "out",
            "owner": "portal",
            "mode": "overwrite",
        },
    )
    send_all()

    assert linked.of("Accounts", record_of(team).portal_id)["CPTS"] == "Loire"


def test_the_usual_fields_are_proposed_once(staff, zoho):
    page = f"{ADMIN}/crmmapping/proposer/"
    assert "Associer les champs habituels" in staff.get(page).text
    assert not CrmMapping.objects.exists()

    staff.post(page)
    count = CrmMapping.objects.count()
    staff.post(page)

    assert CrmMapping.objects.count() == count == len(mapping.USUAL)


# -- the dry run -----------------------------------------------------------------------------------
def test_the_dry_run_shows_each_record_and_writes_nothing(staff, linked):
    old = practising(first_name="Anne", last_name="Avant")
    gone = practising()
    send_all()
    CrmMapping.objects.create(
        module="Contacts", source="person.self_employed", zoho_field="Liberal", mode="if_empty"
    )
    Person.objects.filter(pk=old.pk).update(last_name="Après", self_employed=True)
    gone.delete()
    practising(first_name="Zoé", last_name="Nouvelle")
    CrmRecord.objects.gather(at=timezone.now())
    before, calls = linked.writes(), len(linked.asked)
    state = list(CrmRecord.objects.order_by("pk").values())

    page = staff.get(f"{ADMIN}/crmrecord/essai/?module=Contacts")

    shown = {row.title: (row.effect, row.lines) for row in page.context["previews"]}
    assert shown["Anne Après"][0] == "Mettre à jour"
    assert ("Last_Name", "Avant", "Après") in shown["Anne Après"][1]
    assert shown["Zoé Nouvelle"][0] == "Créer"
    assert shown["Fiche supprimée du portail"][0] == "Supprimer du CRM"
    assert linked.writes() == before
    assert len(linked.asked) == calls + 1  # it did look
    assert list(CrmRecord.objects.order_by("pk").values()) == state


def test_the_dry_run_says_when_the_crm_is_silent(staff, linked):
    CrmMapping.objects.create(
        module="Accounts", source="team.cpts", zoho_field="CPTS", direction="both", owner="crm"
    )
    team = TeamFactory()
    send_all()
    team.city = "Rezé"
    team.save()
    CrmRecord.objects.gather(at=timezone.now())
    linked.script = [lambda: (503, {})]

    assert "n’a pas pu être lu" in staff.get(f"{ADMIN}/crmrecord/essai/").text


# -- files -----------------------------------------------------------------------------------------
def sheet(staff, **values):
    given = {"module": "Contacts", "scope": "new", "format": "csv", **values}
    return staff.post(f"{ADMIN}/crmrecord/fichier/", given)


def lines(response):
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_a_file_carries_what_the_api_would(staff, settings):
    mapping.propose(at=timezone.now())
    person = practising(first_name="Anne", last_name="=1+1")
    PersonEmailFactory(person=person, address="cachee@exemple.test")
    PersonEmailFactory(
        person=person, address="a@exemple.test", visibility=Visibility.MEMBERS, is_primary=False
    )
    own = {"Prénom": person.first_name}

    (row,) = [one for one in lines(sheet(staff)) if one["First_Name"] == own["Prénom"]]

    assert row["Portail_ID"] == str(record_of(person).portal_id)
    assert (row["Email"], row["Last_Name"]) == ("a@exemple.test", "'=1+1")
    assert record_of(person).state == CrmState.WAITING  # not marked
    book = load_workbook(io.BytesIO(sheet(staff, format="xlsx").content))
    assert book.active.max_row == len(lines(sheet(staff))) + 1


def test_what_is_handed_over_is_not_in_the_next_file(staff):
    mapping.propose(at=timezone.now())
    person = practising(last_name="Avant")
    sheet(staff, mark="on")
    assert lines(sheet(staff)) == []

    Person.objects.filter(pk=person.pk).update(last_name="Après")
    (row,) = lines(sheet(staff, scope="changed", mark="on"))
    assert row["Last_Name"] == "Après"
    assert lines(sheet(staff, scope="changed")) == []

    number = str(record_of(person).portal_id)
    person.delete()
    (row,) = lines(sheet(staff, scope="gone", mark="on"))
    assert row == {"id": "", "Portail_ID": number}
    assert lines(sheet(staff, scope="gone")) == []


def test_numbers_of_the_crm_are_read_back(staff):
    mapping.propose(at=timezone.now())
    person = practising()
    sheet(staff, mark="on")
    content = f"Record Id,Portail_ID\nzcrm_554000001,{record_of(person).portal_id}\nzcrm_2,\n"

    def send_file(text):
        file = SimpleUploadedFile("export.csv", text.encode())
        return staff.post(
            f"{ADMIN}/crmrecord/numeros/", {"module": "Contacts", "file": file}, follow=True
        )

    assert told(send_file(content)) == ["1 fiche reliée."]
    assert record_of(person).zoho_id == "554000001"
    assert told(send_file(content)) == ["0 fiche reliée."]
    assert "Il faut les colonnes" in send_file("a;b\n1;2\n").text.replace("\xa0", " ")
    wrong = send_file("id;Portail_ID\n12;pas-un-numero\n").text.replace("\xa0", " ")
    assert "Ligne 2 : un des deux numéros est illisible." in wrong


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"x" * (files.MOST_BYTES + 1)])
def test_a_file_of_numbers_that_is_none_is_refused(content):
    with pytest.raises(FileRefused):
        files.link(module="Contacts", content=content)


def test_gone_without_ever_being_sent_is_in_no_file():
    practising().delete()

    kept = files.write(
        module="Contacts", scope=Scope.GONE, mark=False, on=today(), at=timezone.now()
    )

    assert kept.rows == []


# -- disagreements ---------------------------------------------------------------------------------
def test_disagreements_are_settled_from_their_list(staff, linked):
    CrmMapping.objects.create(
        module="Accounts", source="team.cpts", zoho_field="CPTS", direction="both", owner="crm"
    )
    teams = TeamFactory.create_batch(3, cpts="Loire")
    send_all()
    for team in teams:
        team.cpts = "Nord"
        team.save()
        linked.edit("Accounts", record_of(team).portal_id, CPTS="Sud")
    reading.read(at=timezone.now())
    assert "désaccords avec le CRM" in staff.get("/administration/").text
    page = f"{ADMIN}/crmconflict/"
    assert teams[0].name in staff.get(f"{page}?suite=attend").text

    for team, action in zip(teams, ["keep_portal", "keep_crm", "keep_owner"], strict=True):
        row = CrmConflict.objects.get(record=record_of(team))
        chosen = {"action": action, "_selected_action": [row.pk]}
        assert told(staff.post(page, chosen, follow=True)) == ["1 désaccord réglé."]
    send_all()

    kept = []
    for team in teams:
        team.refresh_from_db()
        kept.append((team.cpts, linked.of("Accounts", record_of(team).portal_id)["CPTS"]))
    assert kept == [("Nord", "Nord"), ("Sud", "Sud"), ("Sud", "Sud")]


def test_everything_is_compared_on_demand(staff, linked):
    practising()
    send_all()

    staff.post(f"{ADMIN}/crmbridge/", {"what": "compare"})

    assert CrmRecord.objects.waiting().count() == CrmRecord.objects.count()
    assert bridge.is_open()
