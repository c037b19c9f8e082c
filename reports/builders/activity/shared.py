"""What several chapters say alike: meetings of a category, accompaniments of a kind, small tables."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from apmsl.lib import typography
from apmsl.lib.charts import Bars, Drawing, Item, Stacked
from events.enums import ReportChapter
from reports.builders.activity.material import (
    KindOfYear,
    Material,
    Opinion,
    apart_key,
    kind_key,
)
from reports.builders.figures import Action, Figure, Picture, Table
from reports.enums import Chapter as Key

# Of drawings, so that their letters have the same size: across the column, or two side by side.
WIDE = 450
HALF = 330
MANY = 6
TOGETHER = "apart"  # the key of the table of kinds of which nothing is told


def event_figures(material: Material, category: str, one: str, many: str) -> Sequence[Figure]:
    """How many took place, and how many came; nothing for a category without any."""
    held = material.figure(f"{category}_count", one, many)
    if not held.value:
        return []
    came = material.figure(f"{category}_participations", "participation", "participations")
    return [held, came]


def is_new(material: Material, category: str) -> bool:
    """Offered for the first time in the year: it is stamped."""
    return category in material.lists.new


class After(TypedDict):
    opinions: Sequence[Table]
    pictures: Sequence[Picture]


def after(material: Material, *keys: str) -> After:
    """What followed the events of a category: part of its action."""
    told = [opinion for key in keys for opinion in material.lists.opinions.get(key, ())]
    return After(
        opinions=[_opinion(opinion) for opinion in told],
        pictures=[one for key in keys for one in material.lists.pictures.get(key, ())],
    )


def _opinion(opinion: Opinion) -> Table:
    """By objective; where the event had none, the marks alone."""
    mean = f"{typography.number(round(opinion.mean, 1))} sur 5"
    if not opinion.objectives:
        row = ["Satisfaction moyenne", typography.number(opinion.answers), mean]
        return Table(caption=opinion.title, head=("Avis", "Réponses", "Note"), rows=[row])
    answers = typography.plural(opinion.answers, "réponse")
    return Table(
        caption=f"{opinion.title} : {answers}, satisfaction moyenne {mean}",
        head=("Objectif", "Atteint", "En partie", "Non atteint"),
        rows=[[text, *map(typography.number, counts)] for text, counts in opinion.objectives],
    )


def counted_apart(material: Material, *chapters: ReportChapter) -> Sequence[Action]:
    """Kinds of action that have no figures of their own among the indicators: those of which the staff
    tells something by themselves, the others in one table."""
    found = [kind for kind in material.lists.kinds if kind.chapter in chapters]
    alone = [kind for kind in found if kind_key(kind.key) in material.lists.stories]
    rows = [
        (f"{kind.label} (nouveau)" if kind.is_new else kind.label, kind.meetings, _came(kind))
        for kind in found
        if kind not in alone
    ]
    together = Action(
        key=TOGETHER,
        title="Actions comptées à part",
        table=table("Par type d’action", ("Action", "Rencontres", "Participants"), rows),
        **after(material, *map(apart_key, chapters)),
    )
    return [*(_alone(material, kind) for kind in alone), together]


def _alone(material: Material, kind: KindOfYear) -> Action:
    key = kind_key(kind.key)
    return Action(
        key=key,
        title=kind.label,
        is_new=kind.is_new,
        figures=[
            Figure("", kind.meetings, "rencontre", "rencontres"),
            Figure("", kind.people, "participant", "participants"),
        ],
        **after(material, key),
    )


def _came(kind: KindOfYear) -> str:
    """Held, with nobody present: the presences were not noted."""
    return typography.number(kind.people) if kind.people else "–"


def accompaniment(material: Material, kind: str, *, workshop: bool = False) -> Sequence[Figure]:
    """In a ``workshop`` several teams may be helped together: how many of them there were, too."""
    teams = material.figure(f"{kind}_teams", "équipe accompagnée", "équipes accompagnées")
    if not teams.value:
        return []
    workshops = material.figure(f"{kind}_count", "atelier", "ateliers")
    return [
        material.pair(workshops, teams) if workshop else teams,
        material.figure(f"{kind}_sessions", "séance", "séances"),
        material.figure(
            f"{kind}_professionals", "professionnel impliqué", "professionnels impliqués"
        ),
    ]


def programme(meetings: Sequence[tuple[str, date, int]], heading: str, proof: str) -> Table | None:
    """The meetings of the year one by one. Held, with nobody present: the presences were not noted."""
    return table(
        "Le programme de l’année",
        (heading, "Date", "Présents"),
        [
            (title, typography.day(day, year=False), typography.number(people) if people else "–")
            for title, day, people in meetings
        ],
        words=True,
        ends_in_number=True,
        proof=proof,
    )


def numbered(title: str, number: int | None) -> str:
    """« Rencontre régionale (n° 13) »."""
    return f"{title} (n°{typography.NBSP}{number})" if number else title


def chapter_title(key: Key) -> str:
    """As everywhere else; a line does not end in « en »."""
    return str(key.label).replace(" en ", f" en{typography.NBSP}")


def landmarks(material: Material, *keys: Key) -> Action:
    """What no record of ours can tell, as the staff entered it: with its source and its date.

    The title says of what: the same words on top of several pages would be read as a header.
    """
    about = keys[0].label
    about = about if about[1].isupper() else about[0].lower() + about[1:]
    told = [one for key in keys for one in material.lists.landmarks.get(key, ())]
    return Action(key="landmarks", title=f"Repères : {about}", landmarks=told)


def accompanied(material: Material, kind: str) -> Table | None:
    """Which teams, since when, and what the committee said of them."""
    rows = [
        (team.name, typography.month(team.since), team.state)
        for team in material.lists.accompanied.get(kind, ())
    ]
    return table(
        "Les équipes accompagnées",
        ("Équipe", "Depuis", "Où elle en est"),
        rows,
        words=True,
        proof=f"{kind}_teams",
    )


def table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str | int]],
    *,
    words: bool = False,
    ends_in_number: bool = False,
    proof: str = "",
    proofs: Sequence[Sequence[str]] = (),
) -> Table | None:
    """None without a row. ``words``: at most the last column holds numbers. ``proof`` is the indicator
    of what is listed, ``proofs`` those of the cells."""
    if not rows:
        return None
    printed = [
        [cell if isinstance(cell, str) else typography.number(cell) for cell in row] for row in rows
    ]
    return Table(
        caption=caption,
        head=head,
        rows=printed,
        numbers=not words,
        ends_in_number=ends_in_number,
        proof=proof,
        proofs=proofs,
    )


def bars(key: str, title: str, items: Sequence[Item], *, width: int = WIDE) -> Sequence[Drawing]:
    """One bar alone compares nothing; many of them are thinner."""
    if len(items) < 2:
        return []
    thickness = 16.0 if len(items) <= MANY else 12.0
    return [Bars(key=key, title=title, items=items, width=width, thickness=thickness)]


def stacked(key: str, title: str, items: Sequence[Item], *, width: int = WIDE) -> Sequence[Drawing]:
    return [Stacked(key=key, title=title, items=items, width=width)] if len(items) > 1 else []
