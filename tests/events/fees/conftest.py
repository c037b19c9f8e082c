import pytest

from tests import roles
from tests.events.factories import EventFactory
from tests.events.fees.money import PRICE
from tests.members.factories import (
    TeamFactory,
)


@pytest.fixture
def team():
    return TeamFactory(member=True, name="MSP des Tilleuls")


@pytest.fixture
def user(team):
    return roles.member(team)


@pytest.fixture
def event():
    return EventFactory(title="Journée régionale", price_cents=PRICE)
