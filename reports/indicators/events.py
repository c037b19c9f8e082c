"""Events of the year: eight figures for each category, three breakdowns, the teams reached."""

from functools import partial
from typing import Any

from django.db.models import Count, QuerySet

from events.enums import Category, EventStatus, Format
from events.models import Event
from reports.enums import Chapter
from reports.indicators.attendance import (
    ATTENDANCES,
    EVENTS,
    PARTICIPANTS,
    REGISTRATIONS,
    SESSIONS,
    held_in_year,
    participants,
    present,
    reached,
    teams_present,
)
from reports.indicators.categories import EVENTS as WORDS
from reports.indicators.indicator import Indicator, Kind
from reports.indicators.population import Population
from reports.indicators.scope import Condition, Scope, matching
from reports.indicators.teams import TEAMS, member_teams
from toolbox.models import Theme

# suffix: (singular, plural, definition); « {} » stands for the events in the plural
NOUNS = {
    "registered": (
        "inscription aux {}",
        "inscriptions aux {}",
        "inscriptions en cours, ni annulées ni en liste d’attente",
    ),
    "participations": (
        "participation aux {}",
        "participations aux {}",
        "présences ; une personne venue à trois séances compte trois fois",
    ),
    "participants": (
        "participant aux {}",
        "participants aux {}",
        "personnes présentes, comptées une fois par événement",
    ),
    "sessions": ("séance des {}", "séances des {}", "séances datées de l’année"),
    "teams": (
        "équipe représentée aux {}",
        "équipes représentées aux {}",
        "équipes des personnes présentes, d’après leur inscription",
    ),
    "departments": (
        "département représenté aux {}",
        "départements représentés aux {}",
        "départements des équipes des personnes présentes, d’après leur inscription",
    ),
}


def _words(category: Category, suffix: str) -> dict[str, Any]:
    events = WORDS[category]
    one, many, definition = NOUNS[suffix]
    return {
        "one": one.format(events.many),
        "many": many.format(events.many),
        "definition": f"Événements de ce type tenus dans l’année : {definition}.",
        "chapter": events.chapter,
    }


def _category(category: Category) -> list[Indicator]:
    by_event, by_session = _of(category, "event__"), _of(category, "session__event__")
    say = partial(_words, category)
    came = partial(teams_present, where=by_event)

    def teams(scope: Scope) -> dict[int, str]:
        return reached(scope).get(category, {})

    return [
        _held(category),
        REGISTRATIONS.count(f"{category}_registered", where=by_event, **say("registered")),
        ATTENDANCES.count(f"{category}_participations", where=by_session, **say("participations")),
        PARTICIPANTS.fact(
            f"{category}_participants",
            lambda scope: participants(scope)[category],
            kind=Kind.COUNT,
            where=by_session,
            **say("participants"),
        ),
        SESSIONS.count(f"{category}_sessions", where=by_event, **say("sessions")),
        EVENTS.fact(
            f"{category}_teams",
            lambda scope: len(teams(scope)),
            kind=Kind.COUNT,
            listing=came,
            **say("teams"),
        ),
        EVENTS.fact(
            f"{category}_departments",
            lambda scope: len(set(teams(scope).values())),
            listing=came,
            **say("departments"),
        ),
        _cancelled(category),
    ]


def _of(category: Category, event: str) -> Condition:
    """``event`` is the way from the record to its event."""
    return matching(**{f"{event}kind__category": category})


def _held(category: Category) -> Indicator:
    events = WORDS[category]
    return EVENTS.count(
        f"{category}_count",
        where=_in(category, EventStatus.HELD),
        one=events.one,
        many=events.many,
        definition="Événements de ce type, tenus, dont le premier jour est dans l’année.",
        chapter=events.chapter,
    )


