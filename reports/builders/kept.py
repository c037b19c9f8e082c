"""The pages of a year that is over: printed again, they are the pages that were printed.

The records go on changing, and so does the look of the page. The last file chosen after the year's
end (``Result.chosen_at``) is its page for ever: until the team lays it out otherwise, or the staff
has it made anew, be it as it was once before. The region's page is kept as those of the teams are.
"""

from collections.abc import Iterable

from apmsl.jobs.models import Result
from members.models import Team
from network.models import LocalGroup
from reports.builders.documents import SCANS, is_for_good, title
from reports.enums import Document
from reports.models import SheetLayout


def kept_pages(document: Document, teams: Iterable[Team], year: int) -> dict[int, Result]:
    """By team, of those that have one."""
    if not is_for_good(document, year):
        return {}
    team_of = {title(document, year, team).key: team.pk for team in teams}
    layouts = SheetLayout.objects.for_year(team_of.values(), year)
    changed = dict(layouts.values_list("team_id", "changed_at"))
    made = Result.objects.filter(key__in=team_of, is_kept=True).order_by("chosen_at", "pk")
    return {
        team: result
        for result in made
        for team in [team_of[result.key]]
        if team not in changed or result.chosen_at > changed[team]
    }


def kept_page(
    document: Document, year: int, about: Team | LocalGroup | None = None
) -> Result | None:
    """``about``: the team of a Scan'équipe. The card of a group is not kept."""
    if isinstance(about, Team):
        return kept_pages(document, [about], year).get(about.pk)
    if about or not is_for_good(document, year):
        return None
    made = Result.objects.filter(key=title(document, year).key, is_kept=True)
    return made.order_by("chosen_at", "pk").last()


def kept_forms(team: Team, year: int) -> dict[Document, Result]:
    """The page of a team in the forms that it was printed in."""
    found = {document: kept_page(document, year, team) for document in SCANS}
    return {document: result for document, result in found.items() if result}
