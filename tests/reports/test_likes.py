"""A team beside its like: means of groups, and no group of which one team could be made out."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apmsl.lib.dates import reference_day, today
from apmsl.lib.typography import number
from members.enums import QuestionKind
from members.models import Profession, ScanAnswer, ScanHeadcount, Team
from reports.builders import documents, reading
from reports.builders.reading.answers import Answers
from reports.builders.reading.coordination import Coordination
from reports.builders.reading.likes import LEAST, REGION, Told, beside, groups_of, means
from reports.enums import Document
from tests.members.factories import (
    PositionFactory,
    QuestionFactory,
    ScanFactory,
    ScanFormFactory,
    TeamFactory,
)
from tests.roles import board, coordinator

DEPARTMENTS = ("44", "49", "53")


# -- the rule --------------------------------------------------------------------------------------
def told(people=None, patients=None, hours=None, trainees=None) -> Told:
    answers = Answers()
    if people:
        answers.headcounts.append(("Infirmiers", people))
        answers.counts["infirmier"] = people
    answers.values = {"patients": patients, "hosts_trainees": trainees}
    return Told(answers, Coordination(hours=hours))


TEAMS = st.lists(
    st.tuples(
        st.sampled_from(DEPARTMENTS),
        st.builds(
            told,
            people=st.none() | st.integers(1, 60),
            patients=st.none() | st.integers(0, 20_000),
            hours=st.none() | st.decimals(1, 250, places=1),
            trainees=st.none() | st.booleans(),
        ),
    ),
    max_size=40,
)


def behind(teams: list[tuple[str, Told]], group: str, measure: str) -> int:
    """How many teams of the group gave the figure."""
    return sum(
        said.values[measure] is not None and group in groups_of(department, said.answers.people)
        for department, said in teams
    )


@given(TEAMS)
def test_no_mean_stands_on_fewer_than_five_teams_nor_leaves_so_few_to_be_guessed(teams):
    for group, figures in means(teams).items():
        assert figures.pop("teams") >= 5
        for measure in figures:
            counted = behind(teams, group, measure)
            left_out = behind(teams, REGION, measure) - counted
            assert counted >= 5, (group, measure)
            assert not 1 <= left_out <= 4, (group, measure)


@pytest.mark.parametrize(("number", "shown"), [(LEAST - 1, False), (LEAST, True)])
def test_five_teams_are_enough_and_four_are_not(number, shown):
    teams = [("44", told(people=20 + rank)) for rank in range(number)]

    assert ("department:44" in means(teams)) == shown
    assert (REGION in means(teams)) == shown


def test_a_group_that_leaves_out_a_single_team_is_hidden_with_it():
    teams = [("44", told(people=20)) for _ in range(5)] + [("49", told(people=20))]

    assert set(means(teams)) == {REGION, "size:15"}


def test_a_mean_of_thousands_is_read_whole_and_a_small_one_to_a_tenth():
    counts = [(16, 10_000), (16, 10_001), (16, 10_001), (16, 10_001), (17, 10_001)]
    teams = [("44", told(people=people, patients=patients)) for people, patients in counts]
    own = teams[0][1]

    rows = {
        row.title: row.others[0]
        for row in beside(Team(department="44"), own, own, means(teams), 2023).rows
    }

    assert rows["Professionnels"] == "16,2"
    assert rows["Patients suivis"] == number(10_001)


def test_a_mean_is_over_those_who_gave_the_figure():
    teams = [
        *[("44", told(people=10, patients=1000, hours=Decimal("151.7"))) for _ in range(5)],
        *[("44", told(people=20, trainees=True)) for _ in range(5)],
    ]

    found = means(teams)["department:44"]

    assert (found["professionals"], found["patients"], found["coordination"]) == (15.0, 1000.0, 1.0)
    assert (found["hosts_trainees"], found["teams"]) == (100, 10)
    assert "protocols" not in found


# -- on the page and on paper ----------------------------------------------------------------------
def answering(department: str, people: int, year: int, **fields) -> Team:
    team = TeamFactory(member=True, department=department, **fields)
    scan = ScanFactory(team=team, form=ScanFormFactory(year=year))
    question = QuestionFactory(key="headcount", kind=QuestionKind.PROFESSION_COUNT, label="Qui")
    doctor, _ = Profession.objects.get_or_create(code="medecin-generaliste", label="Médecin")
    ScanHeadcount.objects.create(scan=scan, question=question, profession=doctor, headcount=people)
    ScanAnswer.objects.create(scan=scan, question=QuestionFactory(), number=people * 1000)
    return team


def rows_of(sheet) -> dict[str, tuple[str, list[str]]]:
    return {row.title: (row.team, list(row.others)) for row in sheet.beside.rows}


def sheet_of(team: Team, year: int):
    as_of = reference_day(year)
    return reading.team_sheet(team, year, as_of, reading.region(year, as_of))


@pytest.mark.django_db
def test_a_team_stands_beside_its_departement_its_size_and_the_region():
    year = today().year
    teams = [answering("44", people, year) for people in (16, 18, 20, 22, 24)]
    for _ in range(5):
        answering("53", 50, year)
    PositionFactory(team=teams[0], monthly_hours=Decimal("75.8"))

    sheet = sheet_of(teams[0], year)

    assert [(group.label, group.teams) for group in sheet.beside.groups] == [
        ("Loire-Atlantique", 5),
        ("15 à 24 pros", 5),
        ("Région", 10),
    ]
    rows = rows_of(sheet)
    assert rows["Professionnels"] == ("16", ["20", "20", "35"])
    assert rows["Médecins généralistes"] == ("16", ["20", "20", "35"])
    # One team alone told its hours: nobody to be set beside.
    assert "Coordination, en ETP" not in rows


@pytest.mark.django_db
def test_four_teams_are_shown_neither_on_the_page_nor_on_paper(client):
    year = today().year
    teams = [answering("44", 20, year, name=f"Voisine {rank}") for rank in range(4)]
    client.force_login(coordinator(teams[0]))

    page = client.get(reverse("reports:scan", args=[teams[0].pk, year])).content.decode()
    params = documents.parameters(year, reference_day(year), teams[0])
    paper = documents.page(Document.SCAN, params).html

    for shown in (page, paper):
        assert "parmi ses semblables" not in shown
        assert "des MSP de la région" not in shown


@pytest.mark.django_db
def test_no_other_team_is_ever_named(client):
    year = today().year
    teams = [answering("44", 20, year, name=f"Voisine numéro {rank}") for rank in range(6)]
    client.force_login(board())

    page = client.get(reverse("reports:scan", args=[teams[0].pk, year])).content.decode()
    params = documents.parameters(year, reference_day(year), teams[0])
    paper = documents.page(Document.SCAN, params).html

    for shown in (page, paper):
        assert "parmi ses semblables" in shown
        assert "Voisine numéro 0" in shown
        assert not any(other.name in shown for other in teams[1:])


@pytest.mark.django_db
def test_the_year_before_stands_beside_only_where_the_team_had_answered():
    year = today().year
    teams = [answering("44", 20, year) for _ in range(5)]
    before = ScanFactory(
        team=teams[0], form=ScanFormFactory(year=year - 1), submitted_on=date(year - 1, 6, 1)
    )
    ScanAnswer.objects.create(scan=before, question=QuestionFactory(), number=7000)

    answered, first = sheet_of(teams[0], year), sheet_of(teams[1], year)

    told_before = {row.title: row.before for row in answered.beside.rows}
    assert answered.beside.year_before == year - 1
    assert told_before["Patients suivis"] == "7\u202f000"
    assert told_before["Professionnels"] == "–"
    assert first.beside.year_before is None


@pytest.mark.django_db
def test_the_coordination_stands_beside_that_of_the_year_before():
    this = today().year
    team = TeamFactory(member=True)
    PositionFactory(team=team, started_on=date(this - 2, 3, 1), monthly_hours=Decimal("30.5"))
    new = PositionFactory(team=team, started_on=date(this, 1, 1), monthly_hours=Decimal(20))
    PositionFactory(team=TeamFactory(), started_on=date(this - 2, 3, 1), monthly_hours=Decimal(9))

    def said():
        day = reference_day(this)
        sheet = reading.team_sheet(team, this, day, reading.region(this, day))
        return [(change.figure.value, change.text) for change in sheet.coordination]

    assert said() == [(2, f"1 en\u00a0{this - 1}"), (50.5, f"30,5 en\u00a0{this - 1}")]
    team.positions.exclude(pk=new.pk).delete()
    assert said() == [(1, ""), (20.0, "")]
