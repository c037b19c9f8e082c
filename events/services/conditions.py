"""Who may be registered, when, and for which team: one set of rules for every way in.

``by`` is None when the person acts by a link signed for them: then nobody else is concerned.
The federation's staff is bound by none of these but the cancellation of the event.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db.models import Count, Value

from apmsl.lib.typography import day, listing, plural
from events.access import addressed, may_register
from events.enums import EventStatus
from events.models import Event, Registration
from events.services.refusals import (
    AlreadyOver,
    EventCancelled,
    NotOpenYet,
    NotYourColleague,
    RegistrationClosed,
    TeamFull,
    WrongAudience,
)
from members.access import STAFF, teams_led_by
from members.models import Affiliation, Person, Position, Team, User


def is_staff(by: User | None) -> bool:
    return by is not None and STAFF.allows(by)


# -- who --------------------------------------------------------------------------------------------
def check_rights(people: Sequence[Person], by: User | None, on: date) -> None:
    if by is not None and not may_register(by, people, on):
        raise NotYourColleague("Vous inscrivez les personnes de votre équipe seulement.")


def check_may_move(registration: Registration, by: User | None, on: date) -> None:
    """One's own, that of a colleague, or a seat kept for a team that one leads."""
    if registration.person is not None:
        check_rights([registration.person], by, on)
    elif by is None or not leads(by, registration.team_id, on):
        raise NotYourColleague("Cette place est gardée pour une autre équipe que la vôtre.")


def leads(by: User, team_id: int | None, on: date) -> bool:
    if team_id is None:
        return False
    return STAFF.allows(by) or teams_led_by(by, on).filter(pk=team_id).exists()


# -- when -------------------------------------------------------------------------------------------
def check_open(event: Event, by: User | None, on: date) -> None:
    """The staff still registers after the deadline, and notes who came without registering."""
    if event.status == EventStatus.CANCELLED:
        raise EventCancelled("Cet événement est annulé.")
    if is_staff(by):
        return
    if event.is_over(on):
        raise AlreadyOver("Cet événement a déjà eu lieu.")
    if not event.is_open(on):
        last_day = day(event.last_day_to_register)
        raise RegistrationClosed(f"Les inscriptions sont closes depuis le {last_day}.")


def check_not_over(event: Event, by: User | None, on: date) -> None:
    if event.is_over(on) and not is_staff(by):
        raise AlreadyOver("Cet événement a déjà eu lieu.")


# -- for whom ---------------------------------------------------------------------------------------
def check_audience(event: Event, people: Sequence[Person], by: User | None, on: date) -> None:
    if is_staff(by):
        return
    concerned = addressed(event, people, by, on)
    left_out = [person for person in people if person.pk not in concerned]
    if left_out:
        raise WrongAudience(f"Cet événement ne s’adresse pas à {_names(left_out, by)}.")
    opening = opens_for(event, people, by, on)
    if opening:
        early, opens_on = opening
        raise NotOpenYet(f"Les inscriptions ouvrent le {day(opens_on)} pour {_names(early, by)}.")


def opens_for(
    event: Event, people: Sequence[Person], by: User | None, on: date
) -> tuple[list[Person], date] | None:
    """Those whose day has not come, and the first of these days. One audience that is open already
    is enough for whoever is in several."""
    if not getattr(event, "has_openings", True):  # known of an event that is locked
        return None
    later = dict(event.openings.filter(opens_on__gt=on).values_list("audience", "opens_on"))
    if not later:
        return None
    now = [audience for audience in event.audiences if audience not in later]
    admitted = addressed(event, people, by, on, among=now)
    early = [person for person in people if person.pk not in admitted]
    for audience in sorted(later, key=lambda name: later[name]):
        if early and addressed(event, early, by, on, among=[audience]):
            return early, later[audience]
    return None


def _names(people: Sequence[Person], by: User | None) -> str:
    own = by.person if by else people[0]
    return "vous" if people == [own] else listing(people)


# -- for which team ---------------------------------------------------------------------------------
def check_team_seats(event: Event, entering: Iterable[Registration], by: User | None) -> None:
    """Whoever waits counts too: a team does not take the waiting list either."""
    if event.seats_per_team is None or is_staff(by):
        return
    wanted = Counter(row.team_id for row in entering if row.team_id)
    live = event.registrations.live().filter(team__in=list(wanted), over_capacity=False)
    taken: dict[int | None, int] = dict(live.order_by().values_list("team").annotate(n=Count("pk")))
    for team in Team.objects.filter(pk__in=list(wanted)).order_by("sort_name", "pk"):
        left = max(event.seats_per_team - taken.get(team.pk, 0), 0)
        if wanted[team.pk] > left:
            each = plural(event.seats_per_team, "place")
            rest = f"il en reste {left}" if left else "il n’en reste plus"
            raise TeamFull(f"Chaque équipe a droit à {each} : {rest} pour « {team} ».")


def teams_of(people: Collection[int | None], by: User | None, on: date) -> dict[int | None, int]:
    """The team of each person today: where they practise, else where they hold a post; of several,
    one that the person who registers leads."""
    practised = Affiliation.objects.on(on).filter(person__in=people)
    held = Position.objects.on(on).filter(person__in=people)
    found: dict[int | None, list[int]] = {}
    links = practised.annotate(rank=Value(0)).values_list("rank", "pk", "person_id", "team_id")
    links = links.union(
        held.annotate(rank=Value(1)).values_list("rank", "pk", "person_id", "team_id")
    )
    for _, _, person_id, team_id in links.order_by("rank", "pk"):
        found.setdefault(person_id, []).append(team_id)
    several = by is not None and any(len(set(teams)) > 1 for teams in found.values())
    led = set(teams_led_by(by, on).values_list("pk", flat=True)) if several and by else set()
    return {
        person_id: next((team for team in teams if team in led), teams[0])
        for person_id, teams in found.items()
    }
