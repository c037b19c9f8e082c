"""The map of local groups: colour and letter say the same."""

import pytest
from django.urls import reverse

from apmsl.lib.charts import GroupsMap, Territory
from apmsl.lib.dates import today
from network.models import LocalGroupTeam
from tests import roles
from tests.members.factories import TeamFactory
from tests.network.factories import LocalGroupFactory

pytestmark = pytest.mark.django_db


def joined(group, **facts):
    team = TeamFactory(**facts)
    LocalGroupTeam.objects.create(group=group, team=team, joined_on=today())
    return team


def test_each_team_carries_the_letter_of_its_group_and_the_table_says_which(client):
    east, west = LocalGroupFactory(name="A l’est"), LocalGroupFactory(name="B à l’ouest")
    joined(east, name="MSP du Levant", longitude=-1.0)
    joined(west, name="MSP du Couchant", longitude=-2.0)
    joined(west, name="MSP fermée", closed=True)
    client.force_login(roles.coordinator())

    drawing = client.get(reverse("network:groups")).context["drawing"]

    letters = {entry.letter: entry.name for entry in drawing.legend}
    assert {team.title.split(",")[0]: letters[team.letter] for team in drawing.teams} == {
        "MSP du Levant": "A l’est",
        "MSP du Couchant": "B à l’ouest",
    }
    assert "B à l’ouest\u00a0: 1\u00a0équipe" in drawing.description


def test_groups_without_any_team_have_no_map(client):
    LocalGroupFactory()
    client.force_login(roles.coordinator())

    response = client.get(reverse("network:groups"))

    assert response.context["drawing"] is None
    assert "Où sont les groupes" not in response.content.decode()


def test_groups_beyond_the_colours_still_have_letters_of_their_own():
    territories = [Territory(f"Groupe {n}", [(47.2, -1.5, f"MSP {n}")]) for n in range(30)]

    drawing = GroupsMap(key="k", title="Carte", territories=territories)

    assert len({entry.letter for entry in drawing.legend}) == 30
    assert len({(team.x, team.y) for team in drawing.teams}) == 30
