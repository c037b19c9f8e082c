"""What training adds to the personal calendar: the seminars of those enrolled."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import QuerySet

from events.builders import NEVER, CalendarEntry
from members.models import User
from training.models import Enrolment, Seminar


def _seminars(user: User) -> QuerySet[Seminar]:
    if user.person_id is None:
        return Seminar.objects.none()
    cohorts = Enrolment.objects.filter(person=user.person_id).values("cohort")
    return Seminar.objects.filter(cohort__in=cohorts).order_by("held_on", "pk")


def seminars(user: User, on: date) -> Iterator[CalendarEntry]:
    for seminar in _seminars(user).select_related("cohort"):
        title = f"\u00a0: {seminar.title}" if seminar.title else ""
        yield CalendarEntry(
            uid=f"seminaire-{seminar.pk}",
            title=f"{seminar.cohort}, séminaire {seminar.number}{title}",
            start=seminar.held_on,
            end=seminar.held_on + timedelta(days=1),
            changed_at=NEVER,
            place=seminar.get_mode_display(),
            path=seminar.cohort.get_absolute_url(),
        )


def seminars_state(user: User, on: date) -> object:
    told = ("pk", "number", "title", "held_on", "mode", "cohort__name")
    return list(_seminars(user).values_list(*told))
