"""The files of tools, job postings and lending."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from apmsl.lib.imports import tables
from apmsl.lib.imports.columns import Audience, Month
from apmsl.lib.imports.fields import column_of, columns_of
from apmsl.lib.imports.tables import Table, Target
from toolbox.models import DIGITAL_COPY, Equipment, JobPosting, Loan, Theme, Tool, ToolMonth

_THEMES = {
    "aci": "ACI",
    "communication": "Communication",
    "coordination": "Coordination",
    "crises-sanitaires": "Crises sanitaires",
    "demarche-qualite": "Démarche qualité",
    "ecoresponsable": "Écoresponsabilité",
    "evenements-indesirables": "Événements indésirables",
    "gestion": "Gestion",
    "juridique": "Juridique",
    "parcours": "Parcours",
    "prevention": "Prévention",
    "protocoles": "Protocoles",
    "qualite": "Qualité",
    "rcp": "Réunions de concertation pluriprofessionnelle",
    "recherche": "Recherche",
    "salariat-sisa": "Salariat et SISA",
    "sante-mentale": "Santé mentale",
    "stagiaires": "Stagiaires",
    "systeme-information": "Système d’information",
    "usagers": "Usagers",
}


def make_themes(cursor: Any, staged: str) -> None:
    """A theme is known by its code from the first file that uses it; the staff words it later."""
    cursor.execute(f"SELECT DISTINCT theme FROM {staged} WHERE theme IS NOT NULL ORDER BY theme")
    codes = [code for (code,) in cursor.fetchall()]
    known = set(Theme.objects.filter(code__in=codes).values_list("code", flat=True))
    Theme.objects.bulk_create(
        Theme(code=code, label=_THEMES.get(code) or code.replace("-", " ").capitalize())
        for code in codes
        if code not in known
    )


AUDIENCE_KEYS = "string_to_array(s.audience, ' ')::varchar[]"

TOOLS = Table(
    name="tools",
    label="Outils",
    columns=(
        *columns_of(Tool, "code title kind theme published_on withdrawn_on", theme={"made": True}),
        Audience(
            "audience",
            label="public",
            required=True,
            choices=(("public", "Tout le monde"), ("members", "Adhérents")),
        ),
    ),
    key=("code",),
    title=("title",),
    reads={"audience": "audiences"},
    before=lambda cursor: make_themes(cursor, TOOLS.staged),
    targets=(Target(Tool, key=("code",), values={"audiences": AUDIENCE_KEYS}),),
)

TOOL_VIEWS = Table(
    name="tool_views",
    label="Consultations des outils",
    columns=(
        column_of(ToolMonth, "tool"),
        Month("month", label="mois", required=True),
        column_of(ToolMonth, "views"),
    ),
    key=("tool", "month"),
    targets=(Target(ToolMonth, key=("tool", "month")),),
)

JOB_POSTINGS = Table(
    name="job_postings",
    label="Offres",
    columns=columns_of(JobPosting, "code team title kind published_on closed_on views"),
    key=("code",),
    targets=(Target(JobPosting, key=("code",)),),
)

EQUIPMENT = Table(
    name="equipment",
    label="Matériels",
    columns=columns_of(Equipment, "code name copies digital_copies"),
    key=("code",),
    title=("name",),
    targets=(Target(Equipment, key=("code",)),),
)

LOANS = Table(
    name="loans",
    label="Prêts",
    columns=columns_of(
        Loan,
        "code equipment team requested_on starts_on ends_on returned_on renewed status",
    ),
    key=("code",),
    more_sql={"copy": "integer"},
    check=lambda cursor: _give_copies(cursor),
    targets=(Target(Loan, key=("code",)),),
)

_KEPT_COPIES = """
    UPDATE import_loans s SET copy = t.copy FROM toolbox_loan t WHERE t.code = s.code
"""
_HOLDING_LOANS = """
    SELECT line, equipment, starts_on, ends_on, copy FROM import_loans
    WHERE NOT broken AND status IN ('approved', 'out')
    ORDER BY equipment, copy NULLS LAST, starts_on, line
"""
_OTHER_LOANS = """
    SELECT e.code, t.copy, t.starts_on, t.ends_on
    FROM toolbox_loan t JOIN toolbox_equipment e ON e.id = t.equipment_id
    WHERE t.status IN ('approved', 'out')
    AND NOT EXISTS (SELECT FROM import_loans s WHERE s.code = t.code)
"""
_GIVEN_COPIES = """
    UPDATE import_loans s SET copy = given.copy
    FROM unnest(%s::integer[], %s::integer[]) given(line, copy) WHERE given.line = s.line
"""
Taken = dict[tuple[str, int], list[tuple[date, date]]]


def _give_copies(cursor: Any) -> Iterator[tuple[int, str, str]]:
    """The files do not say which copy is lent: each loan that keeps one gets the first that is free
    on its days, then the one to download; a loan that has one already keeps it."""
    copies = _copies(cursor)
    taken: Taken = defaultdict(list)
    cursor.execute(_OTHER_LOANS)
    for equipment, copy, start, end in cursor.fetchall():
        taken[equipment, copy].append((start, end))
    given = {}
    cursor.execute(_KEPT_COPIES)
    cursor.execute(_HOLDING_LOANS)
    for line, equipment, start, end, kept in cursor.fetchall():
        carried, digital = copies.get(equipment, (0, 1))
        wanted = [kept, *range(1, carried + 1)] + [DIGITAL_COPY] * min(digital, 1)
        copy = _first_free([(equipment, number) for number in wanted], (start, end), taken)
        if copy is None:
            yield line, "starts_on", _none_free(carried)
        given[line] = DIGITAL_COPY if copy is None else copy
        taken[equipment, given[line]].append((start, end))
    cursor.execute(_GIVEN_COPIES, [list(given), list(given.values())])


def _first_free(wanted: list[Any], period: tuple[date, date], taken: Taken) -> int | None:
    start, end = period
    for equipment, copy in wanted:
        busy = any(start <= last and first <= end for first, last in taken[equipment, copy])
        if copy == DIGITAL_COPY or (copy is not None and not busy):
            return int(copy)
    return None


def _copies(cursor: Any) -> dict[str, tuple[int, int]]:
    """For each code, how many copies to carry and how many to download."""
    rows = Equipment.objects.values_list("code", "copies", "digital_copies")
    copies = {code: (carried, digital) for code, carried, digital in rows}
    cursor.execute("SELECT to_regclass('pg_temp.import_equipment') IS NOT NULL")
    if cursor.fetchone()[0]:
        cursor.execute("SELECT code, copies, digital_copies FROM import_equipment WHERE NOT broken")
        copies |= {code: (carried, digital) for code, carried, digital in cursor.fetchall()}
    return copies


def _none_free(copies: int) -> str:
    if copies == 0:
        return "ce matériel n’a pas d’exemplaire à prêter."
    if copies == 1:
        return "le seul exemplaire est déjà prêté à ces dates."
    return f"les {copies} exemplaires sont déjà prêtés à ces dates."


tables.register(TOOLS, TOOL_VIEWS, JOB_POSTINGS, EQUIPMENT, LOANS)
