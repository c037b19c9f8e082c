"""Who is linked to the federation on a day, as one condition on a person."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, F, Func

from apmsl.lib import audiences
from apmsl.lib.audiences import ANYONE

Statement = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Links:
    """As SQL: every list of people asks for them, and compiling the question costs more than
    running it. ``of_one`` ask whether ANYONE has a link, ``few`` who is among the few."""

    of_one: tuple[Statement, ...]
    few: tuple[Statement, ...]


@lru_cache(maxsize=4)
def _links(on: date) -> Links:
    affiliations, positions, memberships = (
        apps.get_model("members", name)._default_manager
        for name in ("Affiliation", "Position", "Membership")
    )
    closed = apps.get_model("members", "Team")._default_manager.filter(closed_on__lte=on)
    of_one = (
        affiliations.on(on).filter(person=ANYONE).exclude(team__in=closed),
        positions.on(on).filter(person=ANYONE).exclude(team__in=closed),
        memberships.opening_on(on).filter(team=None, person=ANYONE),
    )
    few = (audiences.people("board", on), audiences.people("staff", on))
    return Links(
        tuple(links.values("pk").query.sql_with_params() for links in of_one),
        tuple(people.values("pk").query.sql_with_params() for people in few),
    )


class LinkedOn(Func):
    """They practise in an open team or hold a post there, are a member on their own, or are the
    federation's.

    Of many people, PostgreSQL chooses to look each up or to gather all who have a link. For a page
    of a long list it would gather them all: ``each`` leaves it no choice (EXISTS of a union cannot
    be gathered), and forty people are looked up in a millisecond.
    """

    output_field = BooleanField()

    def __init__(self, on: date, *, each: bool = False) -> None:
        super().__init__(F("pk"))
        self.on, self.each = on, each

    def as_sql(self, compiler: Any, connection: Any, *parts: Any, **extra: Any) -> Any:
        column, _ = compiler.compile(self.source_expressions[0])
        links, params = _links(self.on), []
        asked = []
        for sql, given in links.of_one:
            asked.append(_about(column, sql, given))
            params += [param for param in given if param != ANYONE]
        joined = " UNION ALL ".join if self.each else ") OR EXISTS (".join
        tests = [f"EXISTS ({joined(asked)})"]
        for sql, given in links.few:
            tests.append(f"{column} IN ({sql})")
            params += given
        return f"({' OR '.join(tests)})", tuple(params)


def _about(column: str, sql: str, params: tuple[Any, ...]) -> str:
    """The column in the place of ANYONE."""
    parts = sql.split("%s")
    values = [column if param == ANYONE else "%s" for param in params]
    return "".join(part + value for part, value in zip(parts, [*values, ""], strict=True))
