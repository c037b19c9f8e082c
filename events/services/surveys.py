"""What those present thought of an event: who has answered is known, what they said is nobody's."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from apmsl.lib.rounding import LEAST
from apmsl.mail.models import Message
from events import mails
from events.enums import Reached
from events.models import (
    Event,
    Objective,
    ObjectiveAnswer,
    SatisfactionAnswer,
    SurveyInvitation,
)
from events.services.refusals import Refused

REMINDED_AFTER = timedelta(days=5)
GIVEN_UP_AFTER = timedelta(days=30)
CHUNK = 50


class AlreadyAnswered(Refused):
    pass


@dataclass(frozen=True)
class Opinion:
    satisfaction: int
    comment: str
    objectives: Mapping[int, tuple[str, str]]  # of each: reached, comment


@dataclass(frozen=True)
class ObjectiveResult:
    objective: Objective
    counts: dict[str, int]  # by the words of ``Reached``
    comments: list[str]


@dataclass(frozen=True)
class Results:
    """``answers`` and ``asked`` are always told; the rest only from ``LEAST`` answers on: with
    fewer, one would guess whose they are."""

    answers: int
    asked: int
    satisfaction: dict[int, int]
    objectives: list[ObjectiveResult]
    comments: list[str]

    @property
    def shown(self) -> bool:
        return self.answers >= LEAST

    @property
    def mean(self) -> float:
        return sum(mark * n for mark, n in self.satisfaction.items()) / self.answers


@transaction.atomic
def answer(*, invitation: SurveyInvitation, opinion: Opinion, on: date) -> None:
    """Keep what is thought, without a link to who thinks it; once."""
    held = SurveyInvitation.objects.select_for_update(of=("self",))
    invitation = held.select_related("registration").get(pk=invitation.pk)
    if invitation.answered_on:
        raise AlreadyAnswered("Vous avez déjà répondu à cette enquête. Merci\u00a0!")
    event_id = invitation.registration.event_id
    kept = SatisfactionAnswer.objects.create(
        event_id=event_id, satisfaction=opinion.satisfaction, comment=opinion.comment
    )
    ObjectiveAnswer.objects.bulk_create(
        ObjectiveAnswer(answer=kept, objective_id=pk, reached=reached, comment=comment)
        for pk, (reached, comment) in opinion.objectives.items()
    )
    invitation.answered_on = on
    invitation.save(update_fields=["answered_on"])


def survey_results(event: Event) -> Results:
    answers = list(event.satisfaction_answers.order_by("pk"))
    asked = SurveyInvitation.objects.filter(registration__event=event).count()
    if len(answers) < LEAST:
        return Results(len(answers), asked, {}, [], [])
    marks = Counter(row.satisfaction for row in answers)
    return Results(
        answers=len(answers),
        asked=asked,
        satisfaction={mark: marks[mark] for mark in range(1, 6)},
        objectives=[_of(row) for row in event.objectives.order_by("position", "pk")],
        comments=_shuffled(row.comment for row in answers),
    )


def _of(objective: Objective) -> ObjectiveResult:
    rows = list(objective.answers.order_by("pk"))
    counts = Counter(row.reached for row in rows)
    words = {reached.label: counts[reached.value] for reached in Reached}
    return ObjectiveResult(objective, words, _shuffled(row.comment for row in rows))


def _shuffled(comments: Iterable[str]) -> list[str]:
    """The order of answers would tell who was first."""
    kept = [comment for comment in comments if comment]
    random.shuffle(kept)
    return kept


# -- the reminder ----------------------------------------------------------------------------------
def remind(*, at: datetime) -> int:
    """Once, after five days, to those who have not answered; how many."""
    written, last = 0, 0
    while rows := _remind_some(at, after=last):
        written, last = written + len(rows), rows[-1].pk
    return written


@transaction.atomic
def _remind_some(at: datetime, *, after: int) -> list[SurveyInvitation]:
    about = Concat(
        Value("registration "), Cast(OuterRef("registration"), CharField()), Value(" survey")
    )
    told = Message.objects.filter(purpose="registration-survey-again", object_key=about)
    waiting = SurveyInvitation.objects.filter(
        answered_on=None,
        sent_at__lte=at - REMINDED_AFTER,
        sent_at__gt=at - GIVEN_UP_AFTER,
        pk__gt=after,
    ).exclude(Exists(told))
    locked = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True)
    rows = list(
        locked.select_related("registration__event", "registration__registered_by").order_by("pk")[
            :CHUNK
        ]
    )
    for row in rows:
        mails.survey(row.registration.event, [row.registration], at=at, again=True)
    return rows
