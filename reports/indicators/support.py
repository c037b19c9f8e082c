"""Accompaniments under way in the year, and passages before the committee (CATS)."""

from functools import partial
from typing import Any

from django.db.models import QuerySet

from members.enums import AccompanimentKind, CommitteeOutcome
from members.models import Accompaniment, AccompanimentTeam, Team
from reports.enums import Chapter
from reports.indicators.categories import ACCOMPANIMENTS as WORDS
from reports.indicators.indicator import Indicator
from reports.indicators.population import Population
from reports.indicators.records import Column, RecordList
from reports.indicators.scope import Condition, Scope, both, matching
from reports.indicators.teams import TEAMS

UNDER_WAY = "accompagnements commencés à la date de référence et non terminés avant le 1er janvier"


def _running(scope: Scope) -> QuerySet[Accompaniment]:
    return Accompaniment.objects.running_in(scope.year, scope.as_of)


def _accompanied(scope: Scope) -> QuerySet[AccompanimentTeam]:
    return AccompanimentTeam.objects.filter(accompaniment__in=_running(scope))


RUNNING = Population(
    _running,
    columns=(
        Column("Accompagnement", "__str__"),
        Column("Commencé le", "started_on"),
        Column("Terminé le", "ended_on"),
    ),
    order=("started_on",),
    chapter=Chapter.TEAMS,
)

ACCOMPANIED = Population(
    _accompanied,
    columns=(
        Column("Équipe", "team.name"),
        Column("Accompagnement", "accompaniment"),
        Column("Passage en CATS", "committee_on"),
        Column("Issue", "get_outcome_display"),
    ),
    order=("team__sort_name",),
    related=("team", "accompaniment"),
    target="team",
    chapter=Chapter.TEAMS,
)


def _teams(scope: Scope, where: Condition) -> RecordList:
    accompanied = _accompanied(scope).filter(where(scope)).values("team")
    teams = Team.objects.filter(pk__in=accompanied).order_by("sort_name", "pk")
    return RecordList(teams, TEAMS.columns, TEAMS.target)


def _kind(kind: AccompanimentKind) -> list[Indicator]:
    return [_count(kind), *_measures(kind), *_committee(kind)]


def _say(kind: AccompanimentKind, one: str, many: str, definition: str) -> dict[str, Any]:
    words = WORDS[kind]
    return {
        "one": f"{one} – {words.many}",
        "many": f"{many} – {words.many}",
        "definition": definition,
        "chapter": words.chapter,
    }


def _count(kind: AccompanimentKind) -> Indicator:
    words = WORDS[kind]
    return RUNNING.count(
        f"{kind}_count",
        where=matching(kind=kind),
        one=words.one,
        many=words.many,
        definition=f"{words.title} : {UNDER_WAY}.",
        chapter=words.chapter,
    )


def _measures(kind: AccompanimentKind) -> list[Indicator]:
    """Who was helped, and how much."""
    of_team, say = matching(accompaniment__kind=kind), partial(_say, kind)
    return [
        ACCOMPANIED.distinct(
            f"{kind}_teams",
            "team",
            where=of_team,
            listing=partial(_teams, where=of_team),
            **say(
                "équipe accompagnée",
                "équipes accompagnées",
                "Équipes de ces accompagnements ; chacune compte une fois.",
            ),
        ),
        RUNNING.total(
            f"{kind}_sessions",
            "sessions",
            header="Séances",
            where=matching(kind=kind),
            **say("séance", "séances", "Somme des séances de ces accompagnements."),
        ),
        ACCOMPANIED.total(
            f"{kind}_professionals",
            "professionals",
            header="Professionnels",
            where=of_team,
            **say(
                "professionnel impliqué",
                "professionnels impliqués",
                "Somme des professionnels impliqués dans ces accompagnements.",
            ),
        ),
    ]


def _committee(kind: AccompanimentKind) -> list[Indicator]:
    words = WORDS[kind]
    presented = both(
        matching(accompaniment__kind=kind), lambda scope: scope.in_year("committee_on")
    )
    return [
        ACCOMPANIED.count(
            f"{kind}_presented",
            where=presented,
            **_say(
                kind,
                "passage en CATS",
                "passages en CATS",
                "Passages en commission (CATS) dans l’année, pour ces accompagnements.",
            ),
        ),
        ACCOMPANIED.share(
            f"{kind}_recognised_pct",
            matching(outcome=CommitteeOutcome.RECOGNISED),
            of=presented,
            header="Reconnue",
            title=f"Part des équipes reconnues – {words.many}",
            one="des équipes présentées en CATS reconnues",
            definition="Équipes reconnues, parmi les passages en CATS de l’année.",
            chapter=words.chapter,
        ),
    ]


INDICATORS = [indicator for kind in WORDS for indicator in _kind(kind)]
