"""Whole federations, imported once for all the tests of a module that only read.

    def test_…(federation_2023): …      the federation of 2023, as published
    def test_…(federation): …           the same test for 2023 and for two small invented ones

Such tests take neither ``db`` nor the mark ``django_db``: the records live in a transaction that is
rolled back when the module ends. Those that write (a session, a run) take ``savepoint`` too. A module
takes one of the two fixtures, for both at once would be two federations in one database.

The others make their records themselves; a ``team`` with its form, and ``last_year``, are here.
"""

import io
import random
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from apmsl.demo import generate
from apmsl.lib.dates import today
from members.models import ScanAnswer, Team
from tests.members.factories import (
    MembershipFactory,
    PositionFactory,
    QuestionFactory,
    ScanFactory,
    ScanFormFactory,
    TeamFactory,
)

# Seed and number of constituted teams of the invented federations.
SMALL = {"small-4": ("4", 30), "small-12": ("12", 30)}


@dataclass(frozen=True)
class Federation:
    name: str
    folder: Path
    year: int


@pytest.fixture(scope="session")
def federation_folder(tmp_path_factory):
    """Write the files of a federation, once."""
    written = {}

    def write(name):
        if name not in written:
            seed, figures = "2023", generate.PUBLISHED
            if name in SMALL:
                seed, teams = SMALL[name]
                figures = generate.random_figures(random.Random(f"figures {seed}"), teams)
            dataset = generate.Dataset(figures, seed).build()
            folder = tmp_path_factory.mktemp("federations") / name
            dataset.write(folder)
            written[name] = Federation(name, folder, dataset.year)
        return written[name]

    return write


@contextmanager
def imported(federation, blocker):
    with blocker.unblock(), transaction.atomic():
        # pytest-django makes the database of tests that are marked: there must be one in the run.
        assert "test" in connection.settings_dict["NAME"], "run the whole folder tests/reports"
        call_command("import_dataset", federation.folder, stdout=io.StringIO())
        yield federation
        transaction.set_rollback(True)


@pytest.fixture(scope="module", params=["2023", *SMALL])
def federation(request, federation_folder, django_db_setup, django_db_blocker):
    with imported(federation_folder(request.param), django_db_blocker) as federation:
        yield federation


@pytest.fixture(scope="module")
def federation_2023(federation_folder, django_db_setup, django_db_blocker):
    with imported(federation_folder("2023"), django_db_blocker) as federation:
        yield federation


@pytest.fixture
def savepoint():
    """What the test writes beside the federation is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def team() -> Team:
    team = TeamFactory(member=True, name="Les Dunes")
    scan = ScanFactory(team=team)
    ScanAnswer.objects.create(scan=scan, question=QuestionFactory(), number=5000)
    protocols = QuestionFactory(key="protocols", kind="yes_no", label="Protocoles")
    ScanAnswer.objects.create(scan=scan, question=protocols, yes=True)
    PositionFactory(team=team)
    return team


@pytest.fixture
def last_year(team) -> int:
    """A year that is over, with a form that the team had sent."""
    year = today().year - 1
    MembershipFactory(team=team, year=year)
    sent = ScanFactory(team=team, form=ScanFormFactory(year=year), submitted_on=date(year, 6, 1))
    ScanAnswer.objects.create(scan=sent, question=QuestionFactory(), number=4000)
    return year
