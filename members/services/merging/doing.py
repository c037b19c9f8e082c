"""Doing what a plan says, in the transaction of the merge and under its locks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from members.models import NotDuplicate, Person
from members.services.merging import contacts
from members.services.merging.links import clusters, generic_rows_of, links_to, once_each
from members.services.merging.plans import Clash, Plan, Step
from members.services.merging.rules import CONTACTS, Rule, widest


def apply(todo: Plan, taken: Iterable[str], *, at: datetime) -> None:
    contacts.settle(todo.kept, todo.gone, at=at)
    for step in todo.steps:
        if step.rule is not CONTACTS:
            _apply_step(step, todo)
    _keep_apart(todo.kept, todo.gone)
    for rows, name in generic_rows_of(Person, todo.gone.pk):
        rows.update(**{name: todo.kept.pk})
    _take(todo, taken)
    _remove(todo.gone)


def _apply_step(step: Step, todo: Plan) -> None:
    for clash in step.clashes:
        for other in clash.others:
            if step.rule.ends:
                step.rule.ends(other, clash.survivor)
            else:
                _absorb(clash.survivor, other)
        if step.rule.period:
            _widen(clash, step.rule)
    step.link.rows_of(todo.gone.pk).update(**{step.link.name: todo.kept})


def _absorb(survivor: Any, other: Any) -> None:
    """What hangs on a row that goes hangs on the one that stays, unless that has it already."""
    for link in links_to(type(other)):
        ours = list(link.rows_of(survivor.pk).order_by("pk"))
        theirs = list(link.rows_of(other.pk).order_by("pk"))
        for only in once_each(link) if theirs else []:
            for cluster in clusters([*ours, *theirs], only):
                for row in cluster[1:]:  # the survivor's comes first
                    _absorb(cluster[0], row)
        link.rows_of(other.pk).update(**{link.name: survivor})
    other.delete()


def _widen(clash: Clash, rule: Rule) -> None:
    """What is empty in the row that stays is filled from the others, its days are theirs too."""
    row, period, inner = clash.survivor, rule.period, rule.inner
    dates = {*(period or ()), *(inner or ())}
    for f in row._meta.concrete_fields:
        if f.name not in dates and getattr(row, f.attname) in (None, ""):
            known = (getattr(other, f.attname) for other in clash.others)
            filled = next((value for value in known if value not in (None, "")), None)
            setattr(row, f.attname, getattr(row, f.attname) if filled is None else filled)
    rows = [row, *clash.others]
    if period:
        _set_period(row, period, rows)
    if inner and (begun := [one for one in rows if getattr(one, inner[0])]):
        _set_period(row, inner, begun)
    row.save()


def _set_period(row: Any, period: tuple[str, str], rows: list[Any]) -> None:
    for name, value in zip(period, widest(rows, period), strict=True):
        setattr(row, name, value)


def _take(todo: Plan, taken: Iterable[str]) -> None:
    chosen = {choice.name for choice in todo.choices} & set(taken)
    for name in chosen:
        setattr(todo.kept, name, getattr(todo.gone, name))
    if chosen:
        todo.kept.save(update_fields=sorted(chosen))


def _keep_apart(kept: Person, gone: Person) -> None:
    """Whoever was said to be another than the record that goes is another than the one that stays."""
    for link in links_to(Person):
        for pair in link.rows_of(gone.pk) if link.model is NotDuplicate else ():
            other = pair.second_id if link.name == "first" else pair.first_id
            pair.delete()
            if other != kept.pk:
                first, second = sorted((other, kept.pk))
                said = {"noted_by": pair.noted_by, "noted_at": pair.noted_at}
                NotDuplicate.objects.get_or_create(first_id=first, second_id=second, defaults=said)


def _remove(gone: Person) -> None:
    """Whatever still pointed at it would go with it: nothing may."""
    left = [link.label for link in links_to(Person) if link.rows_of(gone.pk).exists()]
    if left:
        raise RuntimeError(f"still attached to person {gone.pk}: {left}")
    gone.delete()
