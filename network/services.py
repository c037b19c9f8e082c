from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet

from apmsl.lib.counting import is_first_look
from events.models import Event
from members.enums import PositionRole
from members.models import Departure, Person, Position, Team, User
from members.services.departures import Matter
from network.models import (
    Article,
    GroupMeeting,
    GroupReferent,
    LocalGroup,
    LocalGroupTeam,
    Mandate,
)


def count_article(*, article: Article, user: User | AnonymousUser, on: date) -> None:
    if is_first_look(f"article:{article.pk}", user, on):
        Article.objects.filter(pk=article.pk).update(views=F("views") + 1)


# -- when somebody leaves --------------------------------------------------------------------------
def roles_in_network(team: Team, person: Person, on: date) -> Iterator[Matter]:
    """The local group follows the coordinator's post; mandates are the person's."""
    for group in _groups(team, on):
        text = f"{group} : y vient qui tient la coordination de l’équipe"
        yield Matter(text, group.get_absolute_url())
        if GroupReferent.objects.on(on).filter(group=group, person=person).exists():
            yield Matter(f"Référence du groupe {group} : passe à qui prend la suite")
    mandates = Mandate.objects.on(on).filter(person=person).select_related("institution")
    for mandate in mandates.order_by("pk"):
        yield Matter(f"{mandate.institution}, mandat ({mandate.get_rank_display().lower()})")


def hand_group_over(*, departure: Departure, **_signal: object) -> None:
    """The referent of the team's group gives the place to whoever takes over, unless they coordinate
    another of its teams."""
    person, heir, on = departure.person, departure.successor, departure.first_day_without
    if not (departure.leaves_team or PositionRole.COORDINATOR in departure.roles):
        return
    for group in _groups(departure.team, on):
        teams = LocalGroupTeam.objects.on(on).filter(group=group)
        posts = Position.objects.coordinators().on(on).filter(team__in=teams.values("team"))
        if not posts.filter(person=person).exists():
            _pass_on(group, person, heir, on)


def _pass_on(group: LocalGroup, person: Person, heir: Person | None, on: date) -> None:
    referents = GroupReferent.objects.on(on).filter(group=group)
    ended = referents.filter(person=person).update(ended_on=on)
    if ended and heir and not referents.filter(person=heir).exists():
        GroupReferent.objects.create(group=group, person=heir, started_on=on)


def keep_group(*, departure: Departure, **_signal: object) -> None:
    """The departure does not take place."""
    on = departure.first_day_without
    for group in _groups(departure.team, on):
        referents = GroupReferent.objects.filter(group=group)
        referents.filter(person=departure.person, ended_on=on).update(ended_on=None)
        referents.filter(person=departure.successor, started_on=on).delete()


def _groups(team: Team, on: date) -> QuerySet[LocalGroup]:
    links = LocalGroupTeam.objects.on(on).filter(team=team)
    return LocalGroup.objects.open_on(on).filter(pk__in=links.values("group")).order_by("pk")


def meet_again(sender: Any, *, event: Event, copy: Event, **_: Any) -> None:
    """The copy of a group's meeting is a meeting of the same group."""
    meeting = GroupMeeting.objects.filter(event=event).first()
    if meeting:
        GroupMeeting.objects.create(event=copy, group_id=meeting.group_id)
