"""Who reads the reports, and whose Scan'équipe one may read."""

from typing import Any

from django.db.models import Q, QuerySet

from apmsl.lib.dates import today
from members.access import BOARD, MEMBER, STAFF
from members.models import Team
from reports.models import ReportVersion

REPORTS = BOARD | STAFF


def scan_teams(user: Any) -> QuerySet[Team]:
    """The teams whose Scan'équipe the user may read: one's own, all of them for board and staff."""
    if REPORTS.allows(user):
        return Team.objects.all()
    if not MEMBER.allows(user) or user.person_id is None:
        return Team.objects.none()
    return Team.objects.of_person(user.person_id, today())


def checkable(user: Any, year: int) -> list[ReportVersion]:
    """The voted versions whose figures the user may check, the last one first: it says for all of
    them whether everybody may."""
    voted = list(ReportVersion.objects.of_year(year).voted().without_pages())
    return voted if voted and (voted[0].is_open or MEMBER.allows(user)) else []


def report_runs(user: Any) -> Q | None:
    return Q() if REPORTS.allows(user) else None


def card_runs(user: Any) -> Q | None:
    """The card of a group holds what its page shows to every member."""
    return Q() if MEMBER.allows(user) else None


def scan_runs(user: Any) -> Q | None:
    if REPORTS.allows(user):
        return Q()
    teams = list(scan_teams(user).values_list("pk", flat=True))
    return Q(params__team__in=teams) if teams else None
