"""Everything that waits about teams, by list and by département. Only read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Model, QuerySet
from django.urls import reverse

from apmsl.lib.typography import typeset
from members.enums import Department
from members.models import Accompaniment, Exchange, FirstContact, Person, Position, Team
from members.models.attention import VACANT_DAYS, WORK_LISTS

TEAM_LISTS = {
    "sans-coordination": f"Sans coordination depuis {VACANT_DAYS} jours",
    "leader-seul": "Leader seul",
    "formulaire": "Scan’équipe de l’année pas envoyé",
    "sans-contact": "Aucun contact cette année",
    "esp-clap": "ESP CLAP : échéance",
}
OVERDUE_SHOWN = 30


@dataclass(frozen=True)
class Cell:
    count: int
    url: str
    department: str = ""


@dataclass(frozen=True)
class WorkList:
    """A line of the table: a list, how many in each département, and in all."""

    label: str
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True)
class Rows:
    """What a list counts: its rows, where their département stands, and the admin's list of them
    (``department`` names its filter)."""

    label: str
    rows: QuerySet[Any]
    path: str
    department: str
    lookups: dict[str, Any]

    def counted(self) -> WorkList:
        found = self.rows.order_by().values(self.path)
        numbers = dict(found.annotate(n=Count("pk", distinct=True)).values_list(self.path, "n"))
        total = self.rows.order_by().values("pk").distinct().count()
        cells = [
            Cell(numbers.get(code, 0), self._url({self.department: code}), label)
            for code, label in Department.choices
        ]
        return WorkList(typeset(self.label), cells, Cell(total, self._url({})))

    def _url(self, more: dict[str, Any]) -> str:
        return f"{_list_of(self.rows.model)}?{urlencode({**self.lookups, **more})}"


def _list_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


# -- the lists -------------------------------------------------------------------------------------
def charged(on: date, officer: int | None) -> list[WorkList]:
    """What somebody has in charge: of everybody, or of one officer."""
    return [rows.counted() for rows in _charged(on, officer)]


def _charged(on: date, officer: int | None) -> Iterator[Rows]:
    mine = {"officer__id__exact": officer} if officer else {}
    for model, many, path, department in (
        (FirstContact, "Premiers contacts", "department", "department__exact"),
        (
            Accompaniment,
            "Accompagnements",
            "accompaniment_teams__team__department",
            "departement",
        ),
    ):
        rows: Any = model.objects.all()
        if officer:
            rows = rows.in_charge_of(officer)
        late = {"suivi": "retard", **mine}
        yield Rows(f"{many} en retard", rows.overdue(on), path, department, late)
        planned = {"suivi": "action", **mine}
        yield Rows(f"{many} avec une prochaine action", rows.planned(), path, department, planned)
        if not officer:
            label, alone = f"{many} à faire par personne", {"suivi": "personne"}
            yield Rows(label, rows.unheld(), path, department, alone)


def found(on: date) -> list[WorkList]:
    """What the portal finds by itself, whoever is in charge."""
    lists = [
        Rows(
            TEAM_LISTS[key],
            Team.objects.filter(pk__in=Team.objects.needing(key, on).values("pk")),
            "department",
            "department__exact",
            {"suivi": key},
        )
        for key in WORK_LISTS
    ]
    arrived = Position.objects.to_welcome(on)
    welcome = {"accueil": "a-faire"}
    path = "team__department"
    lists.append(Rows("Arrivées à accueillir", arrived, path, f"{path}__exact", welcome))
    due = Exchange.objects.due_on(on)
    lists.append(Rows("Relances à faire", due, path, "departement", {"relance": "due"}))
    return [rows.counted() for rows in lists]


# -- by officer ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Charge:
    officer: Person
    late: int
    planned: int


def charges(officers: QuerySet[Person], on: date) -> list[Charge]:
    """How much each has in charge."""
    late, planned = _per_officer("overdue", on), _per_officer("planned")
    return [
        Charge(person, late.get(person.pk, 0), planned.get(person.pk, 0)) for person in officers
    ]


def _per_officer(which: str, *on: date) -> dict[int, int]:
    numbers: dict[int, int] = {}
    for model in (FirstContact, Accompaniment):
        rows = getattr(model.objects, which)(*on).exclude(officer=None).order_by()
        for officer, n in (
            rows.values("officer").annotate(n=Count("pk")).values_list("officer", "n")
        ):
            numbers[officer] = numbers.get(officer, 0) + n
    return numbers


# -- overdue ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Action:
    """Something that should have been done, the longest ago first."""

    day: date
    text: str
    about: str
    officer: Person | None
    url: str


def overdue(on: date, officer: int | None) -> list[Action]:
    """First contacts and accompaniments whose next action is late."""
    actions: list[Action] = []
    for model in (FirstContact, Accompaniment):
        rows: Any = model.objects.overdue(on).select_related("officer")
        if officer:
            rows = rows.in_charge_of(officer)
        for row in rows.order_by("next_action_on", "pk")[:OVERDUE_SHOWN]:
            url = reverse(f"admin:members_{model._meta.model_name}_change", args=[row.pk])
            actions.append(
                Action(row.next_action_on, row.next_action, _about(row), row.officer, url)
            )
    return sorted(actions, key=lambda action: action.day)[:OVERDUE_SHOWN]


def _about(row: FirstContact | Accompaniment) -> str:
    if isinstance(row, FirstContact):
        return f"Premier contact, {row.get_department_display()}"
    return row.get_kind_display()
