"""Teams that need attention: what the staff would otherwise find too late."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apmsl.lib.dates import holds
from members.enums import PositionRole, TeamKind, ThresholdKey

if TYPE_CHECKING:
    from members.models.teams import Team

    Base = QuerySet[Team]
else:
    Base = QuerySet

VACANT_DAYS = 60
WELCOME_DAYS = 90
DOCTORS = ("medecin-generaliste",)

# Rows of a year that tell of a contact, with their ``team``; the upper apps add theirs.
Contacts = Callable[[int, date], QuerySet[Any, Any]]
_contacts: dict[str, Contacts] = {}


def register_contacts(name: str, rows: Contacts) -> None:
    _contacts[name] = rows


class AttentionQuerySet(Base):
    """Mixed into the queryset of teams; the other models are reached by their relations, for they
    point at teams."""

    def left_without_coordinator(self, on: date, days: int = VACANT_DAYS) -> Self:
        """Constituted member teams where nobody has held the post for so many days."""
        since = on - timedelta(days=days)
        held = _posts(PositionRole.COORDINATOR).filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=since), started_on__lte=on
        )
        members: Self = self._constituted_members(on, since)
        return members.exclude(Exists(held))

    def led_alone(self, on: date) -> Self:
        """Member teams with a single leader and nobody to manage with them."""
        leaders = _posts(PositionRole.LEADER).filter(holds(on)).order_by()
        managers = _posts(PositionRole.MANAGER, PositionRole.CO_MANAGER).filter(holds(on))
        counted = leaders.values("team").annotate(number=Count("person", distinct=True))
        alone: Self = self._members(on).annotate(leaders=Subquery(counted.values("number")))
        return alone.filter(leaders=1).exclude(Exists(managers))

    def form_missing(self, on: date) -> Self:
        """Constituted member teams that have not sent the form of the year, once there is one."""
        forms = _model("ScanForm").objects.filter(year=on.year)
        sent = _model("Scan").objects.filter(
            team=OuterRef("pk"), form__year=on.year, submitted_on__lte=on
        )
        members: Self = self._constituted_members(on, on)
        return members.filter(Exists(forms)).exclude(Exists(sent))

    def without_contact(self, on: date) -> Self:
        """Member teams of which nothing is known since 1 January."""
        members: Self = self._members(on)
        return members.silent_in(on.year, on)

    def silent_in(self, year: int, on: date) -> Self:
        """Teams with which no contact of that year is known by that day. What a contact is, is said
        once, by the rows that the apps registered; work lists and reports both ask here."""
        silent = self
        for rows in _contacts.values():
            silent = silent.exclude(Exists(rows(year, on).filter(team=OuterRef("pk"))))
        return silent

    def clap_to_follow(self, on: date) -> Self:
        """ESP CLAP teams that have as many doctors as an MSP, or are near the year in which they
        write its project."""
        known = _model("Threshold").objects.on(on)
        near = Q(pk__in=[])
        if doctors := known.get(ThresholdKey.CLAP_DOCTORS):
            near |= Q(doctors__gte=doctors)
        if limit := latest_start_of_writing(known, on):
            near |= Q(constituted_on__lte=limit)
        claps = self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on), kind=TeamKind.ESP_CLAP)
        return claps.with_doctors(on).filter(near)

    def with_doctors(self, on: date) -> Self:
        """``doctors``: how many practise there on that day."""
        practising = _model("Affiliation").objects.on(on).order_by()
        rows = practising.filter(team=OuterRef("pk"), person__profession__code__in=DOCTORS)
        counted = rows.values("team").annotate(number=Count("person", distinct=True))
        return self.annotate(doctors=Coalesce(Subquery(counted.values("number")), 0))

    def needing(self, key: str, on: date) -> Self:
        """The teams of one of the work lists."""
        found: Self = WORK_LISTS[key](self, on)
        return found

    def _members(self, on: date) -> Any:
        teams: Any = self
        return teams.member_on(on)

    def _constituted_members(self, on: date, since: date) -> Any:
        return self._members(on).filter(constituted_on__lte=since)


WORK_LISTS: dict[str, Callable[[Any, date], Any]] = {
    "sans-coordination": lambda teams, on: teams.left_without_coordinator(on),
    "leader-seul": lambda teams, on: teams.led_alone(on),
    "formulaire": lambda teams, on: teams.form_missing(on),
    "sans-contact": lambda teams, on: teams.without_contact(on),
    "esp-clap": lambda teams, on: teams.clap_to_follow(on),
}


def latest_start_of_writing(known: dict[str, int], on: date) -> date | None:
    """A team that began by that day is, or soon will be, in the year of writing."""
    if not (year := known.get(ThresholdKey.CLAP_WRITING_YEAR)):
        return None
    noticed = on + timedelta(days=known.get(ThresholdKey.CLAP_NOTICE_DAYS, 0))
    return years_from(noticed, 1 - year)


def years_from(day: date, years: int) -> date:
    """29 February falls on the 28th of other years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _posts(*roles: PositionRole) -> QuerySet[Any]:
    posts: QuerySet[Any] = _model("Position").objects.filter(team=OuterRef("pk"), role__in=roles)
    return posts


def _model(name: str) -> Any:
    return apps.get_model("members", name)
