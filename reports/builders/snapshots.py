"""A report that is to stay what it is, and what has changed in the records since."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from apmsl.lib import pdf, typography
from apmsl.lib.dates import reference_day
from reports import indicators
from reports.builders import activity, reading, slides
from reports.builders.reading.moment import one_moment
from reports.enums import PRINTED, Chapter
from reports.indicators import Indicator, Reading, Scope
from reports.indicators.records import NOTHING
from reports.models import (
    ActionOfYear,
    ActionPlace,
    ChapterOfYear,
    ExternalFigure,
    FigureNote,
    ReportText,
    ReportVersion,
    Testimony,
    WordCloud,
)

MOST_PARTS = 4  # of a breakdown, named in a cell


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Plain data: the fields of a version."""

    as_of: date
    figures: dict[str, Any]
    counts: dict[str, int]
    texts: dict[str, dict[str, str]]
    landmarks: dict[str, dict[str, str]]
    chapters: list[str]
    printed: list[str]
    names: dict[str, dict[str, str]]
    html: str
    slides: str
    digest: str


def take(year: int, *, erratum: str = "") -> Snapshot:
    """The report of the year as the records give it now; an ``erratum`` says so on its first page."""
    as_of = reference_day(year)
    with one_moment():
        material = reading.material(year, as_of)
        report = replace(activity.compose(material), erratum=erratum)
        html = activity.html(report)
        return Snapshot(
            as_of=as_of,
            figures=plain(material.values),
            counts=_counts(year, as_of, material.values),
            texts=_texts(year),
            landmarks=_landmarks(year),
            chapters=_chapters(year),
            printed=[term.figure for chapter in report.annex for term in chapter.terms],
            names=_names(material.values),
            html=html,
            slides=slides.html(report),
            digest=pdf.digest(html),
        )


def erratum_of(*, corrects: ReportVersion, on: date, reason: str) -> str:
    """« Erratum du 3 juin 2024 : corrige la version votée le 2 mai 2024. Une équipe manquait. »"""
    voted = f"corrige la version votée le {typography.day(corrects.voted_on or corrects.made_on)}."
    return f"Erratum du {typography.day(on)}\u00a0: {voted} {' '.join(reason.split())}"


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the database gives them back: what was frozen and what is counted now compare."""
    plain: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return plain


def _counts(year: int, as_of: date, values: Mapping[str, Any]) -> dict[str, int]:
    scope = Scope.of(year, as_of)
    known = [indicators.get(name) for name in values if name in indicators.REGISTRY]
    return {indicator.id: indicator.listing(scope).queryset.count() for indicator in known}


def _names(values: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What the parts of a divided figure are called, by their codes: records are renamed."""
    readings = [Reading(one, values.get(one.id)) for one in indicators.REGISTRY.values()]
    return {
        reading.id: {part.code: part.name for part in parts}
        for reading in readings
        if (parts := reading.parts())
    }


def _texts(year: int) -> dict[str, dict[str, str]]:
    written = ReportText.objects.written().filter(year=year).order_by("chapter", "pk")
    told = {text.chapter: {"body": text.body, "signature": text.signature} for text in written}
    for one in ChapterOfYear.objects.of_year(year).added().filter(key__in=told):
        # As versions of before its text had a signature keep it.
        told[one.key] = {k: v for k, v in told[one.key].items() if v} | {"title": one.title}
    return told | _stories(year)


def _stories(year: int) -> dict[str, dict[str, str]]:
    """What is told beside the figures, action by action; the precisions and the testimonies together."""
    actions = ActionOfYear.objects.filter(year=year).order_by("pk")
    told = {f"action:{one.key}": _story(one) for one in actions}
    told = {key: story for key, story in told.items() if story["body"]}
    notes = FigureNote.objects.filter(year=year).order_by("figure")
    said = Testimony.objects.agreed().filter(year=year).order_by("subject", "position", "pk")
    clouds = WordCloud.objects.filter(year=year).order_by("subject", "pk")
    lists = {
        "notes": ("Précisions sur les chiffres", [f"{one.figure} : {one.text}" for one in notes]),
        "breaks": ("Ruptures de définition", _breaks(year)),
        "testimonies": ("Témoignages", [f"{one.body} {one.role}" for one in said]),
        "actions": ("Actions déplacées, masquées ou renommées", _arranged(year)),
        "clouds": ("Nuages de mots", [f"{one.title} : {one.answers}" for one in clouds]),
    }
    return told | {
        key: {"title": title, "body": "\n\n".join(lines)}
        for key, (title, lines) in lists.items()
        if lines
    }


def _arranged(year: int) -> list[str]:
    places = ActionPlace.objects.of_year(year)
    return [f"{one.chapter} {one.key} : {one.title} {one.is_shown}" for one in places]


def _breaks(year: int) -> list[str]:
    known = reading.breaks(year).items()
    return [f"{indicators.get(name).title} : {one}" for name, told in known for one in told]


