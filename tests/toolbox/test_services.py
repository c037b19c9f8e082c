from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apmsl.lib.dates import today
from members.models import User
from tests import roles
from tests.members.factories import TeamFactory
from tests.toolbox.factories import EquipmentFactory, JobPostingFactory, LoanFactory, ToolFactory
from toolbox.enums import JobKind, LoanStatus
from toolbox.models import DIGITAL_COPY, Loan, ToolMonth
from toolbox.services import jobs, loans
from toolbox.services.counting import count_job, count_tool

pytestmark = pytest.mark.django_db


def days(start, end):
    return {"starts_on": today() + timedelta(start), "ends_on": today() + timedelta(end)}


# -- counting --------------------------------------------------------------------------------------


def views(tool):
    return sum(ToolMonth.objects.filter(tool=tool).values_list("views", flat=True))


def test_a_tool_counts_one_view_per_person_and_day():
    tool, one, two = ToolFactory(), roles.member(), roles.member()

    for user in (one, one, two):
        count_tool(tool=tool, user=user, on=today())
    count_tool(tool=tool, user=one, on=today() + timedelta(1))

    assert views(tool) == 3


def test_the_staff_looking_at_a_tool_counts_for_nothing():
    tool = ToolFactory()

    count_tool(tool=tool, user=roles.staff(), on=today())

    assert views(tool) == 0


def test_views_are_kept_by_month():
    tool = ToolFactory()
    month = today().replace(day=1)

    count_tool(tool=tool, user=roles.member(), on=today())

    assert list(ToolMonth.objects.values_list("tool", "month", "views")) == [(tool.pk, month, 1)]


def test_no_table_of_views_names_a_person():
    fields = {field.name for field in ToolMonth._meta.get_fields()}

    assert fields == {"id", "tool", "month", "views"}
    assert not any(field.related_model is User for field in ToolMonth._meta.get_fields())


def test_a_posting_counts_one_view_per_person_and_day():
    job, user = JobPostingFactory(), roles.member()

    count_job(job=job, user=user, on=today())
    count_job(job=job, user=user, on=today())

    job.refresh_from_db()
    assert job.views == 1


# -- job postings ----------------------------------------------------------------------------------


def test_a_posting_closed_twice_keeps_its_first_date():
    job = JobPostingFactory()

    jobs.close_job(job=job, on=today() - timedelta(3))
    jobs.close_job(job=job, on=today())

    job.refresh_from_db()
    assert job.closed_on == today() - timedelta(3)


def test_sent_twice_a_posting_is_one():
    posting = {"team": TeamFactory(), "title": "Poste", "kind": JobKind.COORDINATOR}

    first = jobs.publish_job(**posting, description="Temps plein", on=today())
    again = jobs.publish_job(**posting, description="Temps plein", on=today())
    other = jobs.publish_job(**posting, description="Mi-temps", on=today())

    assert first == again != other


# -- loans -----------------------------------------------------------------------------------------


def test_asking_twice_for_the_same_days_makes_one_request():
    equipment, team = EquipmentFactory(), TeamFactory()

    first = loans.request_loan(equipment=equipment, team=team, **days(5, 19), on=today())
    second = loans.request_loan(equipment=equipment, team=team, **days(5, 19), on=today())

    assert first == second
    assert Loan.objects.count() == 1


@pytest.mark.parametrize(
    ("period", "message"),
    [
        (days(-1, 5), "Le prêt ne peut pas commencer dans le passé."),
        (days(6, 5), "Le retour ne peut pas précéder le départ."),
        (days(400, 410), "Un prêt se demande au plus un an à l’avance."),
        (days(5, 40), "Un prêt dure quinze jours, renouvelables une fois."),
    ],
)
def test_impossible_periods_are_refused(period, message):
    with pytest.raises(loans.LoanRefused, match=message):
        loans.request_loan(equipment=EquipmentFactory(), team=TeamFactory(), **period, on=today())


def test_a_copy_held_one_day_of_the_period_is_not_free():
    held = LoanFactory(approved=True, **days(5, 10))

    with pytest.raises(loans.LoanRefused, match="Aucun exemplaire"):
        loans.request_loan(equipment=held.equipment, team=TeamFactory(), **days(10, 20), on=today())


def test_the_day_after_a_return_the_copy_is_free():
    held = LoanFactory(approved=True, **days(5, 10))

    loan = loans.request_loan(
        equipment=held.equipment, team=TeamFactory(), **days(11, 20), on=today()
    )

    assert loan.status == LoanStatus.REQUESTED


def test_approving_gives_the_first_free_copy():
    equipment = EquipmentFactory(copies=2)
    LoanFactory(equipment=equipment, approved=True, copy=1, **days(5, 10))
    loan = LoanFactory(equipment=equipment, **days(5, 10))

    loan = loans.approve_loan(loan=loan)

    assert (loan.status, loan.copy) == (LoanStatus.APPROVED, 2)


def test_approving_without_a_free_copy_is_refused():
    held = LoanFactory(approved=True, **days(5, 10))
    loan = LoanFactory(equipment=held.equipment, **days(8, 12))

    with pytest.raises(loans.LoanRefused, match="Aucun exemplaire"):
        loans.approve_loan(loan=loan)


def test_a_digital_copy_is_never_out():
    equipment = EquipmentFactory(copies=1, digital_copies=1)
    LoanFactory(equipment=equipment, approved=True, **days(5, 10))
    lent = [LoanFactory(equipment=equipment, **days(5, 10)) for _ in range(2)]

    approved = [loans.approve_loan(loan=loan) for loan in lent]

    assert [loan.copy for loan in approved] == [DIGITAL_COPY, DIGITAL_COPY]


def test_a_returned_copy_is_free_again():
    loan = LoanFactory(approved=True, **days(0, 10))

    loans.return_loan(loan=loan, on=today())

    assert loans.free_copies(loan.equipment, today(), today()) == [1]


@pytest.mark.parametrize(
    ("move", "before", "after"),
    [
        (loans.cancel_loan, LoanStatus.REQUESTED, LoanStatus.CANCELLED),
        (loans.cancel_loan, LoanStatus.APPROVED, LoanStatus.CANCELLED),
        (loans.cancel_loan, LoanStatus.OUT, LoanStatus.OUT),
        (loans.refuse_loan, LoanStatus.REQUESTED, LoanStatus.REFUSED),
        (loans.refuse_loan, LoanStatus.APPROVED, LoanStatus.APPROVED),
    ],
)
def test_a_loan_moves_only_where_it_may(move, before, after):
    loan = LoanFactory(status=before, copy=None if before == LoanStatus.REQUESTED else 1)

    assert move(loan=loan).status == after


def test_the_database_refuses_one_copy_to_two_teams():
    held = LoanFactory(approved=True, **days(5, 10))

    with pytest.raises(IntegrityError, match="loan_one_team_per_copy"), transaction.atomic():
        LoanFactory(equipment=held.equipment, approved=True, **days(10, 12))


def test_the_database_lends_the_digital_copy_to_many():
    held = LoanFactory(status=LoanStatus.APPROVED, copy=DIGITAL_COPY, **days(5, 10))

    LoanFactory(
        equipment=held.equipment, status=LoanStatus.APPROVED, copy=DIGITAL_COPY, **days(5, 10)
    )

    assert Loan.objects.holding().count() == 2
