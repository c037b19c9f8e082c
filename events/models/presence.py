"""Half-days: what presence is counted in, and the taps that note it.

A session with a break is a morning and an afternoon, any other is one half-day. The hours of a
half-day are those of its session, else those of the event, else three and a half.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db import models

from events.enums import HalfDays
from events.models.events import Event, EventSession
from events.models.registrations import Attendance
from members.models import Person, User

MINUTES_OF_A_HALF_DAY = 210
TOLERANCE = 60  # minutes before the start and after the end, for who notes their own arrival
_NOON = time(13)  # the end of a morning that has no hours
_MINUTE = Decimal(60)
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class HalfDay:
    session_id: int
    number: int
    part: HalfDays
    held_on: date
    starts_at: time | None
    ends_at: time | None

    @property
    def key(self) -> str:
        return f"{self.session_id}-{self.part}"

    @property
    def minutes(self) -> int:
        if self.starts_at is None or self.ends_at is None or self.ends_at <= self.starts_at:
            return MINUTES_OF_A_HALF_DAY
        return _minutes(self.ends_at) - _minutes(self.starts_at)

    @property
    def label(self) -> str:
        """« Matin », « Après-midi »; a session that is one half-day is called by its number."""
        if self.part == HalfDays.ALL:
            return f"Séance {self.number}"
        return str(self.part.label)

    def is_past(self, day: date, clock: time) -> bool:
        last = self.ends_at or (_NOON if self.part == HalfDays.MORNING else time.max)
        return (self.held_on, last) < (day, clock)

    def lets_in(self, day: date, clock: time) -> bool:
        """Whoever is in the room may say so, a little before and a little after."""
        now = _minutes(clock)
        starts = 0 if self.starts_at is None else _minutes(self.starts_at) - TOLERANCE
        ends = 24 * 60 if self.ends_at is None else _minutes(self.ends_at) + TOLERANCE
        return self.held_on == day and starts <= now <= ends


@dataclass(frozen=True)
class Presence:
    """What one person has attended."""

    half_days: int = 0
    minutes: int = 0

    @property
    def hours(self) -> Decimal:
        return (self.minutes / _MINUTE).quantize(_CENT)

    def plus(self, halves: Iterable[HalfDay]) -> "Presence":
        minutes = [half.minutes for half in halves]
        return Presence(self.half_days + len(minutes), self.minutes + sum(minutes))


def halves_of(session: EventSession, event: Event) -> list[HalfDay]:
    """The half-days of a session, in their order."""
    starts_at, ends_at = session.starts_at, session.ends_at
    if starts_at is None and ends_at is None:
        starts_at, ends_at = event.starts_at, event.ends_at
    bounds = [(HalfDays.ALL, starts_at, ends_at)]
    if session.has_two_halves:
        bounds = [
            (HalfDays.MORNING, starts_at, session.break_from),
            (HalfDays.AFTERNOON, session.break_to, ends_at),
        ]
    return [
        HalfDay(session.pk, session.number, part, session.held_on, start, end)
        for part, start, end in bounds
    ]


def half_days_of(event: Event) -> list[HalfDay]:
    """Those on which an event meets."""
    sessions = event.sessions.order_by("held_on", "number", "pk")
    return [half for session in sessions for half in halves_of(session, event)]


def current(halves: list[HalfDay], day: date, clock: time) -> HalfDay | None:
    """The one under way, else the next; once all is over, the last."""
    coming = [half for half in halves if not half.is_past(day, clock)]
    return next(iter(coming or halves[-1:]), None)


def letting_in(halves: Iterable[HalfDay], day: date, clock: time) -> HalfDay | None:
    """Between two, the one that begins."""
    return next((half for half in reversed(list(halves)) if half.lets_in(day, clock)), None)


def found(halves: Iterable[HalfDay], key: str) -> HalfDay | None:
    return next((half for half in halves if half.key == key), None)


def those_here(halves: Iterable[HalfDay]) -> set[tuple[int, HalfDay]]:
    """(person, half-day) of everybody present."""
    by_session: dict[int, list[HalfDay]] = {}
    for half in halves:
        by_session.setdefault(half.session_id, []).append(half)
    rows = Attendance.objects.filter(session__in=by_session)
    return {
        (row.person_id, half)
        for row in rows
        for half in attended(by_session[row.session_id], row.half_days)
    }


def attended(halves: Iterable[HalfDay], noted: str) -> list[HalfDay]:
    """Of the half-days of one session, those that ``Attendance.half_days`` tells of.

    Whoever came to the morning of a session whose break was taken away since came to all of it."""
    halves = list(halves)
    if noted == HalfDays.ALL or len(halves) == 1:
        return halves
    return [half for half in halves if half.part == noted]


def noted_as(halves: Iterable[HalfDay], came: Iterable[HalfDay]) -> HalfDays | None:
    """The other way round: what to write for who came to these; None, nothing."""
    halves, came = list(halves), list(came)
    if not came:
        return None
    return HalfDays.ALL if len(came) == len(halves) else came[0].part


def presences(attendances: "models.QuerySet[Attendance]") -> dict[int, Presence]:
    """By person, over whatever events these are of."""
    found: dict[int, Presence] = {}
    halves: dict[int, list[HalfDay]] = {}
    for row in attendances.select_related("session__event").order_by("pk"):
        of_session = halves.setdefault(row.session_id, halves_of(row.session, row.session.event))
        known = found.get(row.person_id, Presence())
        found[row.person_id] = known.plus(attended(of_session, row.half_days))
    return found


def half_days_and_hours(event: Event) -> dict[int, tuple[int, Decimal]]:
    """For each person present: how many half-days, and how many hours they make."""
    noted = presences(Attendance.objects.filter(session__event=event))
    return {person: (came.half_days, came.hours) for person, came in noted.items()}


def presence_of(person: Person, event: Event) -> Presence:
    noted = presences(Attendance.objects.filter(session__event=event, person=person))
    return noted.get(person.pk, Presence())


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


class CheckIn(models.Model):
    """The last word on one person and one half-day, and its moment: telephones that were out of reach
    tell theirs later, and must not undo what was noted after them. Who is present is read from
    ``Attendance``."""

    session = models.ForeignKey(
        EventSession, verbose_name="séance", on_delete=models.CASCADE, related_name="check_ins"
    )
    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.CASCADE, related_name="check_ins"
    )
    part = models.CharField("demi-journée", max_length=10, choices=HalfDays)
    is_here = models.BooleanField("présent·e")
    noted_at = models.DateTimeField("notée le")
    noted_by = models.ForeignKey(
        User,
        verbose_name="notée par",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "pointage"
        constraints = [
            models.UniqueConstraint(
                name="checkin_once_per_half_day",
                fields=["session", "person", "part"],
                violation_error_message="Cette demi-journée a déjà son pointage.",
            )
        ]

    def __str__(self) -> str:
        return f"pointage n° {self.pk}"


@dataclass(frozen=True)
class Tap:
    """« Arrivé·e », or taken back, at a moment."""

    person_id: int
    half: HalfDay
    is_here: bool
    at: datetime
