"""What the pictures of the guide show, added to the demonstration's records."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import sleep
from zoneinfo import ZoneInfo

import pghistory
import pgtrigger
from django.conf import settings
from django.utils import timezone

from apmsl.jobs.models import Result, Run, RunRequest, RunStatus
from events import services
from events.enums import EventStatus, Format
from events.models import ActionKind, Attendance, Event, EventLetter, EventSession
from members.models import Person, Team, User
from reports import services as reports
from reports.enums import Document
from reports.models import ReportVersion
from toolbox.models import Theme

DAY = date(2023, 12, 12)
# Seconds that the worker may take for a report.
LONGEST = 120
MOMENT = datetime(2023, 12, 12, 9, 12, tzinfo=ZoneInfo("Europe/Paris"))


@dataclass(frozen=True)
class Scene:
    """What the pictures show."""

    coordinator: User
    team: Team
    open: Event
    full: Event
    day: EventSession
    letter: EventLetter
    report: Run
    running: Run
    voted: ReportVersion


def prepare() -> Scene:
    accounts = json.loads((settings.DEMO / "accounts.json").read_text())
    users = {row["role"]: User.objects.get(email=row["email"]) for row in accounts}
    coordinator, staff = users["coordinator"], users["staff"]
    team = Team.objects.of_person(coordinator.person_id, DAY).get()
    scene = Scene(
        coordinator=coordinator,
        team=team,
        open=_open_event(staff),
        full=_full_event(staff, coordinator.person),
        day=_day(staff),
        letter=_letter(staff),
        report=Run.objects.filter(kind=Document.ACTIVITY).latest_first()[0],
        running=_running(users["board"]),
        voted=_voted(staff, users["board"]),
    )
    # What is dated by the clock, or weighed, would change with each run.
    RunRequest.objects.update(requested_at=MOMENT)
    Run.objects.filter(status=RunStatus.DONE).update(requested_at=MOMENT, finished_at=MOMENT)
    Result.objects.update(created_at=MOMENT, size=200_000)
    with pgtrigger.ignore():
        Event.pgh_event_model.objects.update(pgh_created_at=MOMENT)
    return scene


def _open_event(staff: User) -> Event:
    """Two seats are left of twenty; the staff has added four."""
    event = Event.objects.create(
        title="Ma MSP en pratique : animer une réunion d’équipe",
        description=(
            "Préparer l’ordre du jour, faire parler tout le monde, finir à l’heure et garder une "
            "trace des décisions : une matinée d’exercices, avec vos propres réunions pour matière."
        ),
        kind=ActionKind.objects.get(code="practice"),
        theme=Theme.objects.get(label="Coordination"),
        starts_on=date(2024, 1, 9),
        ends_on=date(2024, 1, 9),
        starts_at=time(9, 30),
        ends_at=time(12, 30),
        format=Format.ON_SITE,
        department="49",
        place="Maison des associations, Angers",
        audiences=["members"],
        capacity=16,
        registration_until=date(2024, 1, 5),
    )
    EventSession.objects.create(event=event, number=1, held_on=event.starts_on)
    with pghistory.context(user=staff.pk):
        event.capacity = 20
        event.save()
    _register(event, _people(0, 18), staff)
    return event


def _full_event(staff: User, coordinator: Person) -> Event:
    """The coordinator waits, second of four."""
    event = Event.objects.create(
        title="Rencontre régionale des coordinations",
        kind=ActionKind.objects.get(code="regional_meeting"),
        starts_on=date(2023, 12, 19),
        ends_on=date(2023, 12, 19),
        starts_at=time(14, 0),
        ends_at=time(17, 0),
        format=Format.HYBRID,
        department="44",
        place="Maison de la santé, Nantes",
        audiences=["members"],
        capacity=12,
    )
    EventSession.objects.create(event=event, number=1, held_on=event.starts_on)
    _register(event, [*_people(18, 31), coordinator, *_people(31, 33)], staff)
    return event


def _day(staff: User) -> EventSession:
    """Whose presence is about to be noted: a morning and an afternoon."""
    held_on = date(2023, 12, 5)
    event = Event.objects.create(
        title="Rencontre des équipes : prendre soin ensemble",
        kind=ActionKind.objects.get(code="regional_meeting"),
        starts_on=held_on,
        ends_on=held_on,
        starts_at=time(9, 30),
        ends_at=time(17),
        department="44",
        place="Cité des congrès, Nantes",
        audiences=["members"],
        capacity=40,
    )
    _register(event, _people(40, 60), staff)
    return EventSession.objects.create(
        event=event,
        number=1,
        held_on=held_on,
        starts_at=time(9, 30),
        break_from=time(12, 30),
        break_to=time(14),
        ends_at=time(17),
    )


def _letter(staff: User) -> EventLetter:
    """Nine of twelve came; they are about to be thanked."""
    held_on = date(2023, 11, 28)
    event = Event.objects.create(
        title="Soirée d’échanges : accueillir un nouvel associé",
        kind=ActionKind.objects.get(code="practice"),
        starts_on=held_on,
        ends_on=held_on,
        starts_at=time(18),
        ends_at=time(20, 30),
        department="49",
        place="Maison de santé, Segré",
        audiences=["members"],
        capacity=30,
    )
    session = EventSession.objects.create(event=event, number=1, held_on=held_on)
    people = _people(70, 82)
    _register(event, people, staff)
    Event.objects.filter(pk=event.pk).update(status=EventStatus.HELD)
    for person in people[:9]:
        Attendance.objects.create(session=session, person=person)
    return EventLetter.objects.create(
        event=event,
        subject="Merci pour cette soirée",
        text=(
            "Merci d’être venu·e : vos questions ont fait la soirée.\n\n"
            "Le livret d’accueil dont nous avons parlé est dans la boîte à outils."
        ),
        recipients="thanks",
    )


def _people(first: int, last: int) -> list[Person]:
    with_address = Person.objects.filter(emails__is_primary=True, account=None)
    return list(with_address.filter(affiliations__isnull=False).order_by("code")[first:last])


def _register(event: Event, people: list[Person], staff: User) -> None:
    services.register_colleagues(
        event=event, people=people, by=staff, on=min(DAY, event.starts_on), at=MOMENT
    )


def _voted(staff: User, board: User) -> ReportVersion:
    """The report of the year before, once the portal's worker has made its PDF."""
    version = reports.lay_before_board(year=DAY.year - 1, by=staff, on=DAY, at=MOMENT)
    for _ in range(LONGEST):
        if reports.file_of(version):
            break
        sleep(1)
    reports.vote(version=version, on=DAY, by=board, today=DAY)
    return version


def _running(board: User) -> Run:
    """Half-way for ever: no worker is late with it before the pictures are taken."""
    run = Run.objects.create(
        kind=Document.ACTIVITY,
        key="picture",
        label=f"{Document.ACTIVITY.label} 2023",
        params={"year": 2022},
        status=RunStatus.RUNNING,
        total=14,
        done=9,
        sent_at=MOMENT,
        beat_at=timezone.now() + timedelta(hours=1),
    )
    RunRequest.objects.create(run=run, user=board)
    return run
