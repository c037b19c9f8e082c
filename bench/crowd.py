"""A federation of 50,000 people and 4,000 teams, written by the database itself in seconds.

Each person has an address and a telephone, one in four for the federation alone, for the local
group, for members, for everybody; one team in twenty has closed, one person in fifty has left.
"""

from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import GeneratedField

PEOPLE, TEAMS = 50_000, 4_000
TEAMS_A_GROUP = 20
VISIBILITIES = "(ARRAY['federation', 'group', 'members', 'public'])"


def write(on: date) -> None:
    _insert(
        "members.Profession",
        {"code": "'metier-' || n", "label": "'Métier ' || n"},
        "generate_series(1, 20) n",
    )
    _write_teams(on)
    _write_people(on)
    _write_posts(on)
    _write_groups(on)


def analyse() -> None:
    """What the database does by itself on a portal that lives."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _write_teams(on: date) -> None:
    kinds = "(ARRAY['Pôle santé', 'Maison de santé', 'Équipe de soins'])"
    cities = "(ARRAY['Nantes', 'Château-Gontier', 'Le Mans', 'Saint-Étienne-de-Mer-Morte'])"
    _insert(
        "members.Team",
        {
            "code": "'T-' || n",
            "name": f"{kinds}[1 + n % 3] || ' de l’Érable ' || n",
            "department": "(ARRAY['44', '49', '53', '72', '85'])[1 + n % 5]",
            "insee_code": "'44109'",
            "city": f"{cities}[1 + n % 4]",
            "postcode": "'44000'",
            "constituted_on": f"'{on}'::date - 900",
            "closed_on": f"CASE WHEN n % 20 = 0 THEN '{on}'::date - 30 END",
        },
        f"generate_series(1, {TEAMS}) n",
    )
    _insert(
        "members.Membership",
        {"year": str(on.year), "team_id": "id", "status": "'paid'", "paid_on": f"'{on}'::date"},
        "members_team",
    )


def _write_people(on: date) -> None:
    first = "(ARRAY['Anne', 'Zoé', 'Maëlle', 'Jean-Loup', 'Hervé', 'Élodie', 'Noël', 'Cœlia'])"
    last = "(ARRAY['Le Goff', 'Lefèvre', 'Brûlé', 'D’Hervé', 'Muñoz', 'Öztürk', 'Château'])"
    more = "(ARRAY['', '-Adam', ' Aubépine', '-Étienne', ' Œillet'])"
    letters = "chr(65 + n % 26) || chr(97 + n / 26 % 26) || chr(97 + n / 676 % 26)"
    _insert(
        "members.Person",
        {
            "code": "'P-' || n",
            "first_name": f"{first}[1 + n % 8]",
            "last_name": f"{last}[1 + n % 7] || {more}[1 + n % 5] || ' ' || {letters}",
            "profession_id": "(SELECT min(id) FROM members_profession) + n % 20",
        },
        f"generate_series(1, {PEOPLE}) n",
    )
    _insert(
        "members.PersonEmail",
        {
            "person_id": "id",
            "address": "'p' || id || '@exemple.test'",
            "visibility": f"{VISIBILITIES}[1 + id / 11 % 4]",
        },
        "members_person",
    )
    _insert(
        "members.ContactDetail",
        {
            "person_id": "id",
            "kind": "'mobile'",
            "value": "'+336' || lpad(id::text, 8, '0')",
            "visibility": f"{VISIBILITIES}[1 + id / 13 % 4]",
        },
        "members_person",
    )


def _write_posts(on: date) -> None:
    """Of each team's people, the first coordinates and the second leads."""
    _insert(
        "members.Affiliation",
        {
            "person_id": "person.id",
            "team_id": "team.id",
            "started_on": f"'{on}'::date - 800",
            "ended_on": f"CASE WHEN person.n % 50 = 0 THEN '{on}'::date - 5 END",
        },
        f"{_numbered('members_person')} person JOIN {_numbered('members_team')} team"
        f" ON team.n = 1 + person.n % {TEAMS}",
    )
    _insert(
        "members.Position",
        {
            "person_id": "person_id",
            "team_id": "team_id",
            "role": "CASE WHEN rank = 1 THEN 'coordinator' ELSE 'leader' END",
            "started_on": f"'{on}'::date - 400",
        },
        "(SELECT *, row_number() OVER (PARTITION BY team_id ORDER BY person_id) AS rank"
        " FROM members_affiliation WHERE ended_on IS NULL) practice WHERE rank <= 2",
    )


def _write_groups(on: date) -> None:
    _insert(
        "network.LocalGroup",
        {"code": "'groupe-' || n", "name": "'Groupe ' || n", "department": "'44'"},
        f"generate_series(1, {TEAMS // TEAMS_A_GROUP}) n",
    )
    _insert(
        "network.LocalGroupTeam",
        {"group_id": "g.id", "team_id": "team.id", "joined_on": f"'{on}'::date - 300"},
        f"{_numbered('members_team')} team JOIN {_numbered('network_localgroup')} g"
        f" ON g.n = 1 + team.n % {TEAMS // TEAMS_A_GROUP}",
    )


def _numbered(table: str) -> str:
    return f"(SELECT id, row_number() OVER (ORDER BY id) AS n FROM {table})"  # noqa: S608


def _insert(label: str, columns: dict[str, str], source: str) -> None:
    """Rows of a model; what is not said takes its default."""
    model = apps.get_model(label)
    defaults: dict[str, Any] = {
        field.column: field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.local_concrete_fields
        if field.column not in columns
        and not (field.primary_key or field.null or isinstance(field, GeneratedField))
    }
    names = ", ".join([*columns, *defaults])
    values = ", ".join([*columns.values(), *("%s" for _ in defaults)])
    given = values.replace("%", "%%").replace("%%s", "%s")
    chosen = source.replace("%", "%%")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT {given} FROM {chosen}",  # noqa: S608
            list(defaults.values()),
        )
