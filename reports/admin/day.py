"""What the staff sees first when it opens the admin: the day's work."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from apmsl.lib.dates import today
from apmsl.lib.typography import agree
from apmsl.mail.models import Message, MessageStatus
from events.enums import RegistrationStatus
from events.models import Event, Registration
from members.enums import MembershipStatus
from members.models import FirstContact, Membership, Position, Scan, Team
from toolbox.enums import LoanStatus
from toolbox.models import Loan
from training.enums import EnrolmentStatus
from training.models import Enrolment


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
    applied = Enrolment.objects.filter(status=EnrolmentStatus.APPLIED, cohort__ends_on__gte=on)
    yield _task(
        applied, "candidature,candidatures", " à étudier", "training_enrolment", status="applied"
    )
    failed = Message.objects.filter(status=MessageStatus.FAILED)
    yield _task(
        failed, "message non parti,messages non partis", "", "mail_message", status="failed"
    )


def _of_events_and_loans(on: date) -> Iterator[Task]:
    waiting = Registration.objects.filter(
        event__in=Event.objects.coming(on), status=RegistrationStatus.WAITLISTED
    )
    yield _task(
        waiting, "personne", " sur liste d’attente", "events_registration", status="waitlisted"
    )
    loans = Loan.objects.filter(status=LoanStatus.REQUESTED)
    yield _task(
        loans,
        "demande de prêt,demandes de prêt",
        " à traiter",
        "toolbox_loan",
        status="requested",
    )


def _of_members(on: date) -> Iterator[Task]:
    called = Membership.objects.filter(year=on.year, status=MembershipStatus.CALLED)
    words = "adhésion appelée et non payée,adhésions appelées et non payées"
    yield _task(called, words, "", "members_membership", status="called")
    drafts = Scan.objects.filter(form__year=on.year, submitted_on__isnull=True)
    yield _task(drafts, "Scan’équipe,Scan’équipe", " en brouillon", "members_scan", envoi="non")
    posted = Position.objects.coordinators().on(on).filter(team=OuterRef("pk"))
    vacant = Team.objects.members_of(on.year, on).constituted_on_day(on).exclude(Exists(posted))
    yield _task(vacant, "équipe", " sans coordination", "members_team")


def _task(
    queryset: QuerySet[Any], words: str, rest: str, model: str, *, status: str = "", **filters: str
) -> Task:
    count = queryset.count()
    singular, _, plural = words.partition(",")
    if status:
        filters["status__exact"] = status
    query = f"?{urlencode(filters)}" if filters else ""
    url = reverse(f"admin:{model}_changelist") + query
    return Task(count, agree(count, singular, plural) + rest, url)
