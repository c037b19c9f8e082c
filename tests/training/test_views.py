import pytest
from django.urls import reverse

from apmsl.lib.dates import today
from tests import roles
from tests.training.factories import CohortFactory, EnrolmentFactory, SeminarFactory
from training.enums import EnrolmentStatus, Result

pytestmark = pytest.mark.django_db


def graduated(**fields):
    return EnrolmentFactory(result=Result.GRADUATED, result_on=today(), **fields)


def test_cohorts_count_who_started_and_who_graduated(client):
    cohort = CohortFactory()
    graduated(cohort=cohort)
    EnrolmentFactory(cohort=cohort, status=EnrolmentStatus.WITHDRAWN)
    EnrolmentFactory(cohort=cohort, status=EnrolmentStatus.APPLIED)
    client.force_login(roles.member())

    [shown] = client.get(reverse("training:cohorts")).context["cohorts"]

    assert (shown.started_count, shown.graduated_count) == (2, 1)


def test_results_are_for_the_staff_the_board_and_oneself(client):
    enrolment = graduated()
    url = enrolment.cohort.get_absolute_url()

    client.force_login(roles.member())
    assert "Diplômé·e" not in client.get(url).content.decode()

    client.force_login(roles.board())
    assert "Diplômé·e" in client.get(url).content.decode()


def test_one_sees_one_s_own_result(client):
    user = roles.member()
    cohort = graduated(person=user.person).cohort
    client.force_login(user)

    assert "Diplômé·e" in client.get(cohort.get_absolute_url()).content.decode()


def test_a_cohort_costs_the_same_for_three_people_as_for_one(client, record_queries):
    cohort = CohortFactory()
    client.force_login(roles.member())
    EnrolmentFactory(cohort=cohort)
    with record_queries() as for_one:
        client.get(cohort.get_absolute_url())

    EnrolmentFactory.create_batch(2, cohort=cohort)
    SeminarFactory.create_batch(2, cohort=cohort)
    with record_queries() as for_three:
        response = client.get(cohort.get_absolute_url())

    assert len(response.context["enrolments"]) == 3
    assert len(for_three) == len(for_one)
