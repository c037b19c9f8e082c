"""What a move would do, told by the move itself: it is made, read, and taken back.

So the page that shows it first cannot say anything else than what will be done.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from apmsl.mail.models import Message
from events.enums import RegistrationStatus
from events.models import Registration

_State = tuple[str, bool]  # status, beyond the capacity


@dataclass(frozen=True)
class Step:
    """What would happen to one registration. ``before`` is empty for a new one; ``chosen``, or
    touched by what happens to others; ``mails``: the addresses that are written to."""

    registration: Registration
    before: str
    after: str
    chosen: bool
    mails: list[str]

    @property
    def moves(self) -> bool:
        return self.before != self.after


def rehearse(
    *, events: Collection[int], chosen: Collection[int], make: Callable[[], object]
) -> list[Step]:
    """The chosen ones first, then whom the move touches, by name. ``make`` may refuse."""
    with transaction.atomic():
        last = Message.objects.aggregate(last=Max("pk"))["last"] or 0
        before = _states(events)
        make()
        steps = _steps(events, before, set(chosen), _written(last))
        transaction.set_rollback(True)
    return steps


def _steps(
    events: Collection[int],
    before: dict[int, _State],
    chosen: set[int],
    written: dict[int, list[str]],
) -> list[Step]:
    after = _states(events)
    touched = {pk for pk, state in after.items() if before.get(pk) != state}
    rows = Registration.objects.filter(pk__in={*chosen, *touched, *written} & set(after))
    steps = [
        Step(
            registration=row,
            before=_told(before.get(row.pk)),
            after=_told(after[row.pk]),
            chosen=row.pk in chosen,
            mails=written.get(row.pk, []),
        )
        for row in rows.select_related("person", "event", "team").by_name()
    ]
    return sorted(steps, key=lambda step: not step.chosen)


def _states(events: Collection[int]) -> dict[int, _State]:
    rows = Registration.objects.filter(event__in=events).order_by("pk")
    found = rows.values_list("pk", "status", "over_capacity")
    return {pk: (status, beyond) for pk, status, beyond in found}


def _written(last: int) -> dict[int, list[str]]:
    """To whom the move writes, by registration: see ``events.mails`` for the keys."""
    found: dict[int, list[str]] = {}
    messages = Message.objects.filter(pk__gt=last, object_key__startswith="registration ")
    for key, address in messages.order_by("pk").values_list("object_key", "recipient"):
        found.setdefault(int(key.split()[1]), []).append(address)
    return found


def _told(state: _State | None) -> str:
    if state is None:
        return ""
    status, beyond = state
    label = str(RegistrationStatus(status).label)
    return f"{label} (hors jauge)" if beyond else label
