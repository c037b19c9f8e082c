"""Records that look like one person, and why: found by keys that both have, never pair by pair.

Each statement joins the table with itself on a key (an address, a telephone, a name in a team), so
that 50,000 people cost a few passes. A key that many share (a secretariat's address) says nothing.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from django.db import connection

from apmsl.lib.text import normalised
from members.models import Person

MOST_OF_A_KEY = 6  # more people than that share an address: it is nobody's own


class Reason(StrEnum):
    EMAIL = "même adresse électronique"
    PHONE = "même téléphone"
    NAME = "même nom, dans la même équipe ou la même commune"
    SWAPPED = "nom et prénom inversés"
    NAME_ALONE = "même nom, et l’une des fiches n’a pas d’équipe"
    NEAR = "une lettre d’écart, dans la même équipe ou la même commune"


WEIGHTS = {
    Reason.EMAIL: 5,
    Reason.PHONE: 4,
    Reason.NAME: 6,
    Reason.SWAPPED: 6,
    Reason.NAME_ALONE: 3,
    Reason.NEAR: 3,
}


@dataclass
class Pair:
    first: int
    second: int
    reasons: list[Reason] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return sum(WEIGHTS[reason] for reason in self.reasons)


def find() -> list[Pair]:
    """The likeliest first; without those said to be two people."""
    people = Person.objects.filter(erased_on=None).annotate(
        first=normalised("first_name"), last=normalised("last_name")
    )
    columns = people.values_list("pk", "first", "last", "sort_name")
    statement, parameters = columns.query.sql_with_params()
    found: dict[tuple[int, int], Pair] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.replace("{people}", statement), parameters)
        for first, second, reason in cursor.fetchall():
            pair = found.setdefault((first, second), Pair(first, second))
            pair.reasons.append(Reason[reason])
    for pair in found.values():
        pair.reasons.sort(key=lambda reason: -WEIGHTS[reason])
    return sorted(found.values(), key=lambda pair: (-pair.weight, pair.first, pair.second))


# « near »: variants of a name with one letter left out. Two names a letter apart share one: a letter
# changed is left out of both, a letter more is left out of the longer. A town stands for its teams.
_STATEMENT = f"""
WITH people (id, first, last, sort_name) AS MATERIALIZED ({{people}}),
named AS MATERIALIZED (
    SELECT id, first, last, sort_name,
        (SELECT string_agg(word, ' ' ORDER BY word)
         FROM unnest(string_to_array(sort_name, ' ')) AS word WHERE word <> '') AS words
    FROM people
),
places AS MATERIALIZED (
    SELECT DISTINCT person_id AS id, insee_code AS town
    FROM (SELECT person_id, team_id FROM members_affiliation
          UNION ALL SELECT person_id, team_id FROM members_position) AS linked
    JOIN members_team ON members_team.id = team_id
),
homonyms AS MATERIALIZED (
    SELECT a.id AS one, b.id AS other, a.sort_name <> b.sort_name AS swapped
    FROM named a JOIN named b ON a.words = b.words AND a.id < b.id
),
variants (id, key) AS (
    SELECT id, hashtextextended(town || '|' || first || '|' || left(last, greatest(i - 1, 0)) || substr(last, i + 1), 1)
    FROM named JOIN places USING (id), generate_series(0, length(last)) AS i WHERE length(last) >= 4
    UNION ALL
    SELECT id, hashtextextended(town || '|' || last || '|' || left(first, greatest(i - 1, 0)) || substr(first, i + 1), 2)
    FROM named JOIN places USING (id), generate_series(0, length(first)) AS i WHERE length(first) >= 4
),
keys (reason, ids) AS (
    SELECT 'EMAIL', array_agg(DISTINCT person_id) FROM members_personemail
    GROUP BY lower(address) HAVING count(*) BETWEEN 2 AND {MOST_OF_A_KEY}
    UNION ALL
    SELECT 'PHONE', array_agg(DISTINCT person_id) FROM members_contactdetail
    WHERE kind IN ('mobile', 'phone') GROUP BY value HAVING count(*) BETWEEN 2 AND {MOST_OF_A_KEY}
    UNION ALL
    SELECT 'NEAR', array_agg(DISTINCT id) FROM variants
    GROUP BY key HAVING count(*) BETWEEN 2 AND {2 * MOST_OF_A_KEY}
),
pairs (one, other, reason) AS (
    SELECT one, other, reason FROM keys, unnest(ids) AS one, unnest(ids) AS other WHERE one < other
    UNION
    SELECT one, other, 'SWAPPED' FROM homonyms WHERE swapped
    UNION
    SELECT one, other, 'NAME' FROM homonyms
    JOIN places a ON a.id = one JOIN places b ON b.id = other AND b.town = a.town WHERE NOT swapped
    UNION
    SELECT one, other, 'NAME_ALONE' FROM homonyms
    WHERE NOT swapped AND (one NOT IN (SELECT id FROM places) OR other NOT IN (SELECT id FROM places))
)
SELECT one, other, reason FROM pairs
JOIN people a ON a.id = one JOIN people b ON b.id = other
WHERE (reason <> 'NEAR' OR a.sort_name <> b.sort_name)
AND NOT EXISTS (SELECT FROM members_notduplicate WHERE first_id = one AND second_id = other)
"""  # noqa: S608  its only values are ours
