"""The member teams, those who ask to become one, and the help that they get."""

from datetime import date

from django.db.models import Count

from apmsl.lib import typography
from apmsl.lib.charts import Dot
from apmsl.lib.dates import completed_years
from members.enums import CommitteeOutcome, ContactChannel
from members.models import Accompaniment, AccompanimentTeam, FirstContact
from reports.builders.activity.material import AccompaniedTeam
from reports.indicators import Scope
from reports.indicators.teams import constituted_teams

# Up to how many completed years, and how the age is called.
_AGES = (
    (1, "Moins de deux ans"),
    (4, "De deux à quatre ans"),
    (9, "De cinq à neuf ans"),
    (999, "Dix ans et plus"),
)


# -- teams -----------------------------------------------------------------------------------------
def dots(scope: Scope) -> list[Dot]:
    teams = constituted_teams(scope).order_by("code")
    places = teams.values_list("latitude", "longitude")
    return [Dot(north, east) for north, east in places if north is not None and east is not None]


def ages(scope: Scope) -> list[tuple[str, int]]:
    """How many constituted teams are of each age; every one of them is in one."""
    counts = dict.fromkeys((label for _, label in _AGES), 0)
    for constituted_on in (
        constituted_teams(scope).order_by().values_list("constituted_on", flat=True)
    ):
        counts[_age(constituted_on, scope.as_of)] += 1
    return list(counts.items()) if any(counts.values()) else []


def _age(constituted_on: date | None, as_of: date) -> str:
    years = completed_years(constituted_on, as_of) if constituted_on else 0
    return next(label for most, label in _AGES if years <= most)


# -- help ------------------------------------------------------------------------------------------
def contact_channels(scope: Scope) -> list[tuple[str, int]]:
    """By which way the first contacts of the year came, where it was noted."""
    found = FirstContact.objects.filter(scope.in_year("received_on")).exclude(channel="")
    counted = found.order_by().values_list("channel").annotate(n=Count("pk"))
    ranked = sorted(counted, key=lambda row: (-row[1], row[0]))
    return [(ContactChannel(channel).label, count) for channel, count in ranked]


def accompanied(scope: Scope) -> dict[str, list[AccompaniedTeam]]:
    """By kind, each team once: its latest accompaniment."""
    running = Accompaniment.objects.running_in(scope.year, scope.as_of)
    rows = AccompanimentTeam.objects.filter(accompaniment__in=running)
    ordered = rows.select_related("team", "accompaniment").order_by(
        "team__sort_name", "team", "accompaniment__started_on", "pk"
    )
    latest = {(row.accompaniment.kind, row.team_id): row for row in ordered}
    found: dict[str, list[AccompaniedTeam]] = {}
    for (kind, _), row in latest.items():
        team = AccompaniedTeam(
            name=row.team.name,
            since=row.accompaniment.started_on,
            state=_state(row, scope.as_of),
            planned_on=_planned(row, scope.as_of),
        )
        found.setdefault(kind, []).append(team)
    return found


def _planned(row: AccompanimentTeam, as_of: date) -> date | None:
    return row.committee_on if row.committee_on and row.committee_on > as_of else None


def _state(row: AccompanimentTeam, as_of: date) -> str:
    """A refusal is the team's own business: the report only says that it went before the committee."""
    if row.committee_on and row.committee_on <= as_of:
        month = typography.month(row.committee_on)
        recognised = row.outcome == CommitteeOutcome.RECOGNISED
        return f"{'Reconnue' if recognised else 'Passée devant le comité'} en {month}"
    started_on, ended_on = row.accompaniment.started_on, row.accompaniment.ended_on
    if ended_on is None or ended_on > as_of:
        return "En cours"
    # Records taken over may end before they start, see the model.
    if ended_on < started_on:
        return "Accompagnement terminé"
    return f"Accompagnée jusqu’en {typography.month(ended_on)}"
