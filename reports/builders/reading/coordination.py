"""Who coordinates each team on a day, and for how many hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef

from members.models import Position
from training.enums import Programme, Result
from training.models import Enrolment


@dataclass(frozen=True)
class Coordination:
    people: frozenset[int] = frozenset()
    # A month, of those who told them.
    hours: Decimal | None = None
    in_network: bool = False
    trained: bool = False


def coordinations(teams: Iterable[int], as_of: date) -> dict[int, Coordination]:
    """By team, of those that have somebody."""
    graduated = Enrolment.objects.with_result_by(as_of, Result.GRADUATED, Result.PENDING).filter(
        cohort__programme=Programme.PACTE, person=OuterRef("person")
    )
    networked = Position.objects.on(as_of).in_network_on(as_of).filter(person=OuterRef("person"))
    posts = Position.objects.coordinators().on(as_of).filter(team__in=list(teams))
    rows = posts.order_by("pk").values_list(
        "team_id", "person_id", "monthly_hours", Exists(networked), Exists(graduated)
    )
    found: dict[int, Coordination] = {}
    for team, person, hours, in_network, trained in rows:
        known = found.get(team, Coordination())
        found[team] = Coordination(
            people=known.people | {person},
            hours=_sum(known.hours, hours),
            in_network=known.in_network or in_network,
            trained=known.trained or trained,
        )
    return found


def _sum(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    known = [hours for hours in (first, second) if hours is not None]
    return sum(known, Decimal(0)) if known else None
