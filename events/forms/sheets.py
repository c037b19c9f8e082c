"""A sheet of registrations of one event, read line by line: what is wrong is told with its line and
its column, and then nothing of it is taken."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.db.models.functions import Lower
from tablib import Dataset

from apmsl.lib.imports import formats
from apmsl.lib.text import normalise
from apmsl.lib.typography import plural, typeset
from events.enums import RegistrationStatus
from events.models import ENDED, Event
from events.services.sheets import TAKEN_IN, Line
from members.models import Person

LARGEST = 5_000_000  # bytes
MOST = 2_000  # lines
TOLD = 50  # problems
_TITLES = {
    "code": ("identifiant", "personne", "code"),
    "address": ("courriel", "e mail", "email", "mail", "adresse e mail"),
    "last_name": ("nom",),
    "first_name": ("prenom",),
    "status": ("etat", "statut"),
}
_STATUSES = {normalise(str(status.label)): status for status in RegistrationStatus}
_NAMELESS = normalise("Place à compléter")  # a line of the sheet that the portal itself gives

Row = Mapping[str, str]


class SheetForm(forms.Form):
    file = forms.FileField(
        label="Fichier XLSX ou CSV",
        help_text=typeset(
            "Une ligne par personne. Colonnes lues : Identifiant, Courriel, Nom, Prénom, État. "
            "Sans état, la personne est inscrite."
        ),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.lines: list[Line] = []

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("Ce fichier est trop lourd : 5 Mo au plus.")
        reader = formats.CSV() if file.name.lower().endswith(".csv") else formats.XLSX()
        try:
            dataset = reader.create_dataset(file.read())
        except formats.Unreadable as refusal:
            raise forms.ValidationError(str(refusal)) from None
        problems = self._read(dataset)
        if problems:
            told = [typeset(problem) for problem in problems[:TOLD]]
            if left := len(problems) - len(told):
                told.append(f"… et {plural(left, 'autre erreur', 'autres erreurs')}.")
            raise forms.ValidationError(told)
        return file

    def _read(self, dataset: Dataset) -> list[str]:
        titles = [_column(title) for title in dataset.headers]
        if "code" not in titles and "address" not in titles and "last_name" not in titles:
            return ["Ligne 1 : aucune colonne ne dit qui, ni Identifiant, ni Courriel, ni Nom."]
        rows = [
            (number, {name: cell.strip() for name, cell in zip(titles, row, strict=True) if name})
            for number, row in enumerate(dataset, start=2)
            if any(row)
        ]
        rows = [(n, row) for n, row in rows if normalise(row.get("last_name", "")) != _NAMELESS]
        if len(rows) > MOST:
            return [f"Ce fichier a {plural(len(rows), 'ligne')} : {MOST} au plus."]
        return self._lines(rows)

    def _lines(self, rows: Sequence[tuple[int, Row]]) -> list[str]:
        people = _People([row for _, row in rows])
        known = set(self.event.registrations.order_by().values_list("person", flat=True))
        seen: dict[int, int] = {}
        problems = []
        for number, row in rows:
            try:
                line = Line(people.found(row), _status(row))
                _check(line, number, seen, known)
            except _Wrong as wrong:
                problems.append(f"Ligne {number}, colonne {wrong.column} : {wrong}")
            else:
                self.lines.append(line)
        if not rows:
            problems.append("Ce fichier n’a aucune ligne.")
        return problems


class _Wrong(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


class _People:
    """Those whom the lines may mean, read at once."""

    def __init__(self, rows: Iterable[Row]) -> None:
        rows = list(rows)
        codes = {row.get("code", "") for row in rows}
        addresses = {row.get("address", "").lower() for row in rows}
        names = {_sorted_as(row) for row in rows}
        meant = Q(code__in=codes) | Q(sort_name__in=names)
        meant |= Q(own__in=addresses) | Q(accounts__in=addresses)
        people = Person.objects.annotate(
            own=Lower("emails__address"), accounts=Lower("account__email")
        )
        found = people.filter(meant, erased_on=None).values("pk")
        known = Person.objects.filter(pk__in=found).select_related("account")
        self._all = list(known.prefetch_related("emails").order_by("pk"))

    def found(self, row: Row) -> Person:
        if row.get("code"):
            return self._one("Identifiant", [p for p in self._all if p.code == row["code"]], row)
        if address := row.get("address", "").lower():
            reached = [p for p in self._all if address in _addresses(p)]
            named = [p for p in reached if _is_named(p, row)]
            return self._one("Courriel", named if len(reached) > 1 else reached, row)
        if not row.get("last_name"):
            raise _Wrong("Nom", "cette ligne ne dit pas de qui elle parle.")
        return self._one("Nom", [p for p in self._all if p.sort_name == _sorted_as(row)], row)

    def _one(self, column: str, people: list[Person], row: Row) -> Person:
        if not people:
            raise _Wrong(column, "le portail ne connaît pas cette personne.")
        if len(people) > 1:
            raise _Wrong(
                column, "plusieurs personnes répondent à cette ligne : mettez l’identifiant."
            )
        if row.get("last_name") and normalise(people[0].last_name) != normalise(row["last_name"]):
            raise _Wrong("Nom", f"cette ligne mène à {people[0]}, d’un autre nom.")
        return people[0]


def _column(title: str) -> str:
    plain = normalise(title or "").strip()
    return next((name for name, titles in _TITLES.items() if plain in titles), "")


def _sorted_as(row: Row) -> str:
    return normalise(f"{row.get('last_name', '')} {row.get('first_name', '')}")


def _addresses(person: Any) -> set[str]:
    account = getattr(person, "account", None)
    own = {email.address.lower() for email in person.emails.all()}
    return own | ({account.email.lower()} if account else set())


def _is_named(person: Person, row: Row) -> bool:
    return person.sort_name == _sorted_as(row)


def _status(row: Row) -> RegistrationStatus:
    told = row.get("status", "")
    status = _STATUSES.get(normalise(told)) if told else RegistrationStatus.REGISTERED
    if status is None:
        accepted = ", ".join(str(one.label) for one in TAKEN_IN)
        raise _Wrong("État", f"« {told} » n’est pas un état connu : {accepted}.")
    if status not in TAKEN_IN:
        raise _Wrong("État", "une place se propose depuis la liste d’attente, pas par un fichier.")
    return status


def _check(line: Line, number: int, seen: dict[int, int], known: Collection[int | None]) -> None:
    pk = line.person.pk
    if pk in seen:
        raise _Wrong("Nom", f"{line.person} est déjà à la ligne {seen[pk]}.")
    seen[pk] = number
    if line.status in ENDED and pk not in known:
        raise _Wrong("État", f"{line.person} n’a pas d’inscription à cet événement.")
