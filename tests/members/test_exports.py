"""The two directories as files: what the page shows to this reader, and nothing more."""

import csv
import io

import pytest
from django.urls import reverse

from members.enums import Visibility
from tests import roles
from tests.members.factories import (
    AffiliationFactory,
    PersonEmailFactory,
    PersonFactory,
    PositionFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


def exported(client, name, **filters):
    response = client.get(reverse(name), {**filters, "export": "csv"})
    text = b"".join(response).decode("utf-8-sig")
    _, *rows = csv.reader(io.StringIO(text), delimiter=";")
    return rows


def test_teams_are_exported_as_they_are_filtered(client):
    client.force_login(roles.coordinator(TeamFactory(name="MSP du Lac", member=True)))
    TeamFactory(name="MSP de la Sarthe", department="72", city="Le Mans", postcode="72000")

    assert exported(client, "members:teams", department="72") == [
        ["MSP de la Sarthe", "Maison de santé pluriprofessionnelle"]
        + ["72000", "Le Mans", "Sarthe", "ACI signé", "0"]
    ]


def test_people_are_exported_with_the_addresses_that_one_may_see(client):
    team = TeamFactory(name="MSP du Lac", member=True)
    client.force_login(roles.coordinator(team))
    opened, hidden = (PersonFactory(last_name=name, first_name="Ada") for name in ("Aa", "Ab"))
    for person, visibility in ((opened, Visibility.MEMBERS), (hidden, Visibility.FEDERATION)):
        AffiliationFactory(person=person, team=team)
        PersonEmailFactory(
            person=person, address=f"{person.last_name}@exemple.test", visibility=visibility
        )
    PositionFactory(person=opened, team=team, leader=True)

    rows = exported(client, "members:people", search="ada")

    assert [(name, teams, posts, email) for name, _, _, teams, posts, email in rows] == [
        ("Aa", "MSP du Lac", "Leader, MSP du Lac", "Aa@exemple.test"),
        ("Ab", "MSP du Lac", "", ""),
    ]


@pytest.mark.parametrize("name", ["members:teams", "members:people"])
def test_an_export_sends_as_many_queries_for_three_rows_as_for_one(client, record_queries, name):
    team = TeamFactory(member=True)
    client.force_login(roles.coordinator(team))
    AffiliationFactory(team=team)
    exported(client, name)
    with record_queries() as for_one:
        exported(client, name)

    for _ in range(3):
        AffiliationFactory(team=TeamFactory())
    with record_queries() as for_more:
        exported(client, name)

    assert for_more == for_one
