"""The audience of a cohort: whoever was enrolled and has not withdrawn."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from apmsl.lib import audiences
from apmsl.lib.audiences import Kind
from members.models import Person
from training.enums import EnrolmentStatus
from training.models import Cohort, Enrolment


def _cohort_keys(person_id: int, on: date) -> QuerySet[Any, Any]:
    enrolled = Enrolment.objects.filter(person=person_id, status=EnrolmentStatus.ENROLLED)
    return enrolled.values(key=audiences.keyed("cohort", "cohort__code"))


def _people_of_cohort(code: str, on: date) -> QuerySet[Person]:
    enrolled = Enrolment.objects.filter(cohort__code=code, status=EnrolmentStatus.ENROLLED)
    return Person.objects.filter(pk__in=enrolled.values("person"))


AUDIENCES = (
    Kind(
        "cohort",
        "Promotion",
        _cohort_keys,
        people=_people_of_cohort,
        values=lambda: Cohort.objects.order_by("code").values_list("code", "name"),
    ),
)


def register_audiences() -> None:
    audiences.register(*AUDIENCES)
