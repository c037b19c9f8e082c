"""A département as those who follow it see it: its teams, who coordinates them, what was done there,
and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from apmsl.lib import typography
from apmsl.lib.dates import in_year, reference_day, today
from apmsl.lib.typography import typeset
from events.models import Event
from members.enums import Department
from members.models import AccompanimentTeam, Exchange, FirstContact, User
from members.services import following
from members.services.following import Cell
from reports.builders import listings
from reports.builders.exhibits import Counted, Table
from reports.builders.listings import Cut
from reports.indicators import Scope

COMING_SHOWN = 8
# What is counted, and how it is called: the lists of ``listings``.
SHOWN = {
    "equipes": ("équipe adhérente", "équipes adhérentes"),
    "constituees": ("équipe constituée", "équipes constituées"),
    "en-projet": ("équipe en projet", "équipes en projet"),
    "coordination": ("personne à la coordination", "personnes à la coordination"),
    "actions": ("action tenue ici", "actions tenues ici"),
    "touchees": ("équipe touchée", "équipes touchées"),
    "premiers-contacts": ("premier contact", "premiers contacts"),
    "sans-contact": ("équipe sans contact", "équipes sans contact"),
}


@dataclass(frozen=True)
class District:
    department: Department
    scope: Scope
    figures: Sequence[Counted]
    coming: Sequence[Event]
    # Work lists that hold something there: the label, how many, where.
    waiting: Sequence[tuple[str, Cell]]

    @property
    def has_teams(self) -> bool:
        return bool(self.figures[0].value)

    @property
    def table(self) -> Table:
        year = str(self.scope.year)
        lines = [(one.label, [one]) for one in self.figures]
        waiting = [
            (label, [Counted(value=cell.count, text=str(cell.count))])
            for label, cell in self.waiting
        ]
        title = f"{self.department.label}, {year}"
        return Table(key="chiffres", title=title, head=("", year), lines=[*lines, *waiting])


def of_department(code: str, year: int) -> District:
    scope = Scope.of(year, reference_day(year))
    figures = [_figure(scope, subject, code) for subject in SHOWN]
    coming = Event.objects.coming(today()).filter(department=code)[:COMING_SHOWN]
    return District(
        department=Department(code),
        scope=scope,
        figures=[*figures, _exchanges(scope, code)],
        coming=list(coming),
        waiting=_waiting(code, today()),
    )


def usual(user: User) -> str:
    """Where somebody follows the most first contacts and teams; the first département of all without
    any."""
    followed: dict[str, int] = {}
    # No person follows what nobody follows.
    mine = user.person_id or 0
    for rows, path in (
        (FirstContact.objects.filter(officer=mine), "department"),
        (
            AccompanimentTeam.objects.filter(accompaniment__officer=mine),
            "team__department",
        ),
    ):
        counted: Any = rows.order_by().values_list(path)
        for code, n in counted.annotate(n=Count("pk")):
            followed[code] = followed.get(code, 0) + n
    known = [code for code in Department.values if followed.get(code)]
    return max(known, key=lambda code: followed[code], default=Department.values[0])


def _figure(scope: Scope, subject: str, code: str) -> Counted:
    number = listings.count(scope, subject, Cut(departement=code))
    url = listings.address(scope.year, subject, departement=code)
    return Counted(
        value=number,
        text=typography.number(number),
        label=typography.agree(number, *SHOWN[subject]),
        url=url,
    )


def _exchanges(scope: Scope, code: str) -> Counted:
    """Noted by the staff, and seen by it alone: in the admin."""
    dated = in_year("happened_on", scope.year, scope.as_of)
    number = Exchange.objects.filter(dated, team__department=code).count()
    asked = {
        "departement": code,
        "happened_on_from": date(scope.year, 1, 1).isoformat(),
        "happened_on_to": scope.as_of.isoformat(),
    }
    return Counted(
        value=number,
        text=typography.number(number),
        label=typography.agree(number, "échange noté", "échanges notés"),
        url=f"{reverse('admin:members_exchange_changelist')}?{urlencode(asked)}",
    )


def _waiting(code: str, on: date) -> list[tuple[str, Cell]]:
    place = Department.values.index(code)
    lists = [*following.found(on), *following.charged(on, None)]
    found = [(typeset(one.label), one.cells[place]) for one in lists]
    return [(label, cell) for label, cell in found if cell.count]
