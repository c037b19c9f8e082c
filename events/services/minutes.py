"""What an event leaves written: its minutes, its decisions, and who came from how many teams."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from apmsl.lib.typography import agree, plural
from events.models import Decision, Event


@transaction.atomic
def keep_minutes(*, event: Event, minutes: str, decisions: Sequence[Decision]) -> None:
    """The text, and the decisions whose text is not empty; pressed twice, each is written once."""
    event = Event.objects.lock(event.pk)
    event.minutes = minutes
    event.save(update_fields=["minutes"])
    for decision in decisions:
        decision.event = event
        if decision.pk is None and _is_written(decision):
            continue
        decision.save()


def _is_written(new: Decision) -> bool:
    same = Decision.objects.filter(event=new.event, text=new.text, owner=new.owner)
    return same.filter(due_on=new.due_on, done_on=new.done_on).exists()


def open_decisions() -> QuerySet[Decision]:
    """Still to be done, the most pressing first."""
    rows = Decision.objects.filter(done_on=None).select_related("event", "owner")
    return rows.order_by("due_on", "pk")


def late(decision: Decision, on: date) -> bool:
    return decision.due_on is not None and decision.due_on < on


def participation(event: Event) -> str:
    """« 37 participants issus de 31 équipes », to be copied as it is."""
    came = event.registrations.came()
    people, teams = came.count(), came.exclude(team=None).values("team").distinct().count()
    if not people:
        return "Aucun participant"
    words = plural(people, "participant")
    if not teams:
        return words
    origin = "d’une équipe" if teams == 1 else f"de {plural(teams, 'équipe')}"
    return f"{words} {agree(people, 'issu')} {origin}"
