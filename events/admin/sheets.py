"""The registrations of an event as a sheet: who, from where, what they answered and chose, and how
long they were there."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse

from apmsl.lib.exports import xlsx_response
from events.models import Event, ItemChoice, Registration, RegistrationAnswer
from events.models.presence import half_days_and_hours

_HEADERS = (
    "Identifiant",
    "Nom",
    "Prénom",
    "Profession",
    "Équipe",
    "Département",
    "État",
    "Hors jauge",
    "Motif",
    "Inscription le",
    "Ateliers",
    "Demi-journées",
    "Heures",
)


def registrations(event: Event) -> HttpResponse:
    questions = list(event.questions.order_by("position", "pk"))
    headers = [*_HEADERS, *(question.text for question in questions)]
    rows = _rows(event, [question.pk for question in questions])
    return xlsx_response(f"inscriptions-{event.code}.xlsx", headers, rows)


def _rows(event: Event, questions: list[int]) -> Iterator[list[Any]]:
    presences = half_days_and_hours(event)
    chosen: dict[int, list[str]] = {}
    choices = ItemChoice.objects.filter(registration__event=event).order_by("item__starts_at", "pk")
    for registration, title in choices.values_list("registration", "item__title"):
        chosen.setdefault(registration, []).append(title)
    answers = RegistrationAnswer.objects.filter(registration__event=event)
    said = {
        (registration, question): value
        for registration, question, value in answers.values_list(
            "registration", "question", "value"
        )
    }
    rows = Registration.objects.filter(event=event).by_name()
    for row in rows.select_related("person__profession", "team"):
        half_days, hours = presences.get(row.person_id or 0, (0, 0))
        workshops = ", ".join(chosen.get(row.pk, []))
        answered = [said.get((row.pk, question), "") for question in questions]
        yield [*_person(row), *_state(row), workshops, half_days, hours, *answered]


def _person(row: Registration) -> list[Any]:
    person, team = row.person, row.team
    return [
        person.code if person else "",
        person.last_name if person else "Place à compléter",
        person.first_name if person else "",
        str(person.profession or "") if person else "",
        team.name if team else "",
        team.get_department_display() if team else "",
    ]


def _state(row: Registration) -> list[Any]:
    beyond = "oui" if row.over_capacity else ""
    return [row.get_status_display(), beyond, row.reason, row.registered_on]
