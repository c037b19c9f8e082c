"""The work lists: what they count is what their links open."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse

from apmsl.lib.dates import today
from members.enums import Department
from members.services import following
from tests import roles
from tests.members.factories import (
    AccompanimentFactory,
    AccompanimentTeamFactory,
    ExchangeFactory,
    FirstContactFactory,
    PositionFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db
PAGE = "members:following"


def ago(days):
    return today() - timedelta(days=days)


def many_records(officer):
    late = {"next_action": "Rappeler", "next_action_on": ago(3), "officer": officer}
    FirstContactFactory(department=Department.SARTHE, **late)
    FirstContactFactory(department=Department.VENDEE, next_action="Écrire")
    for department in (Department.SARTHE, Department.MAYENNE):
        team = TeamFactory(member=True, department=department)
        accompaniment = AccompanimentFactory(**late)
        AccompanimentTeamFactory(accompaniment=accompaniment, team=team)
    AccompanimentTeamFactory(
        accompaniment=accompaniment, team=TeamFactory(department=Department.SARTHE)
    )
    PositionFactory(team=TeamFactory(member=True, department=Department.VENDEE), started_on=ago(5))
    ExchangeFactory(
        team=TeamFactory(department=Department.MAYENNE), happened_on=ago(9), follow_up_on=ago(2)
    )


def links(page):
    lists = [*page.context["charged"], *page.context["found"]]
    return [cell for line in lists for cell in (*line.cells, line.total)]


def test_each_number_is_that_of_the_list_it_opens(client):
    staff = roles.staff()
    many_records(staff.person)
    client.force_login(staff)
    page = client.get(reverse(PAGE))

    cells = links(page)
    assert sum(cell.count for cell in cells) > 20
    for cell in cells:
        opened: ChangeList = client.get(cell.url).context["cl"]
        assert opened.queryset.count() == cell.count, cell.url


def test_of_one_officer_the_numbers_are_theirs(client):
    staff, other = roles.staff(), roles.staff()
    many_records(staff.person)
    client.force_login(other)
    whole = client.get(reverse(PAGE)).context
    mine = client.get(reverse(PAGE), {"chargee": staff.person_id}).context
    theirs = client.get(reverse(PAGE), {"chargee": other.person_id}).context

    late = "Accompagnements en retard"
    totals = [
        next(line.total.count for line in page["charged"] if line.label == late)
        for page in (whole, mine, theirs)
    ]
    assert totals == [2, 2, 0]
    assert len(mine["overdue"]) == 3
    assert theirs["overdue"] == []
    charge = next(row for row in whole["charges"] if row.officer == staff.person)
    assert (charge.late, charge.planned) == (3, 3)
    for line in mine["charged"]:
        opened = client.get(line.total.url).context["cl"]
        assert opened.queryset.count() == line.total.count


def test_what_is_late_stands_in_front_the_longest_ago_first(client):
    client.force_login(roles.staff())
    recent = FirstContactFactory(next_action="Récent", next_action_on=ago(1))
    AccompanimentFactory(next_action="Ancien", next_action_on=ago(30))
    FirstContactFactory(next_action="À venir", next_action_on=today())

    page = client.get(reverse(PAGE))

    assert [action.text for action in page.context["overdue"]] == ["Ancien", "Récent"]
    url = reverse("admin:members_firstcontact_change", args=[recent.pk])
    assert page.context["overdue"][1].url == url
    assert url in page.content.decode()


@pytest.mark.parametrize("odd", ["abc", "-1", "9" * 30, "0"])
def test_an_officer_who_is_none_is_everybody(client, odd):
    client.force_login(roles.staff())

    assert client.get(reverse(PAGE), {"chargee": odd}).context["officer"] is None


def test_the_page_asks_as_many_queries_however_many_records(client, record_queries):
    staff = roles.staff()
    client.force_login(staff)
    many_records(staff.person)
    with record_queries() as few:
        client.get(reverse(PAGE))
    many_records(staff.person)
    with record_queries() as many:
        client.get(reverse(PAGE))

    assert many == few
    assert len(many) < 40


def test_the_sidebar_leads_there_and_to_what_is_set(client):
    client.force_login(roles.staff())

    page = client.get(reverse("admin:index")).content.decode()

    for name in (
        PAGE,
        "admin:members_threshold_changelist",
        "admin:members_welcomestep_changelist",
    ):
        assert f'href="{urlsplit(reverse(name)).path}"' in page


def test_every_list_of_teams_has_its_label():
    assert set(following.TEAM_LISTS) == set(following.WORK_LISTS)
