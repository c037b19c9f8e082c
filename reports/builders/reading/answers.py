"""What teams answered to the yearly form, in a few queries whatever the number of teams."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from members.models import Scan, ScanAnswer, ScanHeadcount
from reports.indicators.scans import HEADCOUNT


@dataclass
class Answers:
    """The last version that a team sent for a year."""

    values: dict[str, Any] = field(default_factory=dict)
    # Profession, people: the largest first.
    headcounts: list[tuple[str, int]] = field(default_factory=list)
    # People by the code of their profession.
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def people(self) -> int | None:
        return sum(count for _, count in self.headcounts) or None

    @property
    def categories(self) -> int | None:
        return len(self.headcounts) or None

    def number(self, key: str) -> int | None:
        return self.values.get(key)


def last_answers(year: int, as_of: date, teams: Iterable[int]) -> dict[int, Answers]:
    """By team, of those that sent their form."""
    scans = Scan.objects.last_of_year(year, as_of).filter(team__in=list(teams))
    teams_of = dict(scans.order_by("pk").values_list("pk", "team_id"))
    found = {team: Answers() for team in teams_of.values()}
    _read_answers(teams_of, found)
    _read_headcounts(teams_of, found)
    return found


def _read_answers(teams_of: dict[int, int], found: dict[int, Answers]) -> None:
    rows = ScanAnswer.objects.filter(scan__in=teams_of).order_by("pk")
    for scan, key, yes, number in rows.values_list("scan_id", "question__key", "yes", "number"):
        found[teams_of[scan]].values[key] = yes if number is None else number


def _read_headcounts(teams_of: dict[int, int], found: dict[int, Answers]) -> None:
    rows = ScanHeadcount.objects.filter(
        scan__in=teams_of, question__key=HEADCOUNT, headcount__gt=0
    ).order_by("-headcount", "profession__label", "pk")
    said = rows.values_list("scan_id", "profession__code", "profession__label", "headcount")
    for scan, code, label, count in said:
        found[teams_of[scan]].headcounts.append((label, count))
        found[teams_of[scan]].counts[code] = count
