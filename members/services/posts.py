"""Beginning and ending what links a person to a team, for those who hold the lock of the team."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from members.enums import PositionRole
from members.models import Affiliation, Person, Position, Team


def join(*, person: Person, team: Team, on: date) -> None:
    """They practise there from that day on; if they already do, nothing changes."""
    mine = Affiliation.objects.filter(person=person, team=team)
    if mine.on(on).exists():
        return
    later = mine.filter(started_on__gt=on).order_by("started_on", "pk").first()
    if later is None:
        Affiliation.objects.create(person=person, team=team, started_on=on)
    else:
        later.started_on = on
        later.save(update_fields=["started_on"])


def begin(*, person: Person, team: Team, role: PositionRole, on: date) -> None:
    """They hold the post from that day on; if they already do, nothing changes."""
    mine = Position.objects.filter(person=person, team=team, role=role)
    if mine.on(on).exists():
        return
    later = mine.filter(started_on__gt=on).order_by("started_on", "pk").first()
    if later is None:
        Position.objects.create(person=person, team=team, role=role, started_on=on)
    else:
        later.started_on = on
        later.save(update_fields=["started_on"])


def leave(*, person: Person, team: Team, on: date) -> None:
    for link in Affiliation.objects.filter(_going_on(on), person=person, team=team):
        link.ended_on = max(on, link.started_on or on)
        link.save(update_fields=["ended_on"])


def end(*, person: Person, team: Team, roles: Collection[str], on: date) -> None:
    """The registration in the network ends with the coordinator's post."""
    for post in Position.objects.filter(_going_on(on), person=person, team=team, role__in=roles):
        post.ended_on = max(on, post.started_on)
        if post.network_joined_on and post.network_left_on is None:
            post.network_left_on = max(post.ended_on, post.network_joined_on)
        post.save(update_fields=["ended_on", "network_left_on"])


def go_on(*, person: Person, team: Team, ended_on: date) -> None:
    """What was to end that day does not."""
    Affiliation.objects.filter(person=person, team=team, ended_on=ended_on).update(ended_on=None)
    held = Position.objects.filter(person=person, team=team)
    held.filter(network_left_on=ended_on).update(network_left_on=None)
    held.filter(ended_on=ended_on).update(ended_on=None)


def _going_on(on: date) -> Q:
    return Q(ended_on__isnull=True) | Q(ended_on__gt=on)