def _cancelled(category: Category) -> Indicator:
    events = WORDS[category]
    return EVENTS.count(
        f"{category}_cancelled",
        where=_in(category, EventStatus.CANCELLED),
        one=f"annulation parmi les {events.many}",
        many=f"annulations parmi les {events.many}",
        definition="Événements de ce type, annulés, qui auraient commencé dans l’année.",
        chapter=events.chapter,
    )


def _in(category: Category, status: EventStatus) -> Condition:
    return matching(kind__category=category, status=status)


# -- breakdowns ----------------------------------------------------------------------------------
def _held_of(scope: Scope, category: Category) -> QuerySet[Event]:
    return Event.objects.filter(held_in_year(scope), kind__category=category).order_by()


def _by(scope: Scope, category: Category, field: str) -> list[tuple[Any, int, int]]:
    """Value of ``field``, events, participations."""
    came = Count("sessions__attendances")
    events = Count("pk", distinct=True)
    return list(_held_of(scope, category).values_list(field).annotate(events, came))


def _by_theme(scope: Scope) -> dict[str, list[int]]:
    rows = _by(scope, Category.THEMATIC_MEETING, "theme__code")
    return dict(sorted((theme or "", [events, came]) for theme, events, came in rows))


def audience_code(keys: list[str]) -> str:
    """['coordinators', 'leaders'] → « coordinators_leaders »; a local group's is « local_group »."""
    return "_".join(dict.fromkeys(key.partition(":")[0] for key in keys))


def _by_audience(scope: Scope) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for keys, events, came in _by(scope, Category.REGIONAL_MEETING, "audiences"):
        known = found.setdefault(audience_code(keys), [0, 0])
        known[0] += events
        known[1] += came
    return dict(sorted(found.items()))


def themes() -> dict[str, str]:
    return {"": "Sans thème", **dict(Theme.objects.values_list("code", "label"))}


AUDIENCES = {
    "public": "Tout public",
    "members": "Adhérents",
    "coordinators": "Coordinateurs",
    "coordinators_leaders": "Coordinateurs et leaders",
    "leaders": "Leaders",
    "local_group": "Groupe local",
}

REACHED_TEAMS = Population(
    lambda scope: member_teams(scope).filter(pk__in=present(scope).values("team")),
    columns=TEAMS.columns,
    order=TEAMS.order,
    target=TEAMS.target,
    chapter=Chapter.MEMBERS,
    of_members=True,
)

INDICATORS = [
    *(indicator for category in WORDS for indicator in _category(category)),
    EVENTS.fact(
        "thematic_meeting_by_theme",
        _by_theme,
        where=_in(Category.THEMATIC_MEETING, EventStatus.HELD),
        kind=Kind.BREAKDOWN,
        names=themes,
        title="Réunions d’information thématiques par thème",
        one="réunion d’information thématique",
        many="réunions d’information thématiques",
        definition="Par thème : réunions tenues dans l’année et participations.",
    ),
    EVENTS.breakdown(
        "local_group_meeting_by_format",
        "format",
        where=_in(Category.LOCAL_GROUP_MEETING, EventStatus.HELD),
        names=lambda: dict(Format.choices),
        title="Rencontres de groupe local par modalité",
        one="rencontre de groupe local",
        many="rencontres de groupe local",
        definition="Rencontres de groupe local tenues dans l’année, par modalité.",
        chapter=Chapter.NETWORK,
    ),
    EVENTS.fact(
        "regional_meeting_by_audience",
        _by_audience,
        where=_in(Category.REGIONAL_MEETING, EventStatus.HELD),
        kind=Kind.BREAKDOWN,
        names=lambda: AUDIENCES,
        title="Rencontres régionales par public",
        one="rencontre régionale",
        many="rencontres régionales",
        definition="Par public : rencontres tenues dans l’année et participations.",
        chapter=Chapter.NETWORK,
    ),
    REACHED_TEAMS.count(
        "teams_reached",
        one="équipe adhérente touchée",
        many="équipes adhérentes touchées",
        definition=(
            "Équipes adhérentes dont une personne au moins est venue à un événement de l’année."
        ),
    ),
]
