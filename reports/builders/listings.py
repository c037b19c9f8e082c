"""The records behind the figures of the boards: what is counted, narrowed to a territory or to a line
of the agreement. Nothing nominative but the coordination, which the same readers see elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from apmsl.lib import geography
from apmsl.lib.typography import typeset
from events.enums import EventStatus
from members.enums import Department
from members.models import Position, Team
from reports import indicators
from reports.indicators import RecordList, Scope
from reports.indicators.attendance import EVENTS, SESSIONS, present
from reports.indicators.scope import matching
from reports.indicators.teams import TEAMS, member_teams

# Of what has no line of the agreement, in addresses and on pages.
NO_LINE, NO_LINE_NAME = "aucune", "Sans ligne notée"


class Unknown(Exception):
    """There is no such list."""


@dataclass(frozen=True, kw_only=True)
class Cut:
    """What of a list one asks for. The names are those of addresses."""

    ligne: str = ""
    departement: str = ""
    epci: str = ""
    cpts: str = ""

    @classmethod
    def asked(cls, address: Mapping[str, str]) -> "Cut":
        """Raises Unknown: an address can say anything."""
        cut = cls(**{one.name: address.get(one.name, "") for one in fields(cls)})
        if cut.departement and cut.departement not in Department.values:
            raise Unknown
        if cut.epci and not geography.in_epci(cut.epci):
            raise Unknown
        return cut

    @property
    def words(self) -> list[str]:
        """« Loire-Atlantique », « ligne « Prévention » »."""
        line = NO_LINE_NAME if self.ligne == NO_LINE else self.ligne
        return [
            *([f"Ligne du CPOM : {line}"] if line else []),
            *([Department(self.departement).label] if self.departement else []),
            *([geography.epci_name(self.epci)] if self.epci else []),
            *([f"CPTS {self.cpts}"] if self.cpts else []),
        ]

    @property
    def given(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}

    def of_team(self, team: str = "") -> Q:
        """``team`` is the way to it (« team__ »)."""
        wanted = Q()
        if self.departement:
            wanted &= Q(**{f"{team}department": self.departement})
        if self.epci:
            wanted &= Q(**{f"{team}insee_code__in": geography.in_epci(self.epci)})
        if self.cpts:
            wanted &= Q(**{f"{team}cpts": self.cpts})
        return wanted

    def of_event(self, event: str = "") -> Q:
        """By its line, where one is asked for."""
        if not self.ligne:
            return Q()
        return Q(**{f"{event}cpom_line": "" if self.ligne == NO_LINE else self.ligne})


Read = Callable[[Scope, Cut], RecordList]


@dataclass(frozen=True)
class Subject:
    """``definition`` says what is counted; ``read`` the records."""

    title: str
    definition: str
    read: Read


def _of_teams(teams: Callable[[Scope], QuerySet[Team]]) -> Read:
    def read(scope: Scope, cut: Cut) -> RecordList:
        found = teams(scope).filter(cut.of_team()).order_by("department", "sort_name", "pk")
        return RecordList(found, TEAMS.columns, TEAMS.target)

    return read


def _indicator(name: str, narrowed: Callable[[Cut], Q]) -> Subject:
    """The records of a declared figure, narrowed."""
    one = indicators.get(name)

    def read(scope: Scope, cut: Cut) -> RecordList:
        records = one.listing(scope)
        return replace(records, queryset=records.queryset.filter(narrowed(cut)))

    return Subject(one.title, one.definition, read)


def silent_teams(scope: Scope) -> QuerySet[Team]:
    """Member teams with no contact in the year; see ``silent_in`` for what a contact is."""
    members = Team.objects.members_of(scope.year, scope.as_of)
    return members.silent_in(scope.year, scope.as_of)


def _touched(scope: Scope, cut: Cut) -> RecordList:
    came = present(scope).filter(cut.of_event("event__")).values("team")
    return _of_teams(lambda scope: member_teams(scope).filter(pk__in=came))(scope, cut)


def _events(scope: Scope, cut: Cut) -> RecordList:
    """With how many came: the attendance is told, nobody is named."""
    held = matching(status=EventStatus.HELD)
    records = EVENTS.list(
        scope, held, "Présences", amount=lambda scope: Count("sessions__attendances", distinct=True)
    )
    place = Q(department=cut.departement) if cut.departement else Q()
    return replace(records, queryset=records.queryset.filter(cut.of_event(), place))


def _sessions(scope: Scope, cut: Cut) -> RecordList:
    records = SESSIONS.list(scope)
    return replace(records, queryset=records.queryset.filter(cut.of_event("event__")))


def _coordinators(scope: Scope, cut: Cut) -> RecordList:
    """A person with posts in two départements is in both lists."""
    records = indicators.get("coordinators").listing(scope)
    teams = member_teams(scope).filter(cut.of_team(), constituted_on__lte=scope.as_of)
    held = Q(pk__in=_posts(scope).filter(team__in=teams).values("person"))
    return replace(records, queryset=records.queryset.filter(held))


def _posts(scope: Scope) -> QuerySet[Position]:
    return Position.objects.coordinators().on(scope.as_of)


SUBJECTS: Mapping[str, Subject] = {
    "equipes": _indicator("teams", Cut.of_team),
    "constituees": _indicator("teams_constituted", Cut.of_team),
    "en-projet": _indicator("teams_in_project", Cut.of_team),
    "touchees": Subject("Équipes touchées", indicators.get("teams_reached").definition, _touched),
    "sans-contact": Subject(
        "Équipes sans contact",
        typeset(
            "Équipes adhérentes avec lesquelles rien n’est noté dans l’année : ni inscription à un "
            "événement, ni accompagnement, ni échange, ni premier contact, ni fait de leur parcours."
        ),
        _of_teams(silent_teams),
    ),
    "actions": Subject(
        "Actions tenues",
        typeset(
            "Événements tenus dont le premier jour est dans l’année, avec leurs présences : une "
            "personne venue à trois séances compte trois fois."
        ),
        _events,
    ),
    "seances": Subject(
        "Séances", "Séances datées de l’année, des événements tenus dans l’année.", _sessions
    ),
    "coordination": Subject(
        "Coordination", indicators.get("coordinators").definition, _coordinators
    ),
    "premiers-contacts": _indicator(
        "first_contacts", lambda cut: Q(department=cut.departement) if cut.departement else Q()
    ),
}


def address(year: int, subject: str, **cut: str) -> str:
    """Of the list that a figure opens."""
    url = reverse("reports:listing", args=[year, subject])
    given = {name: value for name, value in cut.items() if value}
    return f"{url}?{urlencode(given)}" if given else url


def count(scope: Scope, subject: str, cut: Cut) -> int:
    return SUBJECTS[subject].read(scope, cut).count()
