"""Someone leaves a team, and somebody takes over. Lock order: the team, then its rows.

All is dated rows, written at once: until the last day nothing changes, the day after the rights are
those of whoever took over, and no clock has to do anything.
"""

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from members import mails, signals
from members.access import teams_kept
from members.enums import PositionRole
from members.models import Departure, Invitation, Person, Position, Scan, Team, User
from members.models.team_account import LASTS
from members.services import invitations, managers, posts
from members.services.invitations import Guest

logger = logging.getLogger(__name__)

AT_MOST_AHEAD = timedelta(days=366)


class DepartureRefused(Exception):
    """The message is shown to whoever prepares it."""


# -- what hangs on a person ------------------------------------------------------------------------
@dataclass(frozen=True)
class Matter:
    """Something to hand over, or to settle before leaving."""

    text: str
    url: str = ""


# Of a team and of whoever leaves it, on a day; the upper apps add theirs.
Matters = Callable[[Team, Person, date], Iterable[Matter]]
_matters: dict[str, Matters] = {}


def register_matters(title: str, matters: Matters) -> None:
    _matters[title] = matters


def matters_of(team: Team, person: Person, on: date) -> list[tuple[str, list[Matter]]]:
    found = [(title, list(matters(team, person, on))) for title, matters in _matters.items()]
    return [(title, lines) for title, lines in found if lines]


def drafts(team: Team, person: Person, on: date) -> Iterable[Matter]:
    """The draft is the team's: whoever is there goes on."""
    rows = Scan.objects.filter(team=team, submitted_on=None).select_related("form")
    for draft in rows.order_by("form__year", "pk"):
        yield Matter(
            f"Brouillon du Scan’équipe {draft.form.year} : l’équipe le garde et le continue.",
            f"{team.get_absolute_url()}#scan",
        )


# -- preparing -------------------------------------------------------------------------------------
def may_prepare(user: User, team: Team, person: Person, on: date) -> bool:
    """Oneself; those who keep the account of the team; the staff."""
    if user.person_id == person.pk:
        return True
    return teams_kept(user, on).filter(pk=team.pk).exists()


@dataclass(frozen=True)
class Plan:
    """What is asked: from whom to whom, and until when."""

    person: Person
    last_day: date
    leaves_team: bool = True
    roles: Collection[str] = ()
    successor: Person | None = None
    guest: Guest | None = None  # a successor whom the team does not know yet


@transaction.atomic
def prepare(*, team: Team, plan: Plan, by: User, on: date, at: datetime) -> Departure:
    team = managers.lock(team)
    _refuse(team, plan, by, on)
    successor = invitations.person_of(plan.guest) if plan.guest else plan.successor
    if successor == plan.person:
        raise DepartureRefused("Quelqu’un d’autre prend la suite.")
    departure = Departure.objects.create(
        team=team,
        person=plan.person,
        last_day=plan.last_day,
        leaves_team=plan.leaves_team,
        roles=sorted(plan.roles),
        successor=successor,
        prepared_by=by,
        prepared_at=at,
    )
    _end(departure)
    if successor:
        _begin(departure, successor)
        _let_in(departure, successor, by=by, on=on, at=at)
    _hand_account_over(departure)
    signals.departure_prepared.send(Departure, departure=departure)
    mails.departure(departure=departure, cancelled=False, at=at)
    logger.info("departure %s prepared by account %s", departure.pk, by.pk)
    return departure


def _refuse(team: Team, plan: Plan, by: User, on: date) -> None:
    if not may_prepare(by, team, plan.person, on):
        raise DepartureRefused("Vous pouvez préparer votre départ, ou celui d’un collègue.")
    if not Person.objects.in_team(team, on).filter(pk=plan.person.pk).exists():
        raise DepartureRefused("Cette personne n’est pas dans l’équipe aujourd’hui.")
    if plan.guest and not teams_kept(by, on).filter(pk=team.pk).exists():
        raise DepartureRefused("Choisissez quelqu’un de l’équipe.")
    if not on <= plan.last_day <= on + AT_MOST_AHEAD:
        raise DepartureRefused("Donnez un dernier jour entre aujourd’hui et dans un an.")
    if team.departures.prepared(on).filter(person=plan.person).exists():
        raise DepartureRefused(
            "Un départ est déjà préparé pour cette personne : annulez-le d’abord."
        )
    if not plan.leaves_team and not plan.roles:
        raise DepartureRefused("Dites ce que cette personne quitte : l’équipe, ou une fonction.")
    held = set(roles_held(team, plan.person, plan.last_day))
    if not set(plan.roles) <= held:
        raise DepartureRefused("Cette fonction n’est pas tenue par la personne qui part.")


