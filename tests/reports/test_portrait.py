"""The Scan'équipe Région: the member team in the middle, from the records and on the screen."""

import re
from statistics import median

import pytest
from django.urls import reverse

from apmsl.lib import rounding
from apmsl.lib.dates import reference_day, today
from members.enums import QuestionKind
from members.models import FormQuestion, Profession, ScanAnswer, ScanHeadcount
from reports import indicators
from reports.builders import reading
from reports.builders.scans import RegionSheet
from reports.indicators import portrait
from tests.members.factories import (
    MembershipFactory,
    PositionFactory,
    QuestionFactory,
    ScanFactory,
    ScanFormFactory,
    TeamFactory,
)
from tests.roles import board, coordinator

pytestmark = pytest.mark.django_db
# Nurses, doctors, midwives, patients of each team.
TEAMS = ((8, 4, 1, 9000), (6, 5, 1, 7000), (4, 0, 1, 5000), (2, 3, 0, 3000), (3, 6, 0, 4000))
CODES = ("infirmier", "medecin-generaliste", "sage-femme")


@pytest.fixture
def teams():
    return [member_team(*row) for row in TEAMS]


def member_team(*answers: int, year: int | None = None):
    year = year or today().year
    *people, patients = answers
    team = TeamFactory(member=year == today().year)
    if year != today().year:
        MembershipFactory(team=team, year=year)
    sent = ScanFactory(team=team, form=ScanFormFactory(year=year), submitted_on=reference_day(year))
    asked = QuestionFactory(key="headcount", kind=QuestionKind.PROFESSION_COUNT, label="Effectifs")
    for code, count in zip(CODES, people, strict=True):
        profession = Profession.objects.get_or_create(code=code, defaults={"label": code.title()})[
            0
        ]
        ScanHeadcount.objects.create(
            scan=sent, question=asked, profession=profession, headcount=count
        )
    ScanAnswer.objects.create(scan=sent, question=QuestionFactory(), number=patients)
    protocols = QuestionFactory(key="protocols", kind=QuestionKind.YES_NO, label="Protocoles")
    ScanAnswer.objects.create(scan=sent, question=protocols, yes=patients > 3000)
    return team


def sheet(year: int | None = None) -> RegionSheet:
    year = year or today().year
    return reading.region_sheet(year, reference_day(year))


def value(name: str, year: int | None = None):
    year = year or today().year
    return indicators.readings(year, reference_day(year), [name])[name].value


# -- the figures -----------------------------------------------------------------------------------
def test_the_team_in_the_middle_has_the_median_of_each_figure(teams):
    PositionFactory(team=teams[0], monthly_hours=40)

    assert value("typical_professionals") == median(sum(row[:3]) for row in TEAMS) == 9
    assert value("typical_categories") == median(sum(n > 0 for n in row[:3]) for row in TEAMS)
    assert value("typical_patients") == 5000
    assert value("typical_coordinators") == 0
    assert value("typical_hours") is None, "one team told its hours: they would be its own"


def test_a_profession_counts_as_many_people_as_one_team_in_two_has(teams):
    """Five teams: three of them have four nurses or more, four doctors or more, one midwife."""
    assert value("typical_composition") == {
        "infirmier": 4,
        "medecin-generaliste": 4,
        "sage-femme": 1,
    }


def test_a_profession_that_fewer_than_half_the_teams_have_is_none_of_it(teams):
    member_team(3, 3, 0, 6000)
    member_team(3, 3, 0, 6000)

    assert "sage-femme" not in value("typical_composition")


def test_under_five_teams_there_is_no_portrait_and_no_sum_of_what_they_answered(teams):
    assert {"patients", "professionals"} <= {one.figure.id for one in sheet().figures}
    teams[0].memberships.all().delete()
    found = sheet()

    assert value("typical_professionals") is None
    assert value("typical_composition") == {}
    assert (found.answered, found.portrait, found.composition, found.practices) == (4, (), None, [])
    assert [one.figure.id for one in found.figures] == ["teams_constituted"]
    assert found.professions is None


