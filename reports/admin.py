from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from apmsl.lib.admin.model import PortalModelAdmin
from apmsl.lib.admin.sheets import SheetsModelAdmin
from apmsl.lib.dates import today
from apmsl.mail.models import Message, MessageStatus
from events.enums import RegistrationStatus
from events.models import Event, Registration
from members.enums import MembershipStatus
from members.models import FirstContact, Membership, Position, Scan, Team
from reports.models import ExternalFigure, ReportText
from toolbox.enums import LoanStatus
from toolbox.models import Loan
from training.enums import EnrolmentStatus
from training.models import Enrolment


@admin.register(ExternalFigure)
class ExternalFigureAdmin(SheetsModelAdmin):
    table = "external_figures"
    list_display = ("year", "key", "value", "as_of", "source")
    list_filter = ("year",)
    search_fields = ("key", "source")
    ordering = ("-year", "key")


@admin.register(ReportText)
class ReportTextAdmin(PortalModelAdmin):
    list_display = ("year", "chapter", "beginning", "signature", "written_by")
    list_filter = ("year", ("chapter", ChoicesDropdownFilter))
    list_select_related = ("written_by",)
    search_fields = ("body", "signature")
    ordering = ("-year", "chapter", "pk")

    @display(description="début")
    def beginning(self, text: ReportText) -> str:
        return f"{text.body[:80]}…" if len(text.body) > 80 else text.body

    def save_model(self, request: HttpRequest, obj: ReportText, form: Any, change: bool) -> None:
        obj.written_by = request.user  # type: ignore[assignment]  # the admin is for accounts
        super().save_model(request, obj, form, change)


# -- the day's work --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """Something that awaits the staff: how many, and where to see to it."""

    count: int
    one: str
    many: str
    url: str

    @property
    def label(self) -> str:
        return self.one if self.count < 2 else self.many


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


def _tasks(on: date) -> list[Task]:
    posted = Position.objects.coordinators().on(on).filter(team=OuterRef("pk"))
    vacant = Team.objects.members_of(on.year, on).constituted_on_day(on).exclude(Exists(posted))
    waiting = Registration.objects.filter(
        event__in=Event.objects.coming(on), status=RegistrationStatus.WAITLISTED
    )
    called = Membership.objects.filter(year=on.year, status=MembershipStatus.CALLED)
    drafts = Scan.objects.filter(form__year=on.year, submitted_on__isnull=True)
    loans = Loan.objects.filter(status=LoanStatus.REQUESTED)
    applied = Enrolment.objects.filter(status=EnrolmentStatus.APPLIED, cohort__ends_on__gte=on)
    failed = Message.objects.filter(status=MessageStatus.FAILED)
    return [
        _task(
            waiting,
            "personne sur liste d’attente",
            "personnes sur liste d’attente",
            "events_registration",
            "?status__exact=waitlisted",
        ),
        _task(
            loans,
            "demande de prêt à traiter",
            "demandes de prêt à traiter",
            "toolbox_loan",
            "?status__exact=requested",
        ),
        _task(
            called,
            "adhésion appelée, non payée",
            "adhésions appelées, non payées",
            "members_membership",
            f"?status__exact=called&year={on.year}",
        ),
        _task(
            drafts,
            "Scan’équipe en brouillon",
            "Scan’équipe en brouillon",
            "members_scan",
            "?envoi=non",
        ),
        _task(vacant, "équipe sans coordination", "équipes sans coordination", "members_team"),
        _task(
            applied,
            "candidature à étudier",
            "candidatures à étudier",
            "training_enrolment",
            "?status__exact=applied",
        ),
        _task(
            failed,
            "message non parti",
            "messages non partis",
            "mail_message",
            "?status__exact=failed",
        ),
    ]


def _task(queryset: QuerySet[Any], one: str, many: str, model: str, query: str = "") -> Task:
    return Task(queryset.count(), one, many, reverse(f"admin:{model}_changelist") + query)
