"""Asking that one's data be corrected or erased. Lock order: the person."""

from datetime import date, datetime, timedelta

from django.db import transaction

from members import mails
from members.enums import DataRequestKind
from members.models import DataRequest, Person, Team, User

ANSWERED_WITHIN = timedelta(days=30)  # article 12: a month


@transaction.atomic
def ask(
    *,
    kind: DataRequestKind,
    person: Person,
    by: User,
    on: date,
    at: datetime,
    text: str = "",
    team: Team | None = None,
) -> DataRequest:
    """A row that the staff answers, and a message to the federation.

    The same request while the first awaits its answer (a double click) is the first one.
    """
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    text = text.strip()
    same = DataRequest.objects.waiting().filter(person=person, kind=kind)
    if kind == DataRequestKind.CORRECTION:
        same = same.filter(text=text, team=team)
    if waiting := same.first():
        return waiting
    request = DataRequest.objects.create(
        kind=kind, person=person, team=team, text=text, asked_at=at, due_on=on + ANSWERED_WITHIN
    )
    mails.data_request(request=request, by=by, at=at)
    return request


@transaction.atomic
def answered(*, request: DataRequest, at: datetime) -> None:
    """The staff has answered: whoever asked is told, once."""
    if request.handled_on and request.answer:
        mails.data_answer(request=request, at=at)
