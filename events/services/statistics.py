"""Who was registered and who came, by team and by département: of one event, or of a year of them.

Registered, present, absent and excused are people's registrations: whoever came to two events of the
year is counted twice. Present is read from the half-days, whatever the registration says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q

from events.enums import EventStatus, RegistrationStatus
from events.models import SEATED, Attendance, Event, Registration
from members.enums import Department

WITHOUT = "Sans équipe"


@dataclass(frozen=True)
class Line:
    """``key`` is the team's id or the département's code; None where there is none."""

    key: int | str | None
    label: str
    registered: int
    present: int
    absent: int
    excused: int
    is_new: bool = False

    @property
    def counts(self) -> tuple[int, int, int, int]:
        return self.registered, self.present, self.absent, self.excused


@dataclass(frozen=True)
class Statistics:
    teams: list[Line]
    departments: list[Line]
    total: Line

    @property
    def new_teams(self) -> list[Line]:
        return [line for line in self.teams if line.is_new]

    @property
    def teams_present(self) -> int:
        return sum(line.key is not None and line.present > 0 for line in self.teams)


def of_event(event: Event) -> Statistics:
    return _statistics(Q(event=event.pk), since=event.starts_on)


def of_year(year: int) -> Statistics:
    """Of the events that begin in the year and are not cancelled."""
    begun = Q(event__starts_on__year=year) & ~Q(event__status=EventStatus.CANCELLED)
    return _statistics(begun, since=date(year, 1, 1))


def _statistics(scope: Q, *, since: date) -> Statistics:
    rows = list(_counted(scope))
    known = _seen_before(since)
    teams = [
        Line(
            row["team"],
            row["team__name"] or WITHOUT,
            *_counts(row),
            is_new=bool(row["team"] and row["present"] and row["team"] not in known),
        )
        for row in rows
    ]
    return Statistics(teams, _by_department(rows), _sum(None, "Ensemble", rows))


def _counted(scope: Q) -> Iterable[dict[str, Any]]:
    came = Exists(
        Attendance.objects.filter(session__event=OuterRef("event"), person=OuterRef("person"))
    )
    seated, excused = Q(status__in=SEATED), Q(status=RegistrationStatus.EXCUSED)
    rows: Any = (
        Registration.objects.filter(scope)
        .annotate(came=came)
        .order_by()
        .values("team", "team__name", "team__department", sort=F("team__sort_name"))
        .annotate(
            registered=Count("pk", filter=seated),
            present=Count("pk", filter=Q(came=True)),
            absent=Count("pk", filter=seated & Q(came=False, event__status=EventStatus.HELD)),
            excused=Count("pk", filter=excused),
        )
        .filter(Q(registered__gt=0) | Q(present__gt=0) | Q(excused__gt=0))
        .order_by(F("sort").asc(nulls_last=True), "team")
    )
    found: Iterable[dict[str, Any]] = rows
    return found


def _seen_before(since: date) -> set[int]:
    """Teams somebody of whom had come to an event before."""
    first = (
        Attendance.objects.filter(
            session__event__starts_on__lt=since,
            session__event__registrations__person=F("person"),
            session__event__registrations__team__isnull=False,
        )
        .order_by()
        .values_list("session__event__registrations__team")
        .annotate(Min("pk"))
    )
    return {team for team, _ in first}


def _counts(row: dict[str, Any]) -> tuple[int, int, int, int]:
    return row["registered"], row["present"], row["absent"], row["excused"]


def _by_department(rows: Iterable[dict[str, Any]]) -> list[Line]:
    found: dict[str | None, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["team__department"], []).append(row)
    labels = dict(Department.choices)
    ranked = sorted(found, key=lambda code: (code is None, code or ""))
    return [_sum(code, str(labels.get(code or "", WITHOUT)), found[code]) for code in ranked]


def _sum(key: str | None, label: str, rows: Iterable[dict[str, Any]]) -> Line:
    columns = [_counts(row) for row in rows] or [(0, 0, 0, 0)]
    registered, present, absent, excused = (sum(column) for column in zip(*columns, strict=True))
    return Line(key, label, registered, present, absent, excused)
