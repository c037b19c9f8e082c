"""Records of one kind, and the figures counted among them.

A figure and the list behind it come from the same condition: the figure is ``COUNT(*) FILTER
(WHERE condition)``, the list is ``WHERE condition``. All the figures of a population are asked in one
query, so a condition must not multiply rows: it looks at the record's own fields, at those of what
it points to, or says ``Exists``.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Aggregate, BooleanField, Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.expressions import Combinable

from apmsl.lib import rounding, typography
from reports.enums import Chapter
from reports.indicators.indicator import Indicator, Kind, always, no_names
from reports.indicators.records import Column, RecordList
from reports.indicators.scope import Condition, Scope, both, everything

Amount = str | Callable[[Scope], Combinable]


class Population:
    def __init__(
        self,
        base: Callable[[Scope], QuerySet[Any]],
        *,
        columns: tuple[Column, ...],
        order: tuple[str, ...] = (),
        target: str = "",
        related: tuple[str, ...] = (),
        chapter: Chapter,
        exists: Callable[[Scope], bool] = always,
        of_members: bool = False,
    ) -> None:
        """``target`` names what a row links to: « self », or a path; ``related`` what it reads;
        ``of_members`` is said of its figures, see ``Indicator``."""
        self.base = base
        self.columns = columns
        self.order = order
        self.target = target
        self.related = related
        self.chapter = chapter
        self.exists = exists
        self.of_members = of_members
        self._aggregates: dict[tuple[Any, ...], Callable[[Scope], Aggregate]] = {}

    # -- figures ---------------------------------------------------------------------------------
    def count(self, name: str, *, where: Condition = everything, **words: Any) -> Indicator:
        number = self.number(where)
        return self._indicator(
            name, Kind.COUNT, number, lambda scope: self.list(scope, where), words
        )

    def distinct(
        self,
        name: str,
        of: Amount,
        *,
        where: Condition = everything,
        listing: Callable[[Scope], RecordList],
        kind: Kind = Kind.COUNT,
        **words: Any,
    ) -> Indicator:
        """How many different ``of`` there are; the list is of them, and so another's."""
        measure = self._measure(Count, of, where, distinct=True)
        return self._indicator(name, kind, measure, listing, words)

    def total(
        self, name: str, amount: Amount, *, header: str, where: Condition = everything, **words: Any
    ) -> Indicator:
        asked = self._measure(Sum, amount, where)

        def listing(scope: Scope) -> RecordList:
            return self.list(scope, where, header, amount=amount)

        return self._indicator(name, Kind.SUM, lambda scope: asked(scope) or 0, listing, words)

    def mean(
        self, name: str, amount: Amount, *, header: str, where: Condition = everything, **words: Any
    ) -> Indicator:
        """One decimal, over the records that have an amount."""
        total, number = self._measure(Sum, amount, where), self._measure(Count, amount, where)

        def measure(scope: Scope) -> int | float | None:
            return rounding.mean(total(scope) or 0, number(scope))

        def listing(scope: Scope) -> RecordList:
            return self.list(scope, where, header, amount=amount)

        return self._indicator(name, Kind.MEAN, measure, listing, words)

    def median(
        self, name: str, amount: Amount, *, header: str, where: Condition = everything, **words: Any
    ) -> Indicator:
        """In whole units, over the records that have an amount, if they are not too few."""

        def amounts(scope: Scope) -> QuerySet[Any, Any]:
            records = self.base(scope).filter(where(scope)).order_by()
            known = records.annotate(amount=_expression(amount, scope)).filter(amount__isnull=False)
            return known.values_list("amount")

        def measure(scope: Scope) -> int | None:
            return rounding.typical(value for (value,) in scope.rows(amounts))

        def listing(scope: Scope) -> RecordList:
            return self.list(scope, where, header, amount=amount)

        return self._indicator(name, Kind.FACT, measure, listing, words)

    def share(
        self, name: str, part: Condition, *, header: str, of: Condition = everything, **words: Any
    ) -> Indicator:
        """Whole percent of those ``of`` that are also ``part``; ``header`` says what part that is."""
        counted, whole = self.number(both(of, part), key=(of, part)), self.number(of)

        def measure(scope: Scope) -> int | float | None:
            return rounding.percent(counted(scope), whole(scope))

        def listing(scope: Scope) -> RecordList:
            return self.list(scope, of, header, counted=part)

        return self._indicator(name, Kind.SHARE, measure, listing, {"unit": "%"} | words)

    def breakdown(
        self,
        name: str,
        by: str,
        *,
        where: Condition = everything,
        names: Callable[[], dict[str, str]] = no_names,
        **words: Any,
    ) -> Indicator:
        """How many by code, in the order of the codes."""

        def measure(scope: Scope) -> dict[str, int]:
            grouped = self.base(scope).filter(where(scope)).order_by().values_list(by)
            return dict(sorted(grouped.annotate(Count("pk"))))

        def listing(scope: Scope) -> RecordList:
            return self.list(scope, where)

        return self._indicator(name, Kind.BREAKDOWN, measure, listing, words | {"names": names})

    def fact(
        self,
        name: str,
        measure: Callable[[Scope], Any],
        *,
        where: Condition = everything,
        kind: Kind = Kind.FACT,
        listing: Callable[[Scope], RecordList] | None = None,
        **words: Any,
    ) -> Indicator:
        """A value worked out elsewhere from these records."""
        behind = listing or (lambda scope: self.list(scope, where))
        return self._indicator(name, kind, measure, behind, words)

    # -- what they are made of -------------------------------------------------------------------
    def list(
        self,
        scope: Scope,
        where: Condition = everything,
        header: str = "",
        *,
        amount: Amount | None = None,
        counted: Condition | None = None,
    ) -> RecordList:
        records, columns = self.base(scope).filter(where(scope)), self.columns
        if amount is not None:
            records = records.annotate(amount=_expression(amount, scope))
            columns = (*columns, Column(header, "amount"))
        if counted is not None:
            records = records.annotate(counted=_flag(counted(scope)))
            columns = (*columns, Column(header, "counted"))
        if self.related:
            records = records.select_related(*self.related)
        return RecordList(records.order_by(*self.order, "pk"), columns, self.target)

    def number(
        self, where: Condition = everything, *, key: tuple[Any, ...] = ()
    ) -> Callable[[Scope], int]:
        """How many records there are, asked together with the population's other figures."""
        return self._measure(Count, "pk", where, key=key)

    def _measure(
        self,
        aggregate: type[Aggregate],
        amount: Amount,
        where: Condition,
        *,
        key: tuple[Any, ...] = (),
        **options: Any,
    ) -> Callable[[Scope], Any]:
        """The same measure asked twice is one column of the query."""
        key = (aggregate, amount, *(key or (where,)), *options)
        self._aggregates.setdefault(
            key,
            lambda scope: aggregate(
                _expression(amount, scope), filter=where(scope) or None, **options
            ),
        )
        return lambda scope: self._results(scope)[key]

    def _results(self, scope: Scope) -> dict[tuple[Any, ...], Any]:
        return scope.remember(self, lambda: self._ask(scope))

    def _ask(self, scope: Scope) -> dict[tuple[Any, ...], Any]:
        rows = scope.rows(self._row)
        # The database is not asked about a population that can only be empty.
        nothing = [ask(scope).empty_result_set_value for ask in self._aggregates.values()]
        return dict(zip(self._aggregates, rows[0] if rows else nothing, strict=True))

    def _row(self, scope: Scope) -> QuerySet[Any, Any]:
        """All the figures on one line: grouped by what is the same for all records."""
        asked = {f"figure_{n}": ask(scope) for n, ask in enumerate(self._aggregates.values())}
        records = self.base(scope).order_by().annotate(_all=Value(1)).values("_all")
        return records.annotate(**asked).values_list(*asked)

    def _indicator(
        self,
        name: str,
        kind: Kind,
        measure: Callable[[Scope], Any],
        listing: Callable[[Scope], RecordList],
        words: dict[str, Any],
    ) -> Indicator:
        defaults: dict[str, Any] = {
            "chapter": self.chapter,
            "exists": self.exists,
            "of_members": self.of_members,
        }
        return Indicator(
            id=name, kind=kind, measure=measure, listing=listing, **(defaults | titled(words))
        )


def titled(words: dict[str, Any]) -> dict[str, Any]:
    """Without a title of its own, a figure is headed by what it counts."""
    many = words.get("many") or words["one"]
    title = words.get("title") or many[0].upper() + many[1:]
    said = {"one": words["one"], "many": many, "title": title, "definition": words["definition"]}
    return words | {name: typography.typeset(text) for name, text in said.items()}


def _expression(amount: Amount, scope: Scope) -> Combinable:
    return F(amount) if isinstance(amount, str) else amount(scope)


def _flag(condition: Q) -> Combinable:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