@pytest.mark.parametrize(
    ("values", "middle"),
    [
        ([1, 2, 3, 4], None),
        ([5, 1, 3, 2, 4], 3),
        ([1, 2, 3, 4, 5, 6], 4),
        ([2, 2, 2, 2, 2], 2),
    ],
)
def test_the_middle_is_in_whole_units_and_never_of_fewer_than_five(values, middle):
    assert rounding.typical(values) == middle


def test_the_portrait_stands_beside_what_spreadsheets_read(teams):
    year = today().year

    known = indicators.compute(year)

    assert not {one.id for one in portrait.PORTRAIT} & set(known)
    assert value("teams_by_size") == {"0": 5, "15": 0, "25": 0, "40": 0}
    assert indicators.get("typical_composition").records(year).count() == 12


# -- the sheet -------------------------------------------------------------------------------------
def test_each_figure_stands_beside_that_of_the_year_before(teams):
    for row in TEAMS:
        member_team(*(2 * n for n in row), year=today().year - 1)

    found = {change.figure.id: change for change in sheet().portrait}

    assert found["typical_patients"].text == f"10\u202f000 en\u00a0{today().year - 1}"
    shares = {share.change.figure.id: share.change.text for share in sheet().practices}
    assert shares["scan_protocols_pct"] == f"100\u00a0% en\u00a0{today().year - 1}"


def test_what_most_teams_do_is_said_of_the_typical_one(teams):
    assert sheet().words == (
        "Le plus souvent, elle travaille avec des protocoles pluriprofessionnels."
    )


def test_those_of_one_person_are_named_and_the_others_drawn(teams):
    found = sheet()

    assert [item.label for item in found.composition.items] == ["Infirmier", "Medecin-Generaliste"]
    assert found.one_each == "Et une personne de chacune de ces professions : sage-Femme."


@pytest.mark.parametrize(
    ("key", "left_out"),
    [
        ("patients", {"patients", "typical_patients"}),
        ("headcount", {"professionals", "typical_professionals", "typical_categories"}),
        ("protocols", {"scan_protocols_pct"}),
    ],
)
def test_what_the_staff_does_not_publish_is_left_out_with_all_that_is_made_of_it(
    teams, key, left_out
):
    def shown() -> set[str]:
        found = sheet()
        changes = [*found.figures, *found.portrait, *(share.change for share in found.practices)]
        return {change.figure.id for change in changes}

    before = shown()
    form, question = ScanFormFactory(), QuestionFactory(key=key)
    FormQuestion.objects.create(form=form, question=question, rank=1, is_publishable=False)

    assert before - shown() == left_out
    assert (sheet().composition is None) == (key == "headcount")
    assert ("protocoles" in sheet().words) == (key != "protocols")


# -- on the screen ---------------------------------------------------------------------------------
def test_each_figure_of_the_page_opens_its_list(client, teams):
    client.force_login(board())
    year = today().year

    page = client.get(reverse("reports:region", args=[year])).content.decode()

    links = set(re.findall(rf'href="(/rapports/{year}/chiffres/[^"]+)"', page))
    shown = sheet()
    wanted = {change.figure.id for change in (*shown.figures, *shown.portrait)}
    wanted |= {"scan_protocols_pct", "typical_composition", "teams_by_size", "teams_by_department"}
    assert wanted <= {link.split("/")[-2] for link in links}
    for name in ("typical_patients", "typical_composition", "teams_by_size"):
        answer = client.get(reverse("reports:indicator", args=[year, name]))
        assert answer.status_code == 200
        assert indicators.get(name).definition in answer.content.decode()


def test_a_figure_of_the_portrait_can_be_compared_along_the_years(client, teams):
    client.force_login(board())

    answer = client.get(
        reverse("reports:compare"), {"chiffre": "typical_patients", "annee": today().year}
    )

    assert "Patients de l’équipe type" in answer.content.decode()
    assert "5\u202f000" in answer.content.decode()


def test_the_page_waits_for_five_teams_and_is_not_for_members(client, teams):
    teams[0].memberships.all().delete()
    url = reverse("reports:region", args=[today().year])

    client.force_login(board())
    assert "Moins de cinq équipes" in client.get(url).content.decode()
    client.force_login(coordinator(teams[1]))
    assert client.get(url).status_code == 404
