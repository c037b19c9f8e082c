"""Certificates numbered by many at once, and a survey answered in two tabs."""

import time
from functools import partial

import pytest

from apmsl.lib.dates import today
from events.models import Certificate, Registration, SatisfactionAnswer
from events.services import certificates, surveys
from tests.events.factories import (
    AttendanceFactory,
    RegistrationFactory,
    SurveyInvitationFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rows():
    """Each of an event of its own: the lock of the event is not what orders the numbers."""
    rows = RegistrationFactory.create_batch(6)
    for row in rows:
        AttendanceFactory(session__event=row.event, person=row.person)
    return rows


def issue(pk):
    registration = Registration.objects.select_related("event").get(pk=pk)
    return certificates.issue(registration=registration, on=today())


@pytest.fixture
def _slow_number(monkeypatch):
    taken = certificates.next_number

    def slowly(year):
        number = taken(year)
        time.sleep(0.05)
        return number

    monkeypatch.setattr(certificates, "next_number", slowly)


@pytest.mark.usefixtures("_slow_number")
def test_numbers_have_no_gap_and_no_double(crowd, rows):
    crowd([partial(issue, row.pk) for row in [*rows, *rows]])

    numbers = sorted(Certificate.objects.values_list("number", flat=True))
    assert numbers == [1, 2, 3, 4, 5, 6]


@pytest.mark.usefixtures("_slow_number")
def test_control_without_the_lock_two_take_one_number(crowd, rows, monkeypatch):
    monkeypatch.setattr(certificates, "_lock_numbers", lambda year: None)

    with pytest.raises(Exception, match="certificate_number_once_a_year"):
        crowd([partial(issue, row.pk) for row in rows])


def test_a_survey_answered_in_many_tabs_is_kept_once(crowd):
    invitation = SurveyInvitationFactory()

    def reply():
        try:
            surveys.answer(invitation=invitation, opinion=surveys.Opinion(5, "", {}), on=today())
        except surveys.AlreadyAnswered:
            return False
        return True

    assert sum(crowd([reply] * 6)) == 1
    assert SatisfactionAnswer.objects.count() == 1