def _story(action: ActionOfYear) -> dict[str, str]:
    parts = (action.objective, action.allowed, action.partners, action.caption)
    stamp = "Nouveau" if action.is_new else ""
    return {"title": action.name, "body": "\n\n".join(filter(None, [*parts, stamp]))}


def _landmarks(year: int) -> dict[str, dict[str, str]]:
    """The figures from outside that are printed as they are, by key."""
    return {
        one.key: {"label": one.label, "text": one.text, "source": one.source}
        for one in ExternalFigure.objects.landmarks(year)
    }


def _chapters(year: int) -> list[str]:
    """The titles of those that are printed, in their order."""
    places = reading.places(year, {})
    if not places:
        return [str(chapter.label) for chapter in PRINTED]
    return [place.title for place in places if place.is_shown]


# -- since then --------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Difference:
    """A figure, or how many records it counts, that is not what it was. ``id`` is the indicator's."""

    id: str
    title: str
    then: str
    now: str


@dataclass(frozen=True, kw_only=True)
class Since:
    figures: list[Difference]
    # Chapters whose text was written, changed or removed.
    texts: list[str]
    landmarks: list[Difference]
    # The chapters as they are now, where they are others or stand otherwise.
    chapters: list[str]
    # Nothing of the above, and yet the pages would not be the same: a name, a list, a picture.
    pages: bool = False

    @property
    def is_told(self) -> bool:
        return bool(self.figures or self.texts or self.landmarks or self.chapters)

    @property
    def is_empty(self) -> bool:
        return not (self.is_told or self.pages)


def since(version: ReportVersion) -> Since:
    """What the records say today of what the version says."""
    with one_moment():
        values = indicators.compute(version.year, version.as_of)
        counts = _counts(version.year, version.as_of, values)
        now = _texts(version.year)
        landmarks, chapters = _landmarks(version.year), _chapters(version.year)
    labels = dict(Chapter.choices) | _titles(version.texts) | _titles(now)
    then = {chapter: text for chapter, text in version.texts.items() if text["body"]}
    changed = [c for c in labels if now.get(c) != then.get(c)]
    found = _differences(version, plain(values), counts)
    told = Since(
        figures=list(found),
        texts=[labels[chapter] for chapter in changed],
        landmarks=list(_moved(version.landmarks, landmarks)),
        chapters=chapters if version.chapters not in (None, chapters) else [],
    )
    return told if told.is_told else replace(told, pages=_pages_differ(version))


def _pages_differ(version: ReportVersion) -> bool:
    with one_moment():
        report = activity.compose(reading.material(version.year, version.as_of))
    if corrects := version.corrects:
        told = erratum_of(corrects=corrects, on=version.made_on, reason=version.reason)
        report = replace(report, erratum=told)
    return activity.html(report) != version.html


def _moved(
    then: Mapping[str, Mapping[str, str]] | None, now: Mapping[str, Mapping[str, str]]
) -> Iterator[Difference]:
    """Landmarks; a version of before they were kept does not tell."""
    for key in {} if then is None else {**then, **now}:
        before, after = (then or {}).get(key), now.get(key)
        if before != after:
            title = (after or before or {})["label"]
            yield Difference(id=key, title=title, then=_landmark(before), now=_landmark(after))


def _landmark(told: Mapping[str, str] | None) -> str:
    return f"{told['text']} ({told['source']})" if told else NOTHING


def _titles(texts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Of chapters that the staff added."""
    return {key: text["title"] for key, text in texts.items() if "title" in text}


def _differences(
    version: ReportVersion, values: dict[str, Any], counts: dict[str, int]
) -> Iterator[Difference]:
    for indicator in indicators.REGISTRY.values():
        then, now = version.figures.get(indicator.id), values.get(indicator.id)
        listed, lists = version.counts.get(indicator.id, 0), counts.get(indicator.id, 0)
        if then != now:
            words = _said(indicator, then, now), _said(indicator, now, then)
        elif listed != lists:
            words = _records(listed), _records(lists)
        else:
            continue
        yield Difference(id=indicator.id, title=indicator.title, then=words[0], now=words[1])


def _said(indicator: Indicator, value: Any, other: Any) -> str:
    """A figure; of a breakdown, the parts that differ."""
    if not isinstance(value, dict):
        return _ranked(indicator, value) if isinstance(value, list) else indicator.text(value)
    others = other if isinstance(other, dict) else {}
    parts = [p for p in Reading(indicator, value).parts() if p.value != others.get(p.code)]
    said = [f"{part.name}{typography.NBSP}: {_number(part.value)}" for part in parts[:MOST_PARTS]]
    more = ["…"] if len(parts) > MOST_PARTS else []
    return f"{typography.NNBSP}; ".join([*said, *more]) or indicator.text(None)


def _ranked(indicator: Indicator, value: list[Any]) -> str:
    parts = Reading(indicator, value).parts()
    return ", ".join([part.name for part in parts] or [_number(one) for one in value])


def _number(value: Any) -> str:
    if isinstance(value, list):
        return " / ".join(map(_number, value))
    return typography.number(value) if isinstance(value, int | float) else str(value)


def _records(count: int) -> str:
    return typography.plural(count, "fiche")
