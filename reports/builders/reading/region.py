"""The Scan'équipe Région, and what the sheet of a team says of the others."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.conf import settings

from apmsl.lib import typography
from apmsl.lib.charts import Bars, Item, RegionMap, Ring
from members.enums import Department
from members.models import Team
from reports import indicators
from reports.builders.figures import Change, Figure
from reports.builders.reading.likes import LEAST, Means, likes
from reports.builders.reading.support import dots
from reports.builders.scans import RegionSheet
from reports.indicators import Reading, Scope

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
_FIGURES = (
    ("teams_constituted", "MSP adhérente", "MSP adhérentes"),
    ("professionals", "professionnel représenté", "professionnels représentés"),
    ("patients", "patient suivi", "patients suivis"),
    ("patients_population_pct", "de la population régionale", "de la population régionale"),
)
_PORTRAIT = (
    ("teams_median_age", "an d’existence (médiane)", "ans d’existence (médiane)"),
    ("signatories_mean", "signataire en moyenne", "signataires en moyenne"),
    ("categories_mean", "profession en moyenne", "professions en moyenne"),
    ("teams_multi_site_pct", "ont plusieurs sites", "ont plusieurs sites"),
)
_COORDINATION = (
    ("coordinators", "coordinateur", "coordinateurs"),
    ("coordinators_in_network_pct", "membres du réseau", "membres du réseau"),
    ("coordinators_pacte_pct", "formés par PACTE", "formés par PACTE"),
    ("coordinators_self_employed_pct", "par ailleurs libéraux", "par ailleurs libéraux"),
    ("teams_with_pair_pct", "des MSP avec un binôme", "des MSP avec un binôme"),
)

Readings = dict[str, Reading]


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


def region_sheet(year: int, as_of: date) -> RegionSheet:
    wanted = [name for name, *_ in (*_FIGURES, *_PORTRAIT, *_COORDINATION)]
    wanted += [f"scan_{key}_pct" for key, *_ in PRACTICES]
    wanted += ["professionals_by_profession", "teams_by_department", "scans_answered"]
    now = indicators.readings(year, as_of, [*wanted, "scans_answered_pct"])
    before = indicators.readings(year - 1, ids=[name for name, *_ in _FIGURES])
    answered = now["scans_answered"].value
    return RegionSheet(
        year=year,
        as_of=as_of,
        federation=settings.FEDERATION_NAME,
        figures=_changes(now, before, year) if now["teams_constituted"].value else (),
        portrait=_known(now, _PORTRAIT) if answered else (),
        professions=_professions(now),
        practices=_practices(now) if answered else (),
        coordination=_known(now, _COORDINATION) if now["coordinators"].value else (),
        map=_map(now, Scope.of(year, as_of)),
        base=_base(now),
    )


def _figure(found: Readings, name: str, one: str, many: str) -> Figure:
    reading = found.get(name)
    unit = "%" if name.endswith("_pct") else ""
    return Figure(name, reading.value if reading else None, one, many, unit)


def _known(found: Readings, rows: tuple[tuple[str, str, str], ...]) -> list[Figure]:
    """Nothing of what no form has told yet."""
    figures = [_figure(found, *row) for row in rows]
    return [figure for figure in figures if figure.value]


def _changes(now: Readings, before: Readings, year: int) -> list[Change]:
    """Beside the year before, if it was recorded."""
    recorded = "teams_constituted" in before and before["teams_constituted"].value
    return [
        Change(figure, before[figure.id].value if recorded else None, year - 1)
        for figure in _known(now, _FIGURES)
    ]


def _professions(now: Readings) -> Bars | None:
    reading = now["professionals_by_profession"]
    if not reading.value:
        return None
    items = [Item(part.name, part.value, "%") for part in reading.parts()]
    return Bars(key="professions", title="Les cinq premières professions", items=items, width=380)


def _practices(now: Readings) -> list[Ring]:
    return [
        Ring(key=key.replace("_", "-"), title=words, value=now[f"scan_{key}_pct"].value)
        for key, _, _, words in PRACTICES
    ]


def _map(now: Readings, scope: Scope) -> RegionMap | None:
    if not now["teams_constituted"].value:
        return None
    return RegionMap(
        key="teams",
        title="MSP adhérentes par département",
        values=now["teams_by_department"].value,
        dots=dots(scope),
        width=420,
    )


def _base(now: Readings) -> str:
    answered, teams = now["scans_answered"].value, now["teams_constituted"].value
    if not answered:
        return "D’après les fiches du portail"
    share = now["scans_answered_pct"].text
    counted = typography.plural(answered, "MSP", "MSP")
    return (
        f"D’après les formulaires Scan’équipe de {counted} sur {typography.number(teams)} ({share})"
    )


def place(team: Team) -> str:
    """« Clisson, Loire-Atlantique »."""
    return f"{team.city}, {Department(team.department).label}"
