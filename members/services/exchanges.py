"""Noting an exchange, and that it was taken up again."""

from datetime import date

from django.db import transaction

from members.enums import ExchangeKind
from members.models import Exchange, Person, Team, User


@transaction.atomic
def note(
    *,
    by: User,
    kind: ExchangeKind,
    happened_on: date,
    summary: str,
    person: Person | None = None,
    team: Team | None = None,
    asked: str = "",
    answered: str = "",
    follow_up_on: date | None = None,
) -> Exchange:
    exchange = Exchange(
        by=by,
        kind=kind,
        happened_on=happened_on,
        summary=summary,
        person=person,
        team=team,
        asked=asked,
        answered=answered,
        follow_up_on=follow_up_on,
    )
    exchange.full_clean()
    exchange.save()
    return exchange


@transaction.atomic
def follow_up_done(*, exchange: Exchange, on: date) -> bool:
    """False where somebody had done it already, or nothing was to be done."""
    awaiting = Exchange.objects.to_follow_up().select_for_update()
    locked = awaiting.filter(pk=exchange.pk).first()
    if locked is None:
        return False
    locked.done_on = max(on, locked.happened_on)
    locked.save(update_fields=["done_on"])
    return True
