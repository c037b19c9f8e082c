"""Two records of one person become one. Lock order: the two people, by rising number.

Everything that points at the record that goes is re-attached, found by reading the models; the
database refuses the rest, for the record could not be deleted.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from members.models import NotDuplicate, Person, PersonMerge, User
from members.services.merging import doing
from members.services.merging.plans import Plan, merges_of, plan
from members.signals import people_merged

__all__ = ["MergeRefused", "Plan", "merge", "merges_of", "plan", "set_apart"]


class MergeRefused(Exception):
    """The message is shown to the staff as it is."""


@transaction.atomic
def merge(
    *,
    kept: int,
    gone: int,
    taken: Iterable[str],
    by: User,
    on: date,
    at: datetime,
    shown: str | None = None,
) -> PersonMerge:
    """``taken``: the fields whose value is the vanishing record's. ``shown``: the fingerprint of the
    plan that the staff read; another plan is refused, to be read in its turn.

    The same pair once more, in either order, answers the merge already made.
    """
    people = _lock(kept, gone)
    if isinstance(people, PersonMerge):
        return people
    todo = plan(kept=people[0], gone=people[1])
    if todo.obstacles:
        raise MergeRefused(" ".join(todo.obstacles))
    if shown is not None and shown != todo.fingerprint:
        raise MergeRefused("Les fiches ont changé entre-temps : relisez ce qui sera fait.")
    log = todo.log()
    doing.apply(todo, taken, at=at)
    people_merged.send(PersonMerge, person=todo.kept, on=on, at=at)
    return PersonMerge.objects.create(
        kept=todo.kept,
        gone_id=gone,
        gone_code=todo.gone.code,
        gone_name=str(todo.gone),
        done_at=at,
        done_by=by,
        moved=log,
    )


@transaction.atomic
def set_apart(*, people: tuple[int, int], by: User, at: datetime) -> None:
    """« Ce ne sont pas les mêmes personnes »; said twice, it is said."""
    first, second = sorted(people)
    found = Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk")
    if len(found) == 2:
        NotDuplicate.objects.get_or_create(
            first_id=first, second_id=second, defaults={"noted_by": by, "noted_at": at}
        )


def _lock(kept: int, gone: int) -> tuple[Person, Person] | PersonMerge:
    """Nothing new can point at either of them until the end."""
    rows = Person.objects.select_for_update(of=("self",)).filter(pk__in={kept, gone})
    found = {person.pk: person for person in rows.order_by("pk")}
    if kept in found and gone in found:
        return found[kept], found[gone]
    done = PersonMerge.objects.filter(gone_id__in={kept, gone} - set(found)).newest_first().first()
    if done is None:
        raise MergeRefused("L’une de ces fiches n’existe plus.")
    return done
