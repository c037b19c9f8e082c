"""The directory of teams, and the page of one."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apmsl.lib.access import access
from apmsl.lib.dates import today
from apmsl.lib.exports import csv_response
from apmsl.lib.htmx import Request, render_part
from apmsl.lib.seek import SeekPaginator
from members.access import BOARD, MEMBER, STAFF, may_send_for, teams_kept
from members.enums import PositionRole
from members.filters import TeamFilter
from members.models import Membership, Person, Position, Scan, Team, User
from members.services import life
from members.views.exchanges import log_of

TEAMS_A_PAGE = 30
TEAM_HEADERS = (
    *("Équipe", "Type", "Code postal", "Commune", "Département", "Étape"),
    "Personnes qui y exercent",
)


@access(MEMBER)
@require_safe
def teams(request: Request) -> HttpResponseBase:
    seen = Team.objects.visible_to(request.user).by_name()
    found = TeamFilter(request.GET, queryset=seen, request=request)
    if request.GET.get("export") == "csv":
        rows = found.qs.with_people_count(today())
        return csv_response("equipes.csv", TEAM_HEADERS, map(_cells, rows.iterator()))
    rows = Team.objects.with_people_count(today())
    pages = SeekPaginator(found.qs, found.qs, rows, TEAMS_A_PAGE, field="sort_name")
    page = pages.read(request.GET.get("page"), request.GET.get("seek"))
    return render_part(request, "members/teams.html", "results", {"filter": found, "page": page})


def _cells(team: Team) -> tuple[object, ...]:
    kind, stage = team.get_kind_display(), team.stage_today().label
    place = (team.postcode, team.city, team.get_department_display())
    return (team.name, kind, *place, stage, team.people_count)


@access(MEMBER)
@require_safe
def team(request: Request, team_id: int) -> HttpResponse:
    on = today()
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=team_id)
    inside = _knows_from_inside(request.user, team, on)
    keeps = teams_kept(request.user, on).filter(pk=team.pk).exists()
    context = {
        "team": team,
        "stage": team.stage_on(on),
        "people": _people(team, request.user, on),
        "inside": inside,
        "speaks_for": may_send_for(request.user, team, on),
        "keeps": keeps,
        "posts": _posts(team, on) if keeps else [],
        "is_mine": _is_in(request.user, team, on),
        "departures": team.departures.prepared(on).select_related("person", "successor"),
        "memberships": _memberships(team, on) if inside else [],
        "scan": _last_scan(team, on) if inside else None,
        "places": team.places.order_by("label", "pk"),
        "timeline": life.timeline(team, request.user, on, inside=inside),
        "alerts": life.alerts(team, on) if inside else [],
        "exchanges": log_of(request.user, team),
    }
    return render(request, "members/team.html", context)


def _knows_from_inside(user: User, team: Team, on: date) -> bool:
    """Memberships and the yearly form are the team's own, the staff's and the board's."""
    if (STAFF | BOARD).allows(user):
        return True
    return _is_in(user, team, on)


def _is_in(user: User, team: Team, on: date) -> bool:
    own = Team.objects.of_person(user.person_id or 0, on)
    return own.filter(pk=team.pk).exists()


def _posts(team: Team, on: date) -> list[Position]:
    held = team.positions.on(on).select_related("person").order_by("started_on", "pk")
    return sorted(held, key=lambda post: _RANKS.index(PositionRole(post.role)))


def _memberships(team: Team, on: date) -> QuerySet[Membership]:
    known = Q(paid_on__isnull=True) | Q(paid_on__lte=on)
    return team.memberships.filter(known).order_by("-year", "pk")


# -- people ----------------------------------------------------------------------------------------
_RANKS = list(PositionRole)


@dataclass(frozen=True)
class Colleague:
    """A person with the posts held in this very team."""

    person: Person
    roles: list[PositionRole]

    @property
    def rank(self) -> int:
        return min(map(_RANKS.index, self.roles), default=len(_RANKS))

    @property
    def detail(self) -> str:
        profession = [str(self.person.profession)] if self.person.profession else []
        return " – ".join([*profession, *(role.label for role in self.roles)])

    @property
    def email(self) -> str:
        return next((email.address for email in self.person.visible_emails), "")

    @property
    def phone(self) -> str:
        details = self.person.visible_details
        return next((detail.value for detail in details if detail.is_phone), "")


def _people(team: Team, user: User, on: date) -> list[Colleague]:
    """Posts first, then by name."""
    people = Person.objects.in_team(team, on).with_links_on(on).with_contacts_for(user).by_name()
    colleagues = [
        Colleague(
            person, [PositionRole(p.role) for p in person.current_posts if p.team_id == team.pk]
        )
        for person in people
    ]
    return sorted(colleagues, key=lambda colleague: colleague.rank)


# -- the yearly form -------------------------------------------------------------------------------
@dataclass(frozen=True)
class ScanFigures:
    scan: Scan
    headcount: int | None
    numbers: list[tuple[str, int]]
    affirmed: list[str]


def _last_scan(team: Team, on: date) -> ScanFigures | None:
    sent = Scan.objects.filter(team=team, submitted_on__lte=on).select_related("form")
    scan = sent.order_by("-form__year", "-submitted_on", "pk").first()
    if scan is None:
        return None
    answers = list(scan.answers.select_related("question").order_by("question__label", "pk"))
    return ScanFigures(
        scan=scan,
        headcount=scan.headcounts.aggregate(total=Sum("headcount"))["total"],
        numbers=[(a.question.label, a.number) for a in answers if a.number is not None],
        affirmed=[answer.question.label for answer in answers if answer.yes],
    )
