"""The year as it happens: today, a year ago to the day, and what the CPOM plans."""

from datetime import date

import pytest
from django.urls import reverse

from reports import indicators
from reports.builders import dashboard
from reports.enums import Unit
from reports.models import ExternalFigure
from tests.members.factories import FirstContactFactory, MembershipFactory, TeamFactory
from tests.reports.factories import ExternalFigureFactory
from tests.roles import board, coordinator, staff

pytestmark = pytest.mark.django_db
URL = "reports:dashboard"
DAY = date(2023, 6, 30)


@pytest.fixture(autouse=True)
def _in_june(settings):
    settings.PORTAL_DATE = DAY


@pytest.fixture
def two_years():
    """Members of 2022 and 2023; contacts before and after the day of the year."""
    team = TeamFactory()
    for year in (2022, 2023):
        MembershipFactory(team=team, year=year)
    for day in ("2022-03-01", "2022-06-30", "2022-07-01", "2023-01-02", "2023-07-01"):
        FirstContactFactory(received_on=date.fromisoformat(day))


def line(name):
    found = dashboard.year_so_far()
    return next(one for part in found.parts for one in part.lines if one.now.id == name)


def test_a_figure_stands_beside_that_of_the_same_day_a_year_ago(two_years):
    contacts = line("first_contacts")

    # July does not count yet, neither this year nor last.
    assert (contacts.now.value, contacts.before.value, contacts.difference) == (1, 2, "−1")


MEMBERS = (
    "teams",
    "teams_constituted",
    "isolated_professionals",
    "scans_answered",
    "teams_reached",
)


@pytest.mark.parametrize("name", MEMBERS)
def test_who_had_paid_by_a_day_is_not_known_so_that_nothing_stands_beside_the_members(
    client, name, two_years
):
    """A membership counts for its year whenever it was paid: the gap would be that of the late ones."""
    late = MembershipFactory(team=TeamFactory(), year=2022, paid_on=date(2022, 12, 1))
    assert late
    client.force_login(board())

    members = line(name)
    page = client.get(reverse("reports:indicator", args=[2023, name]), {"au": "2023-06-30"})

    assert (members.before, members.difference) == (None, "")
    assert page.context["before"] is None


@pytest.mark.parametrize("name", MEMBERS)
def test_on_the_last_day_of_the_year_the_members_compare(settings, name, two_years):
    settings.PORTAL_DATE = date(2023, 12, 31)

    assert line(name).before is not None


def test_each_figure_opens_its_records_of_that_day(client, two_years):
    client.force_login(board())

    page = client.get(reverse(URL)).content.decode()

    for year, count in ((2023, 1), (2022, 2)):
        url = f"{reverse('reports:indicator', args=[year, 'first_contacts'])}?au={year}-06-30"
        assert url in page
        opened = client.get(url)
        assert opened.context["page"].paginator.count == count
        exported = client.get(f"{url}&export=csv").getvalue().decode()
        assert len(exported.splitlines()) == count + 1


def test_a_figure_of_a_day_compares_with_the_same_day_and_exports_its_own_list(client, two_years):
    client.force_login(board())
    url = reverse("reports:indicator", args=[2023, "first_contacts"])

    page = client.get(url, {"au": "2023-06-30", "page": "1"})

    assert page.context["before"].on == date(2022, 6, 30)
    assert page.context["before"].text == "2"
    assert "?au=2023-06-30&amp;export=csv" in page.content.decode()


@pytest.mark.parametrize("day", ["2022-06-30", "hier", "2023-02-30", ""])
def test_a_day_that_is_none_of_the_year_is_the_reference_day(client, two_years, day):
    client.force_login(board())

    page = client.get(reverse("reports:indicator", args=[2023, "first_contacts"]), {"au": day})

    assert page.context["as_of"] == date(2023, 12, 31)
    assert page.context["page"].paginator.count == 2


