"""What comes back from the CRM: its own fields, and what both sides changed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apmsl.lib.dates import today
from members.enums import CrmSide
from members.models import CrmBridge, CrmConflict, CrmMapping, CrmRecord, Team
from members.services.crm import conflicts, reading
from tests import roles
from tests.members.crm import record_of, send_all
from tests.members.factories import TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(linked):
    """In the CRM; its CPTS goes both ways, its editor comes from the CRM."""
    CrmMapping.objects.create(
        module="Accounts",
        source="team.cpts",
        zoho_field="CPTS",
        direction="both",
        owner="crm",
    )
    CrmMapping.objects.create(
        module="Accounts",
        source="team.system_editor",
        zoho_field="Editeur",
        direction="in",
        owner="crm",
    )
    team = TeamFactory(cpts="Loire", closed_on=None)
    send_all()
    return team


def read():
    reading.read(at=timezone.now())


def edit(zoho, team, **values):
    zoho.edit("Accounts", record_of(team).portal_id, **values)


def there(zoho, team):
    return zoho.of("Accounts", record_of(team).portal_id)


def ours(team, **values):
    Team.objects.filter(pk=team.pk).update(**values)


def test_what_the_crm_owns_comes_back(linked, team):
    edit(linked, team, Editeur="Maincare", CPTS="Estuaire")
    read()

    team.refresh_from_db()
    assert (team.system_editor, team.cpts) == ("Maincare", "Estuaire")
    assert team.pgh_event_model.objects.filter(pgh_obj=team).exists()
    before = len(linked.bodies)
    send_all()
    assert len(linked.bodies) == before  # both say the same: nothing to send


def test_what_the_crm_does_not_own_does_not_come_back(linked, team):
    edit(linked, team, Account_Name="Autre nom", Billing_City="Ailleurs")
    read()

    name, city = team.name, team.city
    team.refresh_from_db()
    assert (team.name, team.city) == (name, city)


def test_what_the_portal_alone_changed_goes_out(linked, team):
    ours(team, cpts="Estuaire")
    send_all()

    assert there(linked, team)["CPTS"] == "Estuaire"
    read()
    assert not CrmConflict.objects.exists()


def test_read_twice_changes_nothing_more(linked, team):
    edit(linked, team, Editeur="Maincare")
    read()
    ours(team, system_editor="Autre")

    read()

    team.refresh_from_db()
    assert team.system_editor == "Autre"


def test_records_that_are_not_ours_are_left(linked, team):
    linked.records["Accounts"]["1"] = {
        "id": "1",
        "Portail_ID": "n’importe quoi",
        "CPTS": "X",
        "Modified_Time": linked.tick(),
    }
    read()

    assert not CrmConflict.objects.exists()


@pytest.mark.parametrize("first", ["send", "read"])
def test_both_sides_changed_it_someone_decides(linked, team, first):
    ours(team, cpts="Nord")
    edit(linked, team, CPTS="Sud")
    for passage in (send_all, read) if first == "send" else (read, send_all):
        passage()

    conflict = CrmConflict.objects.get()
    assert (conflict.portal_value, conflict.crm_value) == ("Nord", "Sud")
    team.refresh_from_db()
    assert (team.cpts, there(linked, team)["CPTS"]) == ("Nord", "Sud")


@pytest.mark.parametrize(("keep", "value"), [(CrmSide.PORTAL, "Nord"), (CrmSide.CRM, "Sud")])
def test_the_decision_holds_on_both_sides(linked, team, keep, value):
    ours(team, cpts="Nord")
    edit(linked, team, CPTS="Sud")
    read()
    conflict = CrmConflict.objects.get()

    assert conflicts.decide(conflict=conflict, keep=keep, by=roles.staff(), at=timezone.now())
    assert not conflicts.decide(conflict=conflict, keep=keep, by=None, at=timezone.now())
    send_all()
    read()

    team.refresh_from_db()
    assert (team.cpts, there(linked, team)["CPTS"]) == (value, value)
    assert not CrmConflict.objects.open().exists()


def test_other_fields_still_go_while_one_awaits_a_decision(linked, team):
    ours(team, cpts="Nord")
    edit(linked, team, CPTS="Sud")
    read()

    ours(team, city="Rezé")
    send_all()

    assert (there(linked, team)["Billing_City"], there(linked, team)["CPTS"]) == ("Rezé", "Sud")


def test_changed_over_there_between_the_look_and_the_write_it_is_looked_at_again(
    linked, team, monkeypatch
):
    ours(team, cpts="Nord")
    upsert, number = type(linked)._upsert, record_of(team).portal_id

    def first_someone_edits(self, module, given, headers):
        if module == "Accounts" and self.of(module, number)["CPTS"] == "Loire":
            self.edit(module, number, CPTS="Sud")
        return upsert(self, module, given, headers)

    monkeypatch.setattr(type(linked), "_upsert", first_someone_edits)
    send_all()

    assert there(linked, team)["CPTS"] == "Sud"
    assert CrmConflict.objects.get().portal_value == "Nord"


def test_a_value_that_the_portal_refuses_awaits_a_decision(linked, team):
    edit(linked, team, Editeur="x" * 101)
    read()

    conflict = CrmConflict.objects.get()
    assert "100" in conflict.reason
    with pytest.raises(conflicts.ValueRefused):
        conflicts.decide(conflict=conflict, keep=CrmSide.CRM, by=None, at=timezone.now())
    conflict.refresh_from_db()
    assert conflict.decided_at is None


def test_both_come_to_say_the_same_nobody_decides_any_more(linked, team):
    ours(team, cpts="Nord")
    edit(linked, team, CPTS="Sud")
    read()
    edit(linked, team, CPTS="Nord")
    read()

    assert not CrmConflict.objects.open().exists()


def test_many_pages_are_read_to_the_end(linked, team):
    teams = [team, *TeamFactory.create_batch(4)]
    send_all()
    for one in teams:
        edit(linked, one, Editeur=f"Éditeur {one.pk}")

    reading_page, reading.client.PAGE = reading.client.PAGE, 2
    try:
        read()
    finally:
        reading.client.PAGE = reading_page

    assert {t.system_editor for t in Team.objects.all()} == {f"Éditeur {t.pk}" for t in teams}
    asked = [path for method, path in linked.asked if method == "GET" and path.endswith("Accounts")]
    assert len(asked) >= 3


def test_off_nothing_is_read(linked, team):
    before = len(linked.asked)
    CrmBridge.objects.update(is_on=False)
    read()

    assert len(linked.asked) == before


def test_if_empty_leaves_what_the_crm_has(linked):
    CrmMapping.objects.create(
        module="Accounts", source="team.sites", zoho_field="Sites", mode="if_empty"
    )
    team = TeamFactory(sites=2)
    send_all()
    assert there(linked, team)["Sites"] == 2
    edit(linked, team, Sites=9)
    CrmRecord.objects.filter(pk=record_of(team).pk).update(base={})

    ours(team, city="Rezé")
    send_all()

    assert (there(linked, team)["Billing_City"], there(linked, team)["Sites"]) == ("Rezé", 9)


def test_if_new_is_sent_once(linked):
    CrmMapping.objects.create(
        module="Accounts", source="team.sites", zoho_field="Sites", mode="if_new"
    )
    team = TeamFactory(sites=2)
    send_all()
    ours(team, sites=3, closed_on=today() + timedelta(days=9))
    send_all()

    assert there(linked, team)["Sites"] == 2
