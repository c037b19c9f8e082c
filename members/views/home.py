"""The home page, and what it says about one's teams."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apmsl.lib import blocks
from apmsl.lib.access import PUBLIC, access
from apmsl.lib.blocks import Answer, Reminder
from apmsl.lib.dates import today
from apmsl.lib.htmx import Request
from apmsl.lib.typography import listing
from members.access import MEMBER
from members.enums import LEADING_ROLES, SPEAKING_ROLES, MembershipStatus, PositionRole, Stage
from members.models import Affiliation, Membership, Position, Scan, ScanForm, Team


@access(PUBLIC)
@require_safe
def home(request: Request) -> HttpResponse:
    on = today()
    if not request.user.is_authenticated:
        return render(request, "members/welcome.html", {"blocks": blocks.of(request, on)})
    context = {
        "blocks": blocks.of(request, on),
        "reminders": blocks.reminders(request, on),
        "is_member": MEMBER.allows(request.user),
    }
    return render(request, "members/home.html", context)


def my_teams_block(request: Request, on: date) -> Answer:
    person_id = getattr(request.user, "person_id", None)
    if person_id is None:
        return None
    roles: dict[Team, list[str]] = {}
    for post in _my_posts(request, on):
        roles.setdefault(post.team, []).append(post.get_role_display())
    practices = Affiliation.objects.on(on).filter(person=person_id).select_related("team")
    for practice in practices.order_by("pk"):
        roles.setdefault(practice.team, [])
    teams = sorted(roles, key=lambda team: (team.sort_name, team.pk))
    mine = [(team, listing(roles[team])) for team in teams]
    return ("members/blocks/my_teams.html", {"teams": mine}) if mine else None


def search_block(request: Request, on: date) -> Answer:
    return ("members/blocks/search.html", {}) if MEMBER.allows(request.user) else None


def _my_posts(request: Request, on: date) -> list[Position]:
    """Asked by the block and by the reminders of a page: read once."""
    known: list[Position] | None = getattr(request, "my_posts", None)
    if known is None:
        posts = Position.objects.on(on).filter(person=request.user.person_id)
        known = list(posts.select_related("team").order_by("role", "pk"))
        request.my_posts = known
    return known


def reminders(request: Request, on: date) -> Iterable[Reminder]:
    """What awaits whoever holds a post in a team."""
    if request.user.person_id is None:
        return []
    held = {post.team for post in _my_posts(request, on) if post.role in SPEAKING_ROLES}
    teams = [team for team in held if team.stage_on(on) != Stage.CLOSED]
    teams.sort(key=lambda team: (team.sort_name, team.pk))
    if not teams:
        return []
    return [*_unpaid(teams, on), *_forms_not_sent(teams, on), *_incomplete(teams, on)]


def _unpaid(teams: list[Team], on: date) -> Iterator[Reminder]:
    called = Membership.objects.filter(
        team__in=teams, year=on.year, status=MembershipStatus.CALLED
    ).values_list("team_id", flat=True)
    unpaid = set(called)
    for team in teams:
        if team.pk in unpaid:
            yield Reminder(
                f"L’adhésion {on.year} de {team} n’est pas encore réglée.",
                f"{team.get_absolute_url()}#adhesions",
            )


def _forms_not_sent(teams: list[Team], on: date) -> Iterator[Reminder]:
    form = ScanForm.objects.filter(year=on.year).first()
    constituted = [team for team in teams if team.constituted_on and team.constituted_on <= on]
    if form is None or not constituted:
        return
    scans = Scan.objects.filter(form=form, team__in=constituted)
    states: dict[bool, set[int]] = {True: set(), False: set()}
    for team_id, submitted_on in scans.values_list("team_id", "submitted_on"):
        states[submitted_on is not None and submitted_on <= on].add(team_id)
    for team in constituted:
        if team.pk not in states[True]:
            begun = "commencé mais pas envoyé" if team.pk in states[False] else "à remplir"
            yield Reminder(
                f"Le Scan’équipe {on.year} de {team} est {begun}.",
                f"{team.get_absolute_url()}#scan",
            )


def _incomplete(teams: list[Team], on: date) -> Iterator[Reminder]:
    posts = Position.objects.on(on).filter(team__in=teams).values_list("team_id", "role")
    held = set(posts)
    for team in teams:
        led = {(team.pk, role) for role in LEADING_ROLES} & held
        if not led:
            yield Reminder(f"{team} n’a pas de leader déclaré.", team.get_absolute_url())
        if (team.pk, PositionRole.COORDINATOR) not in held:
            yield Reminder(f"{team} n’a pas de coordination déclarée.", team.get_absolute_url())
