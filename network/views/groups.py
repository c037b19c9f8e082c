from datetime import date

from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apmsl.lib.access import access
from apmsl.lib.blocks import Answer
from apmsl.lib.charts import GroupsMap, Territory
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from events.enums import EventStatus
from events.models import Event, EventQuerySet
from members.access import MEMBER
from members.models import Campaign, Person, Position, Team
from network.access import groups_followed
from network.models import GroupReferent, LocalGroup, LocalGroupTeam
from network.views.renewals import is_followed


@access(MEMBER)
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    on = today()
    found = LocalGroup.objects.open_on(on).with_counts(on).order_by("department", "name", "pk")
    mine = {key for key in request.user.audiences if key.startswith("local_group:")}
    context = {"groups": found, "mine": mine, "drawing": _map(list(found), on)}
    return render(request, "network/groups.html", context)


@access(MEMBER)
@require_safe
def group(request: HttpRequest, group_id: int) -> HttpResponse:
    on = today()
    group = get_object_or_404(LocalGroup.objects.with_counts(on), pk=group_id)
    meetings = Event.objects.filter(group_meeting__group=group)
    context = {
        "group": group,
        "teams": _teams(group, on),
        "coming": meetings.visible_to(request.user).coming(on),
        "past": _past(meetings, on)[:12],
        "referents": _referents(group, on),
        "is_followed": is_followed(request.user, group, on),
    }
    return render(request, "network/group.html", context)


def my_group_block(request: Request, on: date) -> Answer:
    """On the home page: the group of one's team, its next meeting."""
    keys = getattr(request.user, "audiences", ())
    codes = [key.partition(":")[2] for key in keys if key.startswith("local_group:")]
    if not codes:
        return None
    found = LocalGroup.objects.filter(code__in=codes).with_counts(on).order_by("name", "pk")
    coming = Event.objects.filter(group_meeting__group__code__in=codes).coming(on)
    context = {"groups": found, "next_meeting": coming.first(), "followed": _followed(request, on)}
    return "network/blocks/my_group.html", context


def _followed(request: Request, on: date) -> set[int]:
    """Groups of which one is the referent, while teams renew."""
    if not Campaign.objects.open_on(on).exists():
        return set()
    return set(groups_followed(request.user, on).values_list("pk", flat=True))


def _map(groups: list[LocalGroup], on: date) -> GroupsMap | None:
    """The teams of each group where they are; nothing before a group has any."""
    places: dict[int, list[tuple[float, float, str]]] = {group.pk: [] for group in groups}
    links = LocalGroupTeam.objects.registered_on(on).filter(team__in=Team.objects.open_on(on))
    for link in links.select_related("team").order_by("team__sort_name", "pk"):
        if link.team.coordinates and link.group_id in places:
            name = f"{link.team.name}, {link.team.city}"
            places[link.group_id].append((*link.team.coordinates, name))
    territories = [Territory(group.name, places[group.pk], group) for group in groups]
    if not any(places.values()):
        return None
    return GroupsMap(key="groups", title="Carte des groupes locaux", territories=territories)


def _teams(group: LocalGroup, on: date) -> list[Team]:
    posts = Position.objects.coordinators().on(on).select_related("person")
    coordinators = Prefetch("positions", posts.order_by("person__sort_name"), "coordinators")
    in_group = LocalGroupTeam.objects.on(on).filter(group=group).values("team")
    return list(Team.objects.filter(pk__in=in_group).prefetch_related(coordinators).by_name())


def _referents(group: LocalGroup, on: date) -> list[Person]:
    posts = GroupReferent.objects.on(on).filter(group=group)
    return list(Person.objects.filter(pk__in=posts.values("person")).by_name())


def _past(meetings: EventQuerySet, on: date) -> EventQuerySet:
    held = meetings.filter(status=EventStatus.HELD, starts_on__lte=on)
    return held.annotate(present=Count("sessions__attendances__person", distinct=True)).order_by(
        "-starts_on", "pk"
    )
