"""The lists that the report prints add up to the figures that it prints beside them."""

from datetime import date

import pytest

from reports import indicators
from reports.builders import reading
from reports.builders.reading.lists import lists
from reports.indicators import Scope

pytestmark = pytest.mark.xdist_group("lists")

IDS = [
    "representation_meetings",
    "local_group_meeting_count",
    "local_group_meeting_participations",
    "commission_meetings",
    "loan_requests",
    "job_postings",
    "job_posting_views",
    "teams_constituted",
    "first_contacts",
    "thematic_meeting_count",
    "regional_meeting_count",
    "mandates",
    "board_members",
    "staff",
    "participatory_teams",
    "health_project_writing_teams",
    "esp_clap_to_msp_teams",
    "health_project_review_teams",
]


@pytest.fixture(params=[(12, 31), (6, 30), (1, 1)], ids=["year", "june", "january"])
def day(request, federation) -> date:
    return date(federation.year, *request.param)


def total(rows, column):
    return sum(row[column] for row in rows)


def test_a_list_adds_up_to_its_figure(federation, day):
    said = {key: figure.value for key, figure in _figures(federation.year, day).items()}

    found = lists(Scope.of(federation.year, day), tools=[])

    assert said == {
        "representation_meetings": sum(seat.meetings for seat in found.mandates),
        "local_group_meeting_count": total(found.groups, 2),
        "local_group_meeting_participations": total(found.groups, 3),
        "commission_meetings": total(found.commissions, 2),
        "loan_requests": total(found.equipment, 2),
        "job_postings": total(found.postings, 1),
        "job_posting_views": total(found.postings, 2),
        "teams_constituted": total(found.ages, 1),
        "first_contacts": total(found.contact_channels, 1),
        "thematic_meeting_count": len(found.thematic_meetings),
        "regional_meeting_count": len(found.regional_meetings),
        "mandates": sum(seat.people.count(",") + bool(seat.people) for seat in found.mandates),
        "board_members": len(found.board),
        "staff": len(found.staff),
        **{
            f"{kind}_teams": len(found.accompanied.get(kind, []))
            for kind in (
                "participatory",
                "health_project_writing",
                "esp_clap_to_msp",
                "health_project_review",
            )
        },
    }


def _figures(year, day):
    return indicators.readings(year, day, IDS)


def test_an_accompaniment_says_how_it_went_and_nothing_of_a_refusal(federation):
    states = {
        team.state
        for teams in lists(Scope.of(federation.year), tools=[]).accompanied.values()
        for team in teams
    }

    known = ("En cours", "Accompagnement terminé", "Accompagnée jusqu’en", "Reconnue en", "Passée")
    assert "En cours" in states
    assert [state for state in states if not state.startswith(known)] == []


def test_the_report_is_read_whatever_the_day(federation, day):
    material = reading.material(federation.year, day)

    assert material.lists.groups
    assert material.sender.name
