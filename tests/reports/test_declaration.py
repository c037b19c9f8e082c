"""The draft of a team's declaration: what the records tell of its year under each heading, of this
team and this year alone."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from apmsl.lib.dates import reference_day
from events.enums import Category
from members.enums import AccompanimentKind, QuestionKind
from members.models import ScanAnswer
from reports.builders.declaration import ORDER
from reports.builders.reading import team_declaration
from reports.builders.reading.declaration import HELP_OF, MEETING_OF, PRACTICE_OF
from reports.builders.reading.region import PRACTICES
from tests.events.factories import AttendanceFactory, EventFactory, EventSessionFactory
from tests.events.factories import RegistrationFactory as Registered
from tests.members.factories import (
    AccompanimentFactory,
    AccompanimentTeamFactory,
    MembershipFactory,
    PersonFactory,
    PositionFactory,
    QuestionFactory,
    ScanFactory,
    ScanFormFactory,
    TeamFactory,
)
from tests.roles import coordinator
from tests.toolbox.factories import EquipmentFactory, LoanFactory
from tests.training.factories import CohortFactory, EnrolmentFactory

pytestmark = pytest.mark.django_db
YEAR, DAY = 2023, date(2023, 3, 6)
OTHER = date(2022, 3, 6)
HELPED = (
    "Accompagnement de la fédération : Écriture de protocoles, depuis le 6 mars 2023, "
    "4 professionnels"
)


@pytest.fixture(autouse=True)
def _in_december(settings):
    settings.PORTAL_DATE = date(YEAR, 12, 12)


@pytest.fixture
def team():
    team = TeamFactory(name="Les Tilleuls", cpts="Sud Sarthe")
    MembershipFactory(team=team, year=YEAR)
    return team


def told(team):
    """By heading, what is known; and what stands beside."""
    draft = team_declaration(team, YEAR, reference_day(YEAR))
    known = {heading.key: list(heading.known) for axis in draft.axes for heading in axis.headings}
    return known | {"beside": list(draft.beside), "team": list(draft.team)}


def answer(team, on=DAY, **values):
    scan = ScanFactory(team=team, form=ScanFormFactory(year=on.year), submitted_on=on)
    for key, value in values.items():
        kind = {bool: QuestionKind.YES_NO, int: QuestionKind.NUMBER, str: QuestionKind.TEXT}
        field = {bool: "yes", int: "number", str: "text"}[type(value)]
        question = QuestionFactory(key=key, kind=kind[type(value)], label=f"Question {key}")
        ScanAnswer.objects.create(scan=scan, question=question, **{field: value})


def came(team, title, on=DAY, category=Category.PRACTICE, people=1):
    event = EventFactory(held=True, title=title, starts_on=on, category=category)
    sessions = [EventSessionFactory(event=event, number=number) for number in (1, 2)]
    for _ in range(people):
        person = Registered(event=event, team=team).person
        for session in sessions:
            AttendanceFactory(session=session, person=person)
    return event


def test_each_record_stands_under_the_heading_it_speaks_of(team):
    answer(team, protocols=True, involves_users=False, patients=8000, logiciel="Le nôtre")
    person = PersonFactory(first_name="Anne", last_name="Petit")
    PositionFactory(
        team=team, person=person, started_on=date(2021, 3, 1), monthly_hours=Decimal("60.5")
    )
    EnrolmentFactory(
        person=person,
        cohort=CohortFactory(name="Promo 5", starts_on=date(2022, 9, 1), ends_on=date(2023, 9, 1)),
    )
    came(team, "Groupe local", category=Category.LOCAL_GROUP_MEETING)
    came(team, "Ma MSP en pratique", people=2)
    writing = AccompanimentFactory(kind=AccompanimentKind.PROTOCOL_WRITING, started_on=DAY)
    AccompanimentTeamFactory(team=team, accompaniment=writing, professionals=4)
    LoanFactory(
        team=team,
        approved=True,
        equipment=EquipmentFactory(name="Malle"),
        requested_on=DAY,
        starts_on=DAY,
        ends_on=DAY,
    )

    found = {
        key: [line.replace("\u00a0", " ") for line in lines]
        for key, lines in told(team).items()
        if lines
    }

    assert found == {
        "team": ["8 000 patients suivis".replace("8 0", "8\u202f0"), "1 site"],
        "protocols": [
            "Travaille avec des protocoles pluriprofessionnels : oui",
            HELPED,
        ],
        "outside": ["CPTS : Sud Sarthe"],
        "coordination": [
            "Anne Petit, depuis le 1er mars 2021 : 60,5 h par mois",
            "Formation Promo 5 suivie par Anne Petit",
            "Groupe local, 6 mars 2023, 1 personne",
        ],
        "public_health": ["Matériel emprunté : Malle, 6 mars 2023"],
        "beside": ["Ma MSP en pratique, 6 mars 2023, 2 personnes", "Question logiciel : Le nôtre"],
    }


def test_another_team_and_another_year_are_left_out(team):
    answer(team, on=OTHER, protocols=True)
    PositionFactory(team=team, started_on=OTHER, ended_on=date(2022, 6, 1))
    came(team, "L’an dernier", on=OTHER)
    came(TeamFactory(), "Ailleurs")
    LoanFactory(team=team, approved=True, requested_on=OTHER, starts_on=OTHER, ends_on=OTHER)
    absent = EventFactory(held=True, title="Absente", starts_on=DAY)
    Registered(event=absent, team=team)

    found = told(team)

    assert {key: lines for key, lines in found.items() if lines} == {
        "team": ["1\u00a0site"],
        "outside": ["CPTS : Sud Sarthe"],
    }


def test_every_rule_leads_to_a_heading_that_there_is():
    keys = {key for _, headings in ORDER for key, *_ in headings}

    assert {*PRACTICE_OF.values(), *HELP_OF.values(), *MEETING_OF.values()} <= keys
    assert set(PRACTICE_OF) == {key for key, *_ in PRACTICES}


def test_the_page_and_the_file_say_the_same(team, client):
    came(team, "Soirée <b>& co")
    client.force_login(coordinator(team))
    page = client.get(reverse("reports:scan", args=[team.pk, YEAR])).text
    address = reverse("reports:declaration", args=[team.pk, YEAR])
    assert address in page

    shown = client.get(address).text
    file = client.get(reverse("reports:declaration_text", args=[team.pk, YEAR]))

    assert file["Content-Type"] == "text/plain; charset=utf-8"
    assert f"declaration-aci-{YEAR}-les-tilleuls.txt" in file["Content-Disposition"]
    text = file.content.decode("utf-8-sig")
    assert "\r\n- Soirée <b>& co, 6" in text
    assert "Soirée &lt;b&gt;&amp; co" in shown
    for _, headings in ORDER:
        for _, title, asked in headings:
            assert title in text.replace("\u00a0", " ")
            assert title in shown.replace("\u00a0", " ")
            assert asked[:20] in text.replace("\u00a0", " ")


def test_another_team_s_is_not_found(team, client):
    client.force_login(coordinator())

    for name in ("declaration", "declaration_text"):
        assert client.get(reverse(f"reports:{name}", args=[team.pk, YEAR])).status_code == 404


def test_ten_meetings_take_the_queries_of_one(team, record_queries):
    def queries(number):
        for rank in range(number):
            came(team, f"Rencontre {rank}")
            PositionFactory(team=team, started_on=OTHER)
        with record_queries() as sent:
            told(team)
        return len(sent)

    assert queries(1) == queries(10)
