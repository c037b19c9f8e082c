"""A team beside its like: those of its département, those of its size, those of the region.

A mean tells nothing of any one team as long as several stand behind it. Behind fewer than LEAST it
is not even kept; nor where the teams that a group leaves out of the region are so few, for the mean
of the region less that of the group would be theirs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apmsl.lib import rounding
from apmsl.lib.charts import Item
from apmsl.lib.rounding import LEAST
from members.enums import Department, TimeUnit
from members.models import Team
from members.models.attention import DOCTORS
from members.models.working_time import monthly
from reports.builders.reading.answers import Answers, last_answers
from reports.builders.reading.coordination import Coordination, coordinations
from reports.builders.scans import Beside, BesideRow, Like
from reports.indicators import Scope
from reports.indicators.portrait import size_label, size_of
from reports.indicators.teams import constituted_teams

REGION = "region"
_THOUSAND = 1000
_MEASURES = (
    ("professionals", "Professionnels", ""),
    ("categories", "Professions", ""),
    ("doctors", "Médecins généralistes", ""),
    ("patients", "Patients suivis", ""),
    ("coordination", "Coordination, en ETP", ""),
    ("protocols", "Protocoles", "%"),
    ("hosts_trainees", "Accueil de stagiaires", "%"),
)
# Five days a week, as the time of a post is counted everywhere (members.models.working_time).
_FULL_TIME = monthly(Decimal(5), TimeUnit.DAYS_A_WEEK)

Value = int | Decimal | bool | None
Values = Mapping[str, Value]
# By group (« region », « department:44 », « size:15 ») and by measure; « teams » how many they are.
Means = dict[str, dict[str, int | float | None]]


@dataclass(frozen=True)
class Told:
    """What one team says of itself for a year."""

    answers: Answers
    coordination: Coordination

    @property
    def values(self) -> Values:
        counts, hours = self.answers.counts, self.coordination.hours
        doctors = sum(counts.get(code, 0) for code in DOCTORS)
        return {
            "professionals": self.answers.people,
            "categories": self.answers.categories,
            "doctors": doctors if self.answers.headcounts else None,
            "patients": self.answers.number("patients"),
            "coordination": None if hours is None else hours / _FULL_TIME,
            "protocols": self._yes("protocols"),
            "hosts_trainees": self._yes("hosts_trainees"),
        }

    def _yes(self, key: str) -> bool | None:
        """A form may ask how many, where another asked whether there are any."""
        value = self.answers.values.get(key)
        return None if value is None else bool(value)


def likes(year: int, as_of: date) -> Means:
    """Over the constituted member teams that sent their form, as the indicators are."""
    teams = constituted_teams(Scope.of(year, as_of)).order_by()
    departments = dict(teams.values_list("pk", "department"))
    answers = last_answers(year, as_of, departments)
    posts = coordinations(answers, as_of)
    return means(
        (departments[team], Told(said, posts.get(team, Coordination())))
        for team, said in answers.items()
    )


def means(teams: Iterable[tuple[str, Told]]) -> Means:
    """Of teams given with their département."""
    groups: dict[str, list[Values]] = {}
    for department, told in teams:
        for key in groups_of(department, told.answers.people):
            groups.setdefault(key, []).append(told.values)
    everybody = groups.get(REGION, [])
    found = {key: _means(group, everybody) for key, group in sorted(groups.items())}
    return {key: figures for key, figures in found.items() if len(figures) > 1}


def groups_of(department: str, people: int | None) -> list[str]:
    size = [f"size:{size_of(people)}"] if people else []
    return [f"department:{department}", *size, REGION]


def _means(group: Sequence[Values], everybody: Sequence[Values]) -> dict[str, int | float | None]:
    found: dict[str, int | float | None] = {"teams": len(group)}
    for key, _, unit in _MEASURES:
        known, known_to_all = _known(group, key), _known(everybody, key)
        left_out = len(known_to_all) - len(known)
        if len(known) >= LEAST and not 0 < left_out < LEAST:
            measure = rounding.percent if unit == "%" else rounding.mean
            found[key] = measure(sum(known, Decimal(0)), len(known))
    return found


def _known(group: Sequence[Values], key: str) -> list[int | Decimal]:
    return [value for values in group if (value := values[key]) is not None]


# -- beside one team -------------------------------------------------------------------------------
def beside(team: Team, now: Told, before: Told, likes: Means, year: int) -> Beside | None:
    """Nothing when no group is large enough, or the team has told nothing."""
    keys = [key for key in groups_of(team.department, now.answers.people) if key in likes]
    own, earlier = now.values, before.values
    rows = [
        BesideRow(
            title=title,
            team=_own(own[key], unit),
            before=_own(earlier[key], unit),
            others=[_text(likes[group].get(key), unit) for group in keys],
        )
        for key, title, unit in _MEASURES
        if own[key] is not None and any(key in likes[group] for group in keys)
    ]
    if not rows:
        return None
    is_known = any(earlier[key] is not None for key, *_ in _MEASURES)
    return Beside(
        groups=[Like(_label(key), int(likes[key]["teams"] or 0)) for key in keys],
        rows=rows,
        year_before=year - 1 if is_known else None,
    )


def _own(value: Value, unit: str) -> str:
    if unit == "%" and value is not None:
        return "Oui" if value else "Non"
    rounded = rounding.half_up(value, 1) if isinstance(value, Decimal) else value
    return _text(rounded, "")


def _text(value: int | float | None, unit: str) -> str:
    """Without the decimal of a thousand, which says nothing."""
    if value is not None and value >= _THOUSAND:
        value = rounding.half_up(Decimal(str(value)))
    return Item("", value, unit).text


def _label(key: str) -> str:
    kind, _, value = key.partition(":")
    if kind == "department":
        return str(Department(value).label)
    return size_label(int(value)) if kind == "size" else "Région"
