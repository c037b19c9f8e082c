"""What is asked of whoever registers: answering, counting for the caterer, forgetting in time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from events.access import may_register
from events.enums import EventStatus
from events.models import (
    ENDED,
    HOLDING,
    Event,
    Registration,
    RegistrationAnswer,
    RegistrationQuestion,
)
from events.services.refusals import AlreadyOver, EventCancelled, NotYourColleague, Refused
from members.access import STAFF
from members.models import User


@transaction.atomic
def answer(
    *, registration: Registration, answers: Mapping[int, str], by: User | None, on: date
) -> None:
    """By question, an empty answer takes back the former one; a question that is gone is left out.
    ``by`` is None for somebody from outside who has proven their address."""
    event = Event.objects.lock(registration.event_id)
    registration.refresh_from_db()
    _check_allowed(event, registration, by, on)
    asked = set(event.questions.values_list("pk", flat=True))
    given = {pk: value.strip() for pk, value in answers.items() if pk in asked}
    empty = [pk for pk, value in given.items() if not value]
    registration.answers.filter(question__in=empty).delete()
    RegistrationAnswer.objects.bulk_create(
        [
            RegistrationAnswer(registration=registration, question_id=pk, value=value[:500])
            for pk, value in given.items()
            if value
        ],
        update_conflicts=True,
        unique_fields=["registration", "question"],
        update_fields=["value"],
    )


def _check_allowed(event: Event, registration: Registration, by: User | None, on: date) -> None:
    person = registration.person
    if by and person and not may_register(by, [person], on):
        raise NotYourColleague("Vous répondez pour les personnes de votre équipe seulement.")
    if event.status == EventStatus.CANCELLED:
        raise EventCancelled("Cet événement est annulé.")
    if event.is_over(on) and not (by and STAFF.allows(by)):
        raise AlreadyOver("Cet événement a déjà eu lieu.")
    if registration.status in ENDED:
        raise Refused("Cette inscription est annulée.")


@dataclass
class Summary:
    """``counts``: what was answered by those who hold a seat, the most frequent first."""

    question: RegistrationQuestion
    counts: list[tuple[str, int]] = field(default_factory=list)
    silent: int = 0


def summary(event: Event) -> list[Summary]:
    """For the caterer and the welcome desk: « Végétarien : 12 »."""
    questions = list(event.questions.order_by("position", "pk"))
    holding = event.registrations.filter(status__in=HOLDING)
    rows = RegistrationAnswer.objects.filter(registration__in=holding.values("pk"))
    counted: dict[int, Counter[str]] = {question.pk: Counter() for question in questions}
    written: dict[str, str] = {}  # as it was first written: « sans sel » and « Sans sel » are one
    for question_id, value in rows.order_by("pk").values_list("question", "value"):
        said = written.setdefault(value.casefold(), value)
        counted[question_id][said] += 1
    seats = holding.count() if questions else 0
    return [
        Summary(
            question=question,
            counts=counted[question.pk].most_common(),
            silent=seats - counted[question.pk].total(),
        )
        for question in questions
    ]


@transaction.atomic
def forget_temporary(*, on: date) -> int:
    """What served on the day only (diets, accessibility), once the day is over."""
    kept = RegistrationAnswer.objects.filter(question__is_temporary=True)
    deleted, _ = kept.filter(question__event__ends_on__lt=on).delete()
    return deleted
