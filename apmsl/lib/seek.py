"""Long lists whose far pages are read as fast as the first ones.

- The first ``COUNTED`` keys are read at once, in the order of an index that holds all that is
  needed: they are the count, and the pages up to there. What the page shows is read for its own
  rows alone. Beyond, « more than » is enough: counting 50,000 people costs more than showing forty.
- A page further on is sought from the row at the end of the one beside it
  (``?page=901&seek=after-123``), which the links to « previous » and « next » tell: ``OFFSET`` would
  read 36,000 rows to throw them away. It does so only for a far number without that.
"""

import re
from functools import cached_property
from math import ceil
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

COUNTED = 3_000


class SeekPaginator(Paginator):  # type: ignore[type-arg]
    """Of what is ``found``, sorted by ``field`` then by pk; ``each``: the same, asked for in the way
    that is fast for a few rows in that order; ``rows``: what the page shows, pk first in values.
    """

    def __init__(
        self,
        found: QuerySet[Any],
        each: QuerySet[Any],
        rows: QuerySet[Any, Any],
        per_page: int,
        *,
        field: str,
    ) -> None:
        super().__init__(found, per_page)
        self.field, self.rows = field, rows
        self.found = found.order_by(field, "pk")
        self.each = each.order_by(field, "pk")
        self.counted = COUNTED // per_page * per_page
        self.is_capped = False  # there are more than ``count``
        self.reached = 1  # a page that is there for sure

    @property
    def count(self) -> int:
        return self.counted if self.is_capped else len(self._first)

    @property
    def num_pages(self) -> int:
        return max(ceil(self.count / self.per_page), self.reached)

    def read(self, number: str | None, seek: str | None) -> "SeekPage":
        wanted, keys = self._keys(_positive(number), seek or "")
        self.reached = wanted + (len(keys) > self.per_page)
        keys = keys[: self.per_page]
        known = {_pk(row): row for row in self.rows.filter(pk__in=keys)}
        return SeekPage([known[key] for key in keys if key in known], wanted, self)

    def is_far(self, number: int) -> bool:
        return number * self.per_page > self.counted

    # -- keys of a page, and one more where the list goes on ---------------------------------------
    @cached_property
    def _first(self) -> list[int]:
        keys = list(self.each.values_list("pk", flat=True)[: self.counted + 1])
        self.is_capped = len(keys) > self.counted
        return keys

    def _keys(self, wanted: int, seek: str) -> tuple[int, list[int]]:
        if self.is_far(wanted) and (keys := self._sought(seek) or self._skipped_to(wanted)):
            self.is_capped = True
            return wanted, keys
        last = max(ceil(len(self._first) / self.per_page), 1)
        if self.is_far(wanted) and self.is_capped:  # beyond the end, which is far too
            last = ceil(self.found.count() / self.per_page)
            return last, self._skipped_to(last)
        wanted = min(wanted, last)
        start = (wanted - 1) * self.per_page
        return wanted, self._first[start : start + self.per_page + 1]

    def _skipped_to(self, number: int) -> list[int]:
        start = (number - 1) * self.per_page
        return list(self.found.values_list("pk", flat=True)[start : start + self.per_page + 1])

    def _sought(self, seek: str) -> list[int]:
        told = re.fullmatch(r"(after|before)-([0-9]{1,18})", seek)
        if told is None:
            return []
        side, order = ("gt", self.each) if told[1] == "after" else ("lt", self.each.reverse())
        for value, pk in self.found.filter(pk=told[2]).values_list(self.field, "pk"):
            tied = Q(**{self.field: value, f"pk__{side}": pk})
            # The first condition, implied by the second, is the one that an index understands.
            found = order.filter(**{f"{self.field}__{side}e": value})
            found = found.filter(Q(**{f"{self.field}__{side}": value}) | tied)
            keys = list(found.values_list("pk", flat=True)[: self.per_page + 1])
            return keys if side == "gt" else [*reversed(keys[: self.per_page]), pk]
        return []


class SeekPage(Page[Any]):
    paginator: SeekPaginator

    def seek(self, number: object) -> str | None:
        """What the link to a far page tells besides its number, when it is beside this one."""
        if not isinstance(number, int) or not self.object_list or not self.paginator.is_far(number):
            return None
        if number == self.number + 1:
            return f"after-{_pk(self.object_list[-1])}"
        return f"before-{_pk(self.object_list[0])}" if number == self.number - 1 else None


def _pk(row: Any) -> int:
    pk: int = row[0] if isinstance(row, tuple) else row.pk
    return pk


def _positive(number: str | None) -> int:
    typed = number or ""
    return max(int(typed), 1) if typed.isdecimal() and len(typed) < 8 else 1