def roles_held(team: Team, person: Person, on: date) -> list[str]:
    held = Position.objects.on(on).filter(team=team, person=person)
    return list(held.order_by("role").values_list("role", flat=True).distinct())


def _end(departure: Departure) -> None:
    team, person, on = departure.team, departure.person, departure.first_day_without
    if departure.leaves_team:
        posts.leave(person=person, team=team, on=on)
        posts.end(person=person, team=team, roles=PositionRole.values, on=on)
    else:
        posts.end(person=person, team=team, roles=departure.roles, on=on)


def _begin(departure: Departure, successor: Person) -> None:
    team, on = departure.team, departure.first_day_without
    if not Person.objects.in_team(team, on).filter(pk=successor.pk).exists():
        posts.join(person=successor, team=team, on=on)
    for role in departure.roles:
        posts.begin(person=successor, team=team, role=PositionRole(role), on=on)


def _hand_account_over(departure: Departure) -> None:
    """Whoever stays and still speaks for the team keeps its account."""
    team, person, on = departure.team, departure.person, departure.first_day_without
    speaks = Position.objects.speaking().on(on).filter(team=team, person=person).exists()
    if departure.leaves_team or (departure.successor and not speaks):
        try:
            managers.hand_over(team=team, person=person, to=departure.successor, on=on)
        except managers.ManagersRefused as refusal:
            raise DepartureRefused(str(refusal)) from None


def _let_in(
    departure: Departure, successor: Person, *, by: User, on: date, at: datetime
) -> Invitation | None:
    """Without an account yet: invited now, so that it is open on the day."""
    email = successor.emails.filter(is_primary=True).first()
    if User.objects.filter(person=successor).exists() or email is None:
        return None
    address = email.address.lower()
    late = at + max(LASTS, departure.last_day - on + LASTS)
    invitation, _ = departure.team.invitations.pending().update_or_create(
        team=departure.team,
        email=address,
        defaults={"person": successor, "sent_at": at, "expires_at": late},
        create_defaults={
            "person": successor,
            "first_name": successor.first_name,
            "last_name": successor.last_name,
            "invited_by": by,
            "sent_at": at,
            "expires_at": late,
        },
    )
    mails.team_invitation(invitation=invitation, on=on, at=at)
    return invitation


# -- changing one's mind ---------------------------------------------------------------------------
@transaction.atomic
def cancel(*, departure: Departure, by: User, on: date, at: datetime) -> None:
    """Until the last day: what was to end goes on, what was to begin does not."""
    team = managers.lock(departure.team)
    departure.refresh_from_db()
    if departure.last_day < on:
        raise DepartureRefused("Ce départ a eu lieu.")
    day, person, successor = departure.first_day_without, departure.person, departure.successor
    posts.go_on(person=person, team=team, ended_on=day)
    team.managers.filter(person=person, ended_on=day).update(ended_on=None)
    if successor:
        team.positions.filter(person=successor, started_on=day).delete()
        team.affiliations.filter(person=successor, started_on=day).delete()
        team.managers.filter(person=successor, started_on=day).delete()
        asked = team.invitations.pending().filter(person=successor)
        asked.filter(sent_at__gte=departure.prepared_at).update(withdrawn_at=at)
    signals.departure_cancelled.send(Departure, departure=departure)
    mails.departure(departure=departure, cancelled=True, at=at)
    logger.info("departure %s cancelled by account %s", departure.pk, by.pk)
    departure.delete()
