"""What the voted versions of a report say of a figure: of the copy that each keeps, not of the records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports import indicators
from reports.builders import screen
from reports.indicators import Break, Indicator, Reading
from reports.models import ReportVersion


@dataclass(frozen=True, kw_only=True)
class Said:
    version: ReportVersion
    text: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """``parts``: of a breakdown, in the last version."""

    reading: Reading
    text: str
    parts: screen.Breakdown | None
    said: Sequence[Said]
    breaks: Sequence[Break]


def proof(indicator: Indicator, versions: Sequence[ReportVersion]) -> Proof:
    """``versions``: the last one first."""
    names = (versions[0].names or {}).get(indicator.id)
    # As they were called when the report was voted.
    kept = replace(indicator, names=lambda: names) if names is not None else indicator
    reading = Reading(kept, versions[0].figures.get(indicator.id))
    return Proof(
        reading=reading,
        text=screen.text(reading),
        parts=screen.breakdown(reading) if reading.parts() else None,
        said=[Said(version=one, text=_text(indicator, one)) for one in versions],
        breaks=indicators.breaks_of(indicator),
    )


def _text(indicator: Indicator, version: ReportVersion) -> str:
    """Nothing for a breakdown: its parts tell it."""
    value = version.figures.get(indicator.id)
    return "" if isinstance(value, dict) else screen.text(Reading(indicator, value))


def chapters(version: ReportVersion) -> list[tuple[str, list[tuple[Indicator, str]]]]:
    """Chapter by chapter, each figure with its number."""
    found = []
    for chapter, declared in indicators.by_chapter().items():
        kept = [(one, _text(one, version)) for one in declared if one.id in version.checkable]
        if kept:
            found.append((str(chapter.label), kept))
    return found
