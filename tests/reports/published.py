"""What the activity report of 2023 published, figure by figure, and how the portal holds each."""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.utils.text import slugify

from apmsl.lib import typography
from reports.models import ExternalFigure

DOCS = Path(__file__).parents[2] / "docs"
FILE, PAGE = DOCS / "chiffres-2023.csv", DOCS / "chiffres-2023.md"
IS_DATE = re.compile(r"\d{4}-\d\d")


@dataclass(frozen=True)
class Published:
    """A row of the file, see the page beside it."""

    code: str
    place: str
    label: str
    value: str
    held: str
    by: str
    printed: str
    note: str

    @property
    def shown(self) -> str:
        """As the report prints it: « 2 382 », « décembre 2023 »."""
        if IS_DATE.match(self.value):
            return typography.month(date.fromisoformat(f"{self.value[:7]}-01"))
        return typography.number(Decimal(self.value))

    def says(self, value: object) -> bool:
        """A number to the last decimal; of a day, as much as was published."""
        if IS_DATE.match(self.value):
            return str(value).startswith(self.value)
        return Decimal(str(value)) == Decimal(self.value)


def published(*held: str) -> list[Published]:
    with FILE.open(newline="", encoding="utf-8") as handle:
        rows = [Published(**row) for row in csv.DictReader(handle)]
    return [row for row in rows if not held or row.held in held]


# -- the page --------------------------------------------------------------------------------------
def counts_of_the_page() -> dict[str, int]:
    rows = re.findall(r"^\| `(\w+)` \|.*\| (\d+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return {held: int(count) for held, count in rows}


def headings_of_the_page() -> set[str]:
    found = re.findall(r"^### (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    return {slugify(heading) for heading in found}


# -- how each is held ------------------------------------------------------------------------------
def counted(row, values):
    """« thematic_meeting_by_theme/gestion/1 » is a part of a part of an indicator."""
    name, *parts = row.by.split("/")
    found = values[name]
    for part in parts:
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def lines(material) -> dict[str, list[tuple[int, str]]]:
    """The lists that the report prints: of each line its number, and how it reads."""
    lists = material.lists
    meetings = {
        "thematic_meetings": [row for row in lists.thematic_meetings if row[2]],
        "practice_meetings": lists.practice_meetings,
    }
    found = {}
    for name, rows in meetings.items():
        read = [(f"{title}{_day(day)}{people}", people) for title, day, people in rows]
        found[name] = [(1, line) for line, _ in read]
        found[f"{name}.people"] = [(people, line) for line, people in read]
    return found | _gatherings(lists) | _others(material)


def _gatherings(lists):
    regional = [
        (one, f"{_numbered(one)}{one.people}{one.teams}{one.departments}")
        for one in lists.regional_meetings
    ]
    return {
        "regional_meetings": [(1, line) for _, line in regional],
        "regional_meetings.number": [(one.number, line) for one, line in regional],
        "regional_meetings.teams": [(one.teams, line) for one, line in regional],
        "regional_meetings.departments": [(one.departments, line) for one, line in regional],
        "regional_cancelled.number": [
            (one.number, f"Annulée : {_numbered(one)}") for one in lists.regional_cancelled
        ],
        "regional_days.number": [
            (one.number, f"Journée régionale, {one.number}e édition") for one in lists.regional_days
        ],
    }


def _others(material):
    lists, next_year = material.lists, material.year + 1
    clap = lists.accompanied["esp_clap_to_msp"]
    planned = [team for team in clap if team.planned_on and team.planned_on.year == next_year]
    items = [
        (copies, digital, f"{name}{copies}{digital or '–'}{asked}")
        for name, copies, asked, digital in lists.equipment
    ]
    module = [one for one in lists.cohorts if one.programme == "communication"]
    pacte = [one for one in lists.cohorts if one.programme == "pacte"]
    return {
        "planned_passages": [(len(planned), f"1 passage prévu en {next_year}")],
        "equipment.copies": [(copies, line) for copies, _, line in items],
        "equipment.digital": [(digital, line) for _, digital, line in items],
        "communication_months": [(one.months, f"en {one.months} mois") for one in module],
        "ended_cohorts": [
            (one.number, f"Promotion {one.number} : achevée en {typography.month(one.ends_on)}")
            for one in pacte[:-1]
        ],
        "regular_letters": [(2, "2 lettres régulières")],
        "top_tools": [
            (len(lists.tools), "".join(f"{title}{views}" for title, views in lists.tools))
        ],
    }


def _day(day: date) -> str:
    return typography.day(day, year=False)


def _numbered(one) -> str:
    return f"{one.title} (n° {one.number}), {_day(one.day)}"


def missing_lines(rows, found) -> dict[str, Counter]:
    """Where more figures were published than the list has lines of that number."""
    wanted: dict[str, Counter] = {}
    for row in rows:
        wanted.setdefault(row.by, Counter())[int(row.value)] += 1
    lacking = {by: many - Counter(value for value, _ in found[by]) for by, many in wanted.items()}
    return {by: many for by, many in lacking.items() if many}


def landmark(row) -> str:
    """A landmark as the report prints it."""
    figure = ExternalFigure.objects.get(year=2023, key=row.by)
    assert figure.as_of is not None, row.code
    return f"{figure.text}{figure.label}{figure.source}, {figure.as_of.year}"
