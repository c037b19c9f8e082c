"""What the portal knows of a person or of a team, for a page and as a copy to take away."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import FileField, Model, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import capfirst

from apmsl.lib.typography import clock, day, number
from members.models import Person, PersonEmail, Team, User
from members.models.personal import LEFT_OUT, SOURCES, THEMES, Source

Pairs = list[tuple[str, Any]]


@dataclass(frozen=True)
class Row:
    values: Pairs
    changed_at: datetime | None
    seen_by: str
    told: Pairs = field(default_factory=list)  # what is filled in, as a page says it
    files: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    source: Source
    label: str
    rows: list[Row]
    history: list[Pairs]


@dataclass(frozen=True)
class Subject:
    """A person, or a team."""

    of: Person | Team

    @cached_property
    def addresses(self) -> list[str]:
        """Those which are this person's alone: what was written to a shared one is others' too."""
        own = set(PersonEmail.objects.filter(person=self.of.pk).values_list("address", flat=True))
        own |= set(User.objects.filter(person=self.of.pk).values_list("email", flat=True))
        others = PersonEmail.objects.exclude(person=self.of.pk).filter(address__in=own)
        return sorted(own - set(others.values_list("address", flat=True)))

    def condition(self, source: Source) -> Q | None:
        if isinstance(self.of, Team):
            return source.rows_of_team(self.of.pk) if source.team else None
        if source.email:
            return Q(**{f"{source.email}__in": self.addresses})
        return source.rows_of_person(self.of.pk) if source.person else None


def sections(of: Person | Team) -> list[Section]:
    """By theme, without the empty ones."""
    subject = Subject(of)
    found = []
    for source in sorted(SOURCES, key=lambda source: THEMES.index(source.theme)):
        condition = subject.condition(source)
        left = {*source.hidden, *(source.own if isinstance(of, Team) else ())}
        section = _section(source, condition, left) if condition is not None else None
        if section is not None:
            found.append(section)
    return found


def _section(source: Source, condition: Q, left: set[str]) -> Section | None:
    model = apps.get_model(source.model)
    fields = [f for f in model._meta.concrete_fields if f.name not in left]
    related = [
        f"{f.name}__person" if f.related_model is User else f.name for f in fields if f.is_relation
    ]
    rows = list(model._base_manager.filter(condition).select_related(*related).order_by("pk"))
    past = _past(model, source, condition, rows)
    if not rows and not past:
        return None
    changes = {event.pgh_obj_id: event.pgh_created_at for event in past}  # the last one stays
    told = [
        Row(
            [(_label(f), _value(f, row)) for f in fields],
            changes.get(row.pk),
            getattr(row, "get_visibility_display", lambda: source.seen_by)().lower(),
            _told(fields, row, source),
            [getattr(row, f.name) for f in fields if isinstance(f, FileField)],
        )
        for row in rows
    ]
    label = capfirst(_FRENCH.get(name := str(model._meta.verbose_name_plural), name))
    return Section(source, label, told, [_version(event, fields) for event in past])


# -- history ---------------------------------------------------------------------------------------
def _past(model: type[Model], source: Source, condition: Q, rows: list[Any]) -> list[Any]:
    """Replaced and deleted versions, the oldest first; of deleted rows too, where they say whose
    they were."""
    events = getattr(model, "pgh_event_model", None)
    if events is None:
        return []
    whose = Q(pgh_obj_id__in=[row.pk for row in rows])
    parts: list[Any] = condition.children
    lookups = {part[0] for part in parts if isinstance(part[0], str)}
    if all("__" not in lookup and lookup != "pk" for lookup in lookups):
        whose |= condition
    found: QuerySet[Any] = events.objects.filter(whose).order_by("pgh_created_at", "pk")
    return list(found)


def _version(event: Any, fields: list[Any]) -> Pairs:
    kept = {f.name for f in event._meta.concrete_fields}
    told = [(_label(f), _plain(getattr(event, f.attname))) for f in fields if f.name in kept]
    return [("remplacé ou supprimé le", _plain(event.pgh_created_at)), *told]


# -- values ----------------------------------------------------------------------------------------
# Libraries' own models say their fields in English.
_FRENCH = {
    "created at": "ouverte le",
    "last seen at": "vue le",
    "ip": "adresse IP",
    "user agent": "navigateur",
    "user": "compte",
    "user sessions": "appareils connectés",
    "person": "personne",
    "run": "document",
}


def _label(f: Any) -> str:
    return "n°" if f.primary_key else _FRENCH.get(name := str(f.verbose_name), name)


def _told(fields: list[Any], row: Any, source: Source) -> Pairs:
    """Without the number of the row, nor whose it is: the page says so."""
    whose = {source.person.split("__")[0]} if source.person else set()
    mine = [f for f in fields if not f.primary_key and f.name not in whose]
    pairs = [(capfirst(_label(f)), _shown(f, row)) for f in mine]
    return [(label, value) for label, value in pairs if value not in (None, "", [])]


def _shown(f: Any, row: Any) -> Any:
    value = None if f.is_relation else getattr(row, f.attname)
    if isinstance(value, datetime):
        value = timezone.localtime(value)
        return f"{day(value)} à {clock(value)}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    return number(value) if isinstance(value, Decimal) else _value(f, row)


def _value(f: Any, row: Any) -> Any:
    if f.is_relation:
        other = getattr(row, f.name)
        # An account is named by its person: its address is its owner's to show.
        named = (other.person or f"compte n° {other.pk}") if isinstance(other, User) else other
        return None if other is None else str(named)
    if f.choices:
        return getattr(row, f"get_{f.name}_display")()
    return _plain(getattr(row, f.attname))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | int | float | list | None) else str(value)


# -- what one did ----------------------------------------------------------------------------------
def acts(person: Person) -> Iterator[dict[str, Any]]:
    """The rows of teams and of others that bear this person's hand: which, and in what part."""
    account = User.objects.filter(person=person).first()
    for source in SOURCES:
        model = apps.get_model(source.model)
        for f in model._meta.concrete_fields:
            one = {Person: person, User: account}.get(f.related_model)
            if one is None or source.person.split("__")[0] == f.name:
                continue
            for pk in model._base_manager.filter(**{f.name: one}).values_list("pk", flat=True):
                name = str(model._meta.verbose_name)
                yield {"donnée": name, "n°": pk, "votre part": str(f.verbose_name)}


