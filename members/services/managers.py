"""Who keeps the account of a team. Lock order: the team, then its managers.

A team whose account has managers is never left without one: whoever ends one waits for the others
who do, here for a message in French, and in a trigger for whatever does not come this way.
"""

from datetime import date

from django.db import transaction

from members.models import Person, Position, Team, TeamManager


class ManagersRefused(Exception):
    """The message is shown to the team."""


def lock(team: Team) -> Team:
    return Team.objects.select_for_update(of=("self",), no_key=True).get(pk=team.pk)


@transaction.atomic
def name(*, team: Team, person: Person, on: date) -> TeamManager:
    """Asked again, or named for later: the same row."""
    team = lock(team)
    if not Person.objects.in_team(team, on).filter(pk=person.pk).exists():
        raise ManagersRefused("Choisissez quelqu’un de l’équipe : invitez d’abord cette personne.")
    return begin(team=team, person=person, on=on)


@transaction.atomic
def withdraw(*, manager: TeamManager, on: date) -> None:
    """From that day on; twice is once."""
    team = lock(manager.team)
    manager.refresh_from_db()
    if manager.ended_on is not None:
        return
    others = team.managers.open().on(on).exclude(pk=manager.pk)
    if not others.exists():
        raise ManagersRefused(
            "Le compte de l’équipe a toujours un gestionnaire : nommez d’abord quelqu’un d’autre."
        )
    _end(manager, on)


@transaction.atomic
def ensure(*, person: Person, on: date) -> None:
    """Whoever opens an account keeps that of the teams they speak for, where nobody does yet."""
    posts = Position.objects.speaking().on(on).filter(person=person)
    for team in Team.objects.open_on(on).filter(pk__in=posts.values("team")).order_by("pk"):
        if not lock(team).managers.open().exists():
            begin(team=team, person=person, on=on)


# -- for those who hold the lock of the team -------------------------------------------------------
def begin(*, team: Team, person: Person, on: date) -> TeamManager:
    known = team.managers.filter(person=person).open().first()
    if known is None:
        # One that ends later goes on instead.
        known = team.managers.filter(person=person, ended_on__gt=on).first()
    if known is None:
        return TeamManager.objects.create(team=team, person=person, started_on=on)
    known.started_on, known.ended_on = min(known.started_on, on), None
    known.save(update_fields=["started_on", "ended_on"])
    return known


def _end(manager: TeamManager, on: date) -> None:
    manager.ended_on = max(on, manager.started_on)
    manager.save(update_fields=["ended_on"])


def hand_over(*, team: Team, person: Person, to: Person | None, on: date) -> None:
    """From that day on somebody else keeps the account; without anybody, only if others do."""
    mine = list(team.managers.filter(person=person).open())
    if not mine:
        return
    if to is not None:
        begin(team=team, person=to, on=on)
    elif not team.managers.open().on(on).exclude(person=person).exists():
        raise ManagersRefused(
            "Cette personne est la seule à gérer le compte de l’équipe : dites qui prend la suite."
        )
    for manager in mine:
        _end(manager, on)
