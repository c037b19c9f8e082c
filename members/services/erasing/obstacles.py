"""What forbids to erase someone today, in French."""

from collections.abc import Callable, Iterator
from datetime import date

from django.db.models import Exists, OuterRef

from apmsl.lib.typography import typeset
from members.enums import LEADING_ROLES, PositionRole
from members.models import Person, Position, Team, TeamManager, User
from members.services.merging.links import links_to

Obstacle = Callable[[Person, date], list[str]]
_registered: dict[str, Obstacle] = {}
# Posts of the federation itself; their apps stand above and may not be imported.
_FEDERATION = {
    "network.StaffPost.person": "Un poste salarié est en cours",
    "network.BoardTerm.person": "Un mandat d’administration est en cours",
}


def register_obstacle(name: str, found: Obstacle) -> None:
    """The apps above add theirs at start."""
    _registered[name] = found


def obstacles(person: Person, *, by: User, on: date) -> list[str]:
    return [typeset(told) for told in _obstacles(person, by, on)]


def _obstacles(person: Person, by: User, on: date) -> Iterator[str]:
    if by.person_id == person.pk:
        yield "On n’efface pas ses propres données : demandez à une ou un collègue."
    for team in teams_led_alone(person, on):
        yield (
            f"C’est la seule personne à coordonner, diriger ou gérer l’équipe {team} : notez d’abord"
            " qui prend la suite."
        )
    for team in accounts_kept_alone(person):
        yield f"C’est la seule personne à gérer le compte de l’équipe {team} : nommez-en une autre."
    for link in links_to(Person):
        told = _FEDERATION.get(link.label)
        if told and link.rows_of(person.pk).exclude(ended_on__lte=on).exists():
            yield f"{told} : notez-en d’abord la fin."
    for found in _registered.values():
        yield from found(person, on)


def teams_led_alone(person: Person, on: date) -> list[Team]:
    leading = (PositionRole.COORDINATOR, *LEADING_ROLES)
    posts = Position.objects.on(on).filter(team=OuterRef("pk"), role__in=leading)
    mine, others = posts.filter(person=person), posts.exclude(person=person)
    alone = Team.objects.open_on(on).filter(Exists(mine), ~Exists(others))
    return list(alone.order_by("pk"))


def accounts_kept_alone(person: Person) -> list[Team]:
    managers = TeamManager.objects.open().filter(team=OuterRef("pk"))
    mine, others = managers.filter(person=person), managers.exclude(person=person)
    return list(Team.objects.filter(Exists(mine), ~Exists(others)).order_by("pk"))
