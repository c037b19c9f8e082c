"""What the sheet of a team says of the others."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from apmsl.lib.rounding import LEAST
from members.enums import Department
from members.models import Team
from reports import indicators
from reports.builders.reading.likes import Means, likes

# Question, what a yes says of a team, the name of its drawing, what it says of a share of teams.
PRACTICES = (
    ("hosts_trainees", "Accueille des stagiaires", "trainees", "qui accueillent des stagiaires"),
    (
        "prevention",
        "Mène des actions de prévention",
        "prevention",
        "qui mènent des actions de prévention",
    ),
    (
        "therapeutic_education",
        "Propose de l’éducation thérapeutique",
        "education",
        "qui proposent de l’éducation thérapeutique",
    ),
    (
        "protocols",
        "Travaille avec des protocoles pluriprofessionnels",
        "protocols",
        "qui ont des protocoles pluri\u00adprofessionnels",
    ),
    ("involves_users", "Implique les usagers", "users", "qui impliquent les usagers"),
    ("cpts_member", "Est membre d’une CPTS", "cpts", "membres d’une CPTS"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """What the sheet of a team says of the others: plain values, which a run can carry."""

    shares: dict[str, int | None]
    likes: Means

    def as_params(self) -> dict[str, Any]:
        return asdict(self)


def region(year: int, as_of: date) -> Region:
    keys = [key for key, *_ in PRACTICES]
    wanted = ["scans_answered", *(f"scan_{key}_pct" for key in keys)]
    found = indicators.readings(year, as_of, wanted)
    enough = (found["scans_answered"].value or 0) >= LEAST
    return Region(
        shares={key: found[f"scan_{key}_pct"].value if enough else None for key in keys},
        likes=likes(year, as_of),
    )


def place(team: Team) -> str:
    """« Clisson, Loire-Atlantique »."""
    return f"{team.city}, {Department(team.department).label}"
