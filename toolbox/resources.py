"""The files of tools, job postings and lending."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from apmsl.lib.imports import tables
from apmsl.lib.imports.columns import Audience, Month
from apmsl.lib.imports.fields import column_of, columns_of
from apmsl.lib.imports.tables import Table, Target
from toolbox.models import Equipment, JobPosting, Loan, Theme, Tool, ToolMonth

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

_HOLDING = ("approved", "out")
_STAGED_LOANS = """
    SELECT s.line, s.equipment, s.starts_on, s.ends_on, s.status, t.copy
    FROM import_loans s LEFT JOIN toolbox_loan t ON t.code = s.code
    WHERE NOT s.broken AND s.starts_on <= s.ends_on
    ORDER BY s.equipment, t.copy NULLS LAST, s.starts_on, s.line
"""
_OTHER_LOANS = """
    SELECT e.code, t.starts_on, t.ends_on, t.copy
    FROM toolbox_loan t JOIN toolbox_equipment e ON e.id = t.equipment_id
    WHERE t.status IN ('approved', 'out')
    AND NOT EXISTS (SELECT FROM import_loans s WHERE s.code = t.code)
"""


def _give_copies(cursor: Any) -> Iterator[tuple[int, str, str]]:
    """The files do not say which copy is lent: each loan that keeps one gets the first that is free
    on its days; a loan that has one already keeps it."""
    copies = _copies(cursor)
    taken = defaultdict(list)
    cursor.execute(_OTHER_LOANS)
    for equipment, start, end, copy in cursor.fetchall():
        taken[equipment, copy].append((start, end))
    given, without = [], []
    cursor.execute(_STAGED_LOANS)
    for line, equipment, start, end, status, copy in cursor.fetchall():
        if status not in _HOLDING:
            given.append((copy, line))
            continue
        free = [
            number
            for number in (copy, *range(1, copies.get(equipment, 0) + 1))
            if number and all(end < a or start > b for a, b in taken[equipment, number])
        ]
        if free:
            taken[equipment, free[0]].append((start, end))
            given.append((free[0], line))
        else:
            without.append(line)
            if equipment in copies:
                yield line, "starts_on", _none_free(copies[equipment])
    cursor.execute(
        "UPDATE import_loans s SET copy = given.copy "
        "FROM unnest(%s::integer[], %s::integer[]) given(copy, line) WHERE given.line = s.line",
        [[copy for copy, _ in given], [line for _, line in given]],
    )
    cursor.execute("UPDATE import_loans SET broken = TRUE WHERE line = ANY(%s)", [without])


def _copies(cursor: Any) -> dict[str, int]:
    copies = dict(Equipment.objects.values_list("code", "copies"))
    cursor.execute("SELECT to_regclass('pg_temp.import_equipment') IS NOT NULL")
    if cursor.fetchone()[0]:
        cursor.execute("SELECT code, copies FROM import_equipment WHERE NOT broken")
        copies |= dict(cursor.fetchall())
    return copies


def _none_free(copies: int) -> str:
    if copies == 0:
        return "ce matériel n’a pas d’exemplaire à prêter."
    if copies == 1:
        return "le seul exemplaire est déjà prêté à ces dates."
    return f"les {copies} exemplaires sont déjà prêtés à ces dates."


tables.register(TOOLS, TOOL_VIEWS, JOB_POSTINGS, EQUIPMENT, LOANS)
