"""What a merge will do, worked out without doing it: shown before, done after, logged at the end."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from apmsl.lib.typography import listing, typeset
from members.models import NotDuplicate, Person, PersonMerge, User
from members.services.merging import contacts
from members.services.merging.links import (
    Link,
    Only,
    clusters,
    links_to,
    once_each,
)
from members.services.merging.rules import CONTACTS, Rule, rule_of

# Changed by the people themselves, hence chosen on the page; the rest of a record is the portal's.
_CHOSEN = tuple(f for f in Person._meta.concrete_fields if f.editable and not f.primary_key)


@dataclass(frozen=True)
class Choice:
    """A field, as each record has it; ``kept`` says whose value is proposed."""

    name: str
    label: str
    kept: str
    gone: str
    takes_gone: bool

    @property
    def differs(self) -> bool:
        return self.kept != self.gone


@dataclass(frozen=True)
class Clash:
    """Rows that may not stand together: one survives."""

    survivor: Any
    others: tuple[Any, ...]
    named: str


@dataclass(frozen=True)
class Step:
    """The rows of one relation."""

    link: Link
    rule: Rule
    before: int
    moved: tuple[int, ...]
    clashes: tuple[Clash, ...]

    @property
    def label(self) -> str:
        names = self.link.model._meta
        field: Any = names.get_field(self.link.name)
        usual = field.verbose_name == "personne" or self.link.name == "person"
        name = str(names.verbose_name_plural)
        return name if usual else f"{name} ({field.verbose_name})"

    @property
    def joined(self) -> int:
        return sum(len(clash.others) for clash in self.clashes)

    @property
    def told(self) -> str:
        return typeset(self.rule.told) if self.clashes else ""


@dataclass(frozen=True)
class Plan:
    kept: Person
    gone: Person
    choices: list[Choice]
    steps: list[Step]
    ways: list[contacts.Way]
    obstacles: list[str]

    @property
    def stricter(self) -> list[contacts.Way]:
        return [way for way in self.ways if way.changes]

    @property
    def fingerprint(self) -> str:
        """What was shown: when something else would be done, it is shown again first."""
        seen = [
            [self.kept.pk, self.gone.pk],
            [[choice.name, choice.kept, choice.gone] for choice in self.choices],
            [
                [
                    s.link.label,
                    s.moved,
                    [[c.survivor.pk, [o.pk for o in c.others]] for c in s.clashes],
                ]
                for s in self.steps
            ],
            [[way.key, way.visibility] for way in self.ways],
        ]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()

    def log(self) -> list[dict[str, Any]]:
        """For the journal: how many, of what; no value, since these may have to be erased."""
        return [
            {"label": step.label, "moved": len(step.moved), "joined": step.joined}
            for step in self.steps
            if step.moved or step.clashes
        ]


def plan(*, kept: Person, gone: Person) -> Plan:
    steps = [_step(link, kept, gone) for link in links_to(Person) if link.model is not NotDuplicate]
    return Plan(
        kept,
        gone,
        choices=[_choice(f, kept, gone) for f in _CHOSEN],
        steps=[step for step in steps if step.before or step.moved or step.clashes],
        ways=contacts.ways(kept, gone),
        obstacles=[typeset(told) for told in _obstacles(kept, gone, steps)],
    )


def _choice(f: Any, kept: Person, gone: Person) -> Choice:
    ours, theirs = getattr(kept, f.attname), getattr(gone, f.attname)
    takes_gone = ours in (None, "") and theirs not in (None, "")
    return Choice(f.name, str(f.verbose_name), _shown(f, kept), _shown(f, gone), takes_gone)


def _shown(f: Any, person: Person) -> str:
    value = getattr(person, f.name)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if hasattr(value, "strftime"):
        return f"{value:%d/%m/%Y}"
    return "–" if value in (None, "") else str(value)


# -- rows ------------------------------------------------------------------------------------------
def _step(link: Link, kept: Person, gone: Person) -> Step:
    rule = rule_of(link.label)
    ours = list(link.rows_of(kept.pk).order_by("pk"))
    theirs = list(link.rows_of(gone.pk).order_by("pk"))
    if rule is CONTACTS:
        clashes = _contact_clashes(link, kept, gone)
    elif theirs:
        clashes = [
            clash for only in once_each(link) for clash in _clashes(only, rule, ours, theirs)
        ]
    else:
        clashes = []
    lost = {row.pk for clash in clashes for row in clash.others} if not rule.ends else set()
    moved = tuple(row.pk for row in theirs if row.pk not in lost)
    return Step(link, rule, len(ours), moved, tuple(clashes))


def _contact_clashes(link: Link, kept: Person, gone: Person) -> list[Clash]:
    both = [way for way in contacts.ways(kept, gone) if way.kept and way.gone]
    mine = [way for way in both if isinstance(way.survivor, link.model)]
    return [Clash(way.kept, (way.gone,), str(way.survivor)) for way in mine]


def _clashes(only: Only, rule: Rule, ours: list[Any], theirs: list[Any]) -> Iterator[Clash]:
    concerned = _under(only, ours), _under(only, theirs)
    own = {row.pk for row in concerned[0]}
    for cluster in clusters([*concerned[0], *concerned[1]], only):
        kept = [row for row in cluster if row.pk in own]
        survivor = rule.choose(kept, [row for row in cluster if row.pk not in own])
        others = tuple(row for row in cluster if row.pk != survivor.pk)
        yield Clash(survivor, others, _named(survivor, rule, only))


def _under(only: Only, rows: Sequence[Any]) -> list[Any]:
    """Those that the rule of the database speaks of."""
    if only.condition is None or not rows:
        return list(rows)
    manager = type(rows[0])._base_manager
    known = manager.filter(only.condition, pk__in=[row.pk for row in rows])
    kept = set(known.values_list("pk", flat=True))
    return [row for row in rows if row.pk in kept]


def _named(row: Any, rule: Rule, only: Only) -> str:
    parts = [_follow(row, path) for path in rule.named or only.fields]
    return ", ".join(str(part) for part in parts if part not in (None, ""))


def _follow(row: Any, path: str) -> Any:
    for name in path.split("."):
        row = getattr(row, name)
    return row() if callable(row) else row


# -- what forbids it -------------------------------------------------------------------------------
def _obstacles(kept: Person, gone: Person, steps: list[Step]) -> Iterator[str]:
    if kept.pk == gone.pk:
        yield "Ce sont deux fois la même fiche."
    if kept.erased_on or gone.erased_on:
        yield "Les données de l’une de ces personnes ont été effacées : sa fiche ne se réunit plus."
    accounts = User.objects.filter(person__in=[kept, gone]).order_by("pk")
    if len(accounts) > 1 and kept.pk != gone.pk:
        emails = listing(accounts.values_list("email", flat=True))
        yield (
            f"Chacune des deux fiches a un compte ({emails}). Une personne n’a qu’un compte :"
            " demandez-lui lequel elle garde, puis effacez l’autre fiche ou détachez son compte."
        )
    for step in steps:
        if step.rule.refuses:
            rows = ([clash.survivor, *clash.others] for clash in step.clashes)
            yield from filter(None, map(step.rule.refuses, rows))


def merges_of(person: Person) -> "list[PersonMerge]":
    return list(person.merges.newest_first().select_related("done_by__person"))
