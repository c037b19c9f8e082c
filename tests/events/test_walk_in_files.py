"""A sheet of those who came, taken in from the administration."""

import pytest
from tablib import Dataset

from apmsl.lib.imports.resource import resource_of
from events.models import Attendance
from members.models import Person
from tests.events.factories import EventFactory, EventSessionFactory

pytestmark = pytest.mark.django_db

ROWS, WRONG = 1_000, range(17, 1_000, 33)  # thirty of them


@pytest.fixture
def session():
    event = EventFactory(code="E1")
    Person.objects.bulk_create(
        Person(code=f"P{rank}", first_name="Zoé", last_name=f"Nom {rank}") for rank in range(ROWS)
    )
    return EventSessionFactory(event=event, number=1)


def told(rows):
    dataset = Dataset(*rows, headers=("event", "session", "person"))
    return resource_of("attendances")().import_data(dataset, dry_run=False)


def test_of_a_thousand_walk_ins_thirty_wrong_rows_are_named_and_none_is_taken(session):
    assert len(WRONG) == 30
    rows = [("E1", "1", f"inconnu{rank}" if rank in WRONG else f"P{rank}") for rank in range(ROWS)]

    result = told(rows)

    named = [(row.number, row.error_dict) for row in result.invalid_rows]
    reason = "«\u00a0inconnu{}\u00a0» est un code inconnu (personne)."
    assert named == [(rank + 2, {"person": [reason.format(rank)]}) for rank in WRONG]
    assert not Attendance.objects.exists()


def test_a_sheet_without_fault_is_taken_whole_and_twice_changes_nothing(session):
    rows = [("E1", "1", f"P{rank}") for rank in range(ROWS)]

    for _ in range(2):
        assert not told(rows).has_validation_errors()
        assert session.attendances.count() == ROWS