# -- the copy --------------------------------------------------------------------------------------
def archive(of: Person | Team, *, at: datetime) -> bytes:
    """A ZIP: ``donnees.json`` for machines, ``donnees.html`` to read, and the files."""
    known = sections(of)
    done = list(acts(of)) if isinstance(of, Person) else []
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as copy:
        told = {
            "sujet": str(of),
            "établi le": _plain(at),
            "données": [_as_json(section) for section in known],
            "ce que vous avez fait": done,
            "non fourni": LEFT_OUT,
        }
        copy.writestr("donnees.json", json.dumps(told, ensure_ascii=False, indent=1, default=str))
        context = {"subject": of, "at": at, "sections": known, "acts": done, "left_out": LEFT_OUT}
        copy.writestr("donnees.html", render_to_string("members/data/copy.html", context))
        for name, content in _files(known):
            copy.writestr(name, content)
    return packed.getvalue()


def _as_json(section: Section) -> dict[str, Any]:
    return {
        "thème": section.source.theme,
        "nature": section.label,
        "modèle": section.source.model,
        "source": section.source.origin,
        "lignes": [{**dict(row.values), "vu par": row.seen_by} for row in section.rows],
        "versions précédentes": [dict(version) for version in section.history],
    }


def _files(known: list[Section]) -> Iterator[tuple[str, bytes]]:
    kept = (file for section in known for row in section.rows for file in row.files if file)
    for rank, file in enumerate(kept, 1):
        try:
            with file.open("rb") as opened:
                yield f"fichiers/{rank}-{file.name.rpartition('/')[2]}", opened.read()
        except FileNotFoundError:
            continue
