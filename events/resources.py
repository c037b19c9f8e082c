"""The files of events, their sessions, registrations and attendance."""

from dataclasses import replace

from apmsl.lib.imports import tables
from apmsl.lib.imports.columns import Audience, Integer, Reference, Text
from apmsl.lib.imports.fields import column_of, columns_of
from apmsl.lib.imports.tables import Link, Rule, Table, Target
from events.models import ActionKind, Attendance, Event, EventSession, Registration
from toolbox.resources import make_themes

_AUDIENCES = (
    ("public", "Tout le monde"),
    ("members", "Adhérents"),
    ("coordinators", "Coordination"),
    ("coordinators_leaders", "Coordination et leaders"),
    ("leaders", "Leaders"),
    ("local_group", "Groupe local"),  # the one that the column of that name gives
)
_AUDIENCE_KEYS = """(CASE s.audience
    WHEN 'coordinators_leaders' THEN ARRAY['coordinators', 'leaders']
    WHEN 'local_group' THEN ARRAY['local_group:' || s.local_group]
    ELSE string_to_array(s.audience, ' ') END)::varchar[]"""

EVENTS = Table(
    name="events",
    label="Événements",
    columns=(
        *columns_of(
            Event,
            "code title",
        ),
        replace(column_of(Event, "kind"), name="category"),
        *columns_of(
            Event,
            "theme starts_on ends_on format department",
            theme={"made": True},
        ),
        Text("local_group", label="groupe local", most=30),
        Audience("audience", label="public", required=True, choices=_AUDIENCES),
        *columns_of(Event, "status capacity series_number"),
    ),
    key=("code",),
    title=("title",),
    reads={"audience": "audiences", "category": "kind__code"},
    rules=(
        Rule(
            "local_group",
            "un événement réservé à un groupe local nomme ce groupe.",
            lambda row: row["audience"] == "local_group" and not row["local_group"],
        ),
    ),
    before=lambda cursor: make_themes(cursor, EVENTS.staged),
    targets=(
        Target(
            Event,
            key=("code",),
            values={"audiences": _AUDIENCE_KEYS},
            links=(Link("kind", ActionKind, columns=("category",), by=("code",)),),
        ),
    ),
)

EVENT_SESSIONS = Table(
    name="event_sessions",
    label="Séances",
    columns=columns_of(EventSession, "event number held_on"),
    key=("event", "number"),
    targets=(Target(EventSession, key=("event", "number")),),
)

REGISTRATIONS = Table(
    name="registrations",
    label="Inscriptions",
    columns=columns_of(Registration, "event person team status registered_on"),
    key=("event", "person"),
    targets=(
        Target(
            Registration,
            key=("event", "person"),
            once={"queued_at": "s.registered_on::timestamp AT TIME ZONE 'Europe/Paris'"},
        ),
    ),
)

_SESSION = Integer("session", label="séance", required=True, most=32_767)

ATTENDANCES = Table(
    name="attendances",
    label="Présences",
    columns=(
        Reference("event", label="événement", to=Event, required=True),
        _SESSION,
        column_of(Attendance, "person"),
    ),
    key=("event", "session", "person"),
    reads={"event": "session__event__code", "session": "session__number"},
    targets=(
        Target(
            Attendance,
            key=("session", "person"),
            links=(
                Link(
                    "session",
                    EventSession,
                    columns=("event", "session"),
                    by=("event__code", "number"),
                ),
            ),
        ),
    ),
)


tables.register(EVENTS, EVENT_SESSIONS, REGISTRATIONS, ATTENDANCES)
