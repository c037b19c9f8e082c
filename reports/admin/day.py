"""What the staff sees first when it opens the admin: the day's work."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse

from apmsl.lib.dates import today
from apmsl.lib.typography import agree
from apmsl.mail.models import Message, MessageStatus
from events.enums import EventStatus, RegistrationStatus
from events.models import Event, Registration
from members.enums import CrmState, MembershipStatus
from members.models import (
    Accompaniment,
    CrmConflict,
    CrmRecord,
    Exchange,
    FirstContact,
    Membership,
    Position,
    Scan,
    Team,
)
from toolbox.enums import LoanStatus
from toolbox.models import Loan
from training.enums import EnrolmentStatus
from training.models import Enrolment

FOLLOWED_TEAMS = {
    "sans-coordination": "équipe sans coordination depuis 60 jours,équipes sans coordination depuis 60 jours",
    "leader-seul": "équipe dont le leader est seul,équipes dont le leader est seul",
    "formulaire": "équipe sans Scan’équipe de l’année,équipes sans Scan’équipe de l’année",
    "sans-contact": "équipe sans contact cette année,équipes sans contact cette année",
    "esp-clap": "ESP CLAP à échéance,ESP CLAP à échéance",
}
FOLLOWED_RECORDS: tuple[tuple[type[Model], str], ...] = (
    (FirstContact, "premier contact à reprendre,premiers contacts à reprendre"),
    (Accompaniment, "accompagnement en retard,accompagnements en retard"),
)


@dataclass(frozen=True)
class Task:
    """Something that awaits the staff: how many, and where to see to it."""

    count: int
    label: str
    url: str


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the staff sees first: the events that come, and what awaits an action."""
    on = today()
    coming = Event.objects.coming(on).filter(starts_on__lte=on + timedelta(days=30))
    returns = Loan.objects.holding().filter(ends_on__lte=on + timedelta(days=7))
    contacts = FirstContact.objects.filter(received_on__range=(on - timedelta(days=30), on))
    return {
        **context,
        "title": "Aujourd’hui",
        "today": on,
        "coming_events": coming.with_seats_taken().with_waiting()[:10],
        "tasks": [task for task in _tasks(on) if task.count],
        "returns": returns.select_related("equipment", "team").order_by("ends_on", "pk")[:10],
        "first_contacts": contacts.select_related("profession").order_by("-received_on", "pk")[:8],
    }


def _tasks(on: date) -> Iterator[Task]:
    yield from _of_events_and_loans(on)
    yield from _of_members(on)
    yield _task(
        Enrolment,
        "candidature à étudier,candidatures à étudier",
        status=EnrolmentStatus.APPLIED,
        cohort__ends_on__gte=on,
    )
    words = "fiche refusée par le CRM,fiches refusées par le CRM"
    yield _task(CrmRecord, words, state=CrmState.DEAD)
    conflicts = CrmConflict.objects.open().count()
    words = agree(conflicts, "désaccord avec le CRM", "désaccords avec le CRM")
    yield Task(conflicts, words, f"{_list_of(CrmConflict)}?suite=attend")
    yield _task(Message, "message non parti,messages non partis", status=MessageStatus.FAILED)


def _of_events_and_loans(on: date) -> Iterator[Task]:
    yield _task(
        Registration,
        "personne sur liste d’attente,personnes sur liste d’attente",
        status=RegistrationStatus.WAITLISTED,
        event__ends_on__gte=on,
        event__status=EventStatus.PLANNED,
    )
    words = "demande de prêt à traiter,demandes de prêt à traiter"
    yield _task(Loan, words, status=LoanStatus.REQUESTED)


def _of_members(on: date) -> Iterator[Task]:
    words = "adhésion appelée et non payée,adhésions appelées et non payées"
    yield _task(Membership, words, status=MembershipStatus.CALLED, year=on.year)
    words = "Scan’équipe en brouillon,Scan’équipe en brouillon"
    yield _task(Scan, words, form__year=on.year, submitted_on__isnull=True)
    due = Exchange.objects.due_on(on).count()
    words = agree(due, "relance à faire", "relances à faire")
    yield Task(due, words, f"{_list_of(Exchange)}?relance=due")
    yield from _of_followed_teams(on)


def _of_followed_teams(on: date) -> Iterator[Task]:
    for key, text in FOLLOWED_TEAMS.items():
        count = Team.objects.needing(key, on).count()
        yield Task(count, agree(count, *text.split(",")), f"{_list_of(Team)}?suivi={key}")
    arrived = Position.objects.to_welcome(on).count()
    words = agree(arrived, "arrivée à accueillir", "arrivées à accueillir")
    yield Task(arrived, words, f"{_list_of(Position)}?accueil=a-faire")
    for model, text in FOLLOWED_RECORDS:
        late = model._default_manager.filter(next_action_on__lt=on).count()
        yield Task(late, agree(late, *text.split(",")), f"{_list_of(model)}?suivi=retard")


def _task(model: type[Model], words: str, **lookups: Any) -> Task:
    """The link filters its list by the very lookups that were counted."""
    count = model._default_manager.filter(**lookups).count()
    return Task(count, agree(count, *words.split(",")), f"{_list_of(model)}?{urlencode(lookups)}")


def _list_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
