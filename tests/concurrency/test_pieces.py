"""Fifty issue pieces at once, one in five fails after taking its number: no gap, no double.

The control takes the lock out: numbers must then be doubled, or these tests prove nothing.
"""

import time
from datetime import date
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from members.enums import MembershipStatus, PieceKind
from members.models import Membership, Piece, PieceSeries
from members.models.money import PieceSeriesQuerySet
from members.services import pieces
from tests.members.factories import MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 50
DAYS = [date(2023, 3, 1), date(2023, 3, 2)]


class Fault(Exception):
    pass


@pytest.fixture
def memberships():
    return MembershipFactory.create_batch(
        PEOPLE, status=MembershipStatus.EXPECTED, paid_on=None, year=2023
    )


def issue(number, membership_id):
    """As a page does; every fifth breaks once the number is taken."""
    membership = Membership.objects.get(pk=membership_id)
    content = pieces.Content(debt=membership, lines=[("Cotisation", 10_000)])
    try:
        with transaction.atomic():
            piece = pieces.issue(PieceKind.CALL, content=content, by=None, on=DAYS[number % 2])
            time.sleep(0.002)
            if number % 5 == 0:
                raise Fault
    except (Fault, IntegrityError):
        return None
    return piece.pk


def test_fifty_at_once_with_failures_leave_no_gap(crowd, memberships):
    calls = [partial(issue, n, membership.pk) for n, membership in enumerate(memberships)]

    done = [pk for pk in crowd(calls) if pk]

    rows = list(Piece.objects.order_by("number").values_list("number", "issued_on"))
    assert [number for number, _ in rows] == list(range(1, PEOPLE - PEOPLE // 5 + 1))
    assert [day for _, day in rows] == sorted(day for _, day in rows)
    assert len(done) == len(rows)
    assert PieceSeries.objects.get().last_number == len(rows)


def test_control_without_the_lock_numbers_are_doubled(crowd, memberships, monkeypatch):
    """The unique constraint then refuses: pieces are lost."""

    def unlocked(self, kind, year):
        series, _ = self.get_or_create(kind=kind, year=year)
        time.sleep(0.01)
        return series

    PieceSeries.objects.create(kind=PieceKind.CALL, year=2023)
    monkeypatch.setattr(PieceSeriesQuerySet, "lock", unlocked)
    calls = [partial(issue, n, membership.pk) for n, membership in enumerate(memberships)]

    crowd(calls)

    assert Piece.objects.count() < PEOPLE - PEOPLE // 5


def test_the_same_call_asked_at_once_is_issued_once(crowd, memberships):
    membership = memberships[0]

    def ask():
        return pieces.issue_call(
            debt=Membership.objects.get(pk=membership.pk),
            lines=[("Cotisation", 10_000)],
            by=None,
            at=None,
            on=DAYS[0],
        ).pk

    assert set(crowd([ask] * 8)) == {Piece.objects.get().pk}
