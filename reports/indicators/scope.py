"""What figures are asked about: a reporting year, seen on a day. It remembers what was asked.

Years that are compared are asked about together: ten of them take one statement where one does.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast

from django.db.models import Q, QuerySet, Value

from apmsl.lib import dates

T = TypeVar("T")


@dataclass(frozen=True)
class Scope:
    """``as_of`` may lie inside the year, or after it: nothing dated later counts."""

    year: int
    as_of: date
    _answers: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    _together: list["Scope"] = field(default_factory=list, compare=False, repr=False)

    @classmethod
    def of(cls, year: int, as_of: date | None = None) -> "Scope":
        return cls(year, as_of or date(year, 12, 31))

    @classmethod
    def several(cls, days: Mapping[int, date]) -> list["Scope"]:
        """Years that share their queries, each seen on its day."""
        scopes = [cls(year, day) for year, day in days.items()]
        for scope in scopes:
            scope._together.extend(scopes)
        return scopes

    def rows(self, query: "Query") -> list[tuple[Any, ...]]:
        """What ``query`` gives for this year, asked for the years beside it in the same statement."""
        if query not in self._answers:
            scopes = self._together or [self]
            for scope, found in zip(scopes, _asked(query, scopes), strict=True):
                scope._answers[query] = found
        return cast(list[tuple[Any, ...]], self._answers[query])

    def remember(self, question: Hashable, ask: Callable[[], T]) -> T:
        """One grouped query serves many figures: the first that needs it asks it."""
        if question not in self._answers:
            self._answers[question] = ask()
        return cast(T, self._answers[question])

    def in_year(self, field_name: str) -> Q:
        return dates.in_year(field_name, self.year, self.as_of)

    def holds(self, start: str = "started_on", end: str = "ended_on") -> Q:
        return dates.holds(self.as_of, start, end)


Condition = Callable[[Scope], Q]
# Ends in ``values_list``; an ordering is kept.
Query = Callable[[Scope], QuerySet[Any, Any]]


def _asked(query: Query, scopes: Sequence[Scope]) -> list[list[tuple[Any, ...]]]:
    if len(scopes) == 1:
        return [list(query(scopes[0]))]
    first, *others = [query(scope).annotate(_of=Value(n)) for n, scope in enumerate(scopes)]
    found: list[list[tuple[Any, ...]]] = [[] for _ in scopes]
    for *row, of in first.union(*others, all=True):
        found[of].append(tuple(row))
    return found


def once(query: Callable[[Scope], T]) -> Callable[[Scope], T]:
    """Ask ``query`` once per scope."""

    @wraps(query)
    def remembered(scope: Scope) -> T:
        return scope.remember(query, lambda: query(scope))

    return remembered


def everything(scope: Scope) -> Q:
    return Q()


def matching(**lookups: Any) -> Condition:
    """A condition that does not depend on the scope."""
    return lambda scope: Q(**lookups)


def both(first: Condition, second: Condition) -> Condition:
    return lambda scope: first(scope) & second(scope)