@pytest.mark.parametrize(
    ("day", "before"),
    [(date(2024, 2, 29), date(2023, 2, 28)), (date(2024, 3, 1), date(2023, 3, 1))],
)
def test_a_year_ago_is_the_same_date(day, before):
    assert dashboard.a_year_ago(day) == before


def test_without_records_the_year_before_is_missing_not_zero(client):
    MembershipFactory(team=TeamFactory(), year=2023)

    contacts = line("first_contacts")

    assert (contacts.now.value, contacts.before, contacts.difference) == (0, None, "")


def test_a_new_year_without_members_yet_shows_the_last_one_whole(settings, two_years):
    settings.PORTAL_DATE = date(2024, 1, 3)

    found = dashboard.year_so_far()

    assert (found.year, found.day, found.elapsed) == (2023, date(2023, 12, 31), 100)


def test_without_any_record_the_page_says_so(client):
    client.force_login(board())

    assert "Aucune année" in client.get(reverse(URL)).content.decode()


# -- what the CPOM plans ---------------------------------------------------------------------------
def test_what_is_planned_stands_beside_what_is_done(client, two_years):
    ExternalFigureFactory(year=2023, key="cpom_first_contacts", value=4)
    ExternalFigureFactory(year=2022, key="cpom_teams", value=9)
    client.force_login(board())

    page = client.get(reverse(URL))

    (planned,) = page.context["dashboard"].planned
    assert (planned.now.id, planned.share) == ("first_contacts", "25\u00a0%")
    assert planned.so_far == "1 sur 4, 25\u00a0%"
    assert page.context["dashboard"].elapsed == 49
    assert line("teams").planned is None


def test_a_figure_planned_at_zero_or_that_is_no_number_breaks_nothing(client, two_years):
    ExternalFigureFactory(year=2023, key="cpom_first_contacts", value=0)
    ExternalFigureFactory(year=2023, key="cpom_tools_top5", value=5)
    ExternalFigureFactory(year=2023, key="cpom_nothing", value=5)
    client.force_login(board())

    page = client.get(reverse(URL))

    assert page.status_code == 200
    assert [(one.now.id, one.share) for one in page.context["dashboard"].planned] == [
        ("first_contacts", "")
    ]


def test_the_staff_notes_what_is_planned_the_board_reads_it(client, two_years):
    add = reverse("admin:reports_externalfigure_add")
    link = f"{add}?year=2023&amp;key=cpom_first_contacts"

    client.force_login(board())
    read = client.get(reverse(URL)).content.decode()
    client.force_login(staff())
    written = client.get(reverse(URL)).content.decode()
    form = client.get(add, {"year": "2023", "key": "cpom_first_contacts"}).content.decode()

    assert link not in read
    assert link in written
    assert 'value="cpom_first_contacts"' in form


@pytest.mark.parametrize(("key", "kept"), [("cpom_teams", 1), ("site_visitors", 1), ("cpom_x", 0)])
def test_a_volume_is_planned_for_a_figure_that_exists(client, key, kept):
    client.force_login(staff())

    given = {"year": "2023", "key": key, "value": "12", "unit": Unit.NUMBER}
    page = client.post(reverse("admin:reports_externalfigure_add"), given)

    assert ExternalFigure.objects.count() == kept
    assert kept or "Aucun chiffre n’a le code « x »" in page.content.decode().replace("\u00a0", " ")


def test_every_figure_of_the_dashboard_is_a_number_of_the_day():
    names = [name for names in dashboard.SHOWN.values() for name in names]

    assert len(names) == len(set(names))
    assert [name for name in names if not indicators.get(name).is_comparable] == []


def test_the_dashboard_takes_as_many_queries_with_a_year_before_as_without(
    client, record_queries, two_years
):
    client.force_login(board())

    with record_queries() as queries:
        client.get(reverse(URL))

    assert len(queries) <= 40


def test_the_dashboard_is_for_board_and_staff(client, two_years):
    client.force_login(coordinator())

    assert client.get(reverse(URL)).status_code == 404
