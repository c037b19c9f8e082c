"""A sheet that the staff imports in the admin: the rules of a take-over, told row by row.

The rows go the way of the files (staged, checked, loaded as one), and come back as django-import-export
shows them: new, updated, unchanged or wrong.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.html import format_html
from django.utils.safestring import SafeString
from import_export.results import Result, RowResult
from tablib import Dataset

from apmsl.lib.imports import exports, files, staging
from apmsl.lib.imports.checks import Checks
from apmsl.lib.imports.formats import cell_text
from apmsl.lib.imports.loading import Refused, load, located
from apmsl.lib.imports.problems import Problems
from apmsl.lib.imports.tables import Table, steps
from apmsl.lib.typography import short_day, typeset

_HEADER_LINE = 1


@dataclass
class Sheet:
    """One import of a sheet; its lines are numbered as a spreadsheet does. ``before`` and ``after``:
    the rows of the portal that its lines speak of, by their id."""

    table: Table
    dataset: Dataset
    problems: Problems = field(default_factory=Problems)
    known: dict[int, int] = field(default_factory=dict)
    ids: dict[int, int] = field(default_factory=dict)
    before: dict[int, list[Any]] = field(default_factory=dict)
    after: dict[int, list[Any]] = field(default_factory=dict)

    def take(self, *, dry_run: bool, source: str) -> Result:
        try:
            with transaction.atomic(), pghistory.context(source=source):
                with connection.cursor() as cursor:
                    self._stage(cursor)
                    if not self.problems:
                        self._load(cursor)
                transaction.set_rollback(dry_run or bool(self.problems))
        except Refused as refusal:
            self.problems.add(refusal.file, 0, "", str(refusal))
        return self._refusal() if self.problems else self._result()

    def _stage(self, cursor: Any) -> None:
        order = files.header_order(list(self.dataset.headers), self.table, self.problems)
        if order is None:
            return
        rows = (
            (line, [cell_text(row[place]) for place in order])
            for line, row in enumerate(self.dataset, _HEADER_LINE + 1)
            if any(row)
        )
        staging.create(cursor, self.table)
        staging.fill(cursor, self.table, rows, self.problems)
        Checks(cursor, self.problems, {self.table.name}).run(self.table)

    def _load(self, cursor: Any) -> None:
        own = [step for step in steps() if step.name == self.table.name]
        main = [step.target for step in own if step.target.model is self.table.model]
        if self.table.before:
            self.table.before(cursor)
        for target in main:
            self.known |= located(cursor, self.table, target)
        self.before = self._rows(self.known)
        for step in own:
            load(cursor, self.table, step.target)
        for target in main:
            self.ids |= located(cursor, self.table, target)
        self.after = self._rows(self.ids)

    def _rows(self, ids: dict[int, int]) -> dict[int, list[Any]]:
        pks = sorted(set(ids.values()))
        queryset = self.table.model._default_manager.filter(pk__in=pks).order_by("pk")
        return dict(zip(pks, exports.rows(self.table, queryset), strict=True))

    # -- what is told ----------------------------------------------------------------------------
    def _result(self) -> Result:
        result = Result()
        result.diff_headers = exports.headers(self.table)
        result.total_rows = len(self.ids)
        instances = self.table.model._default_manager.in_bulk(self.ids.values())
        for line in sorted(self.ids, key=self._rank):
            pk = self.ids[line]
            row = RowResult()
            row.import_type = self._kind(line)
            row.diff = [
                _shown(*pair) for pair in zip(self._former(line), self.after[pk], strict=True)
            ]
            row.instance = instances.get(pk)
            row.add_instance_info(row.instance)
            result.append_row_result(row)
            result.increment_row_result_total(row)
        return result

    def _rank(self, line: int) -> tuple[bool, int]:
        """What changes comes before what stays as it is."""
        return self._kind(line) == RowResult.IMPORT_TYPE_SKIP, line

    def _former(self, line: int) -> list[Any]:
        """What the row was, or is when it is new: only changes are marked."""
        return self.before[self.known[line]] if line in self.known else self.after[self.ids[line]]

    def _kind(self, line: int) -> str:
        if line not in self.known:
            return str(RowResult.IMPORT_TYPE_NEW)
        if self._former(line) == self.after[self.ids[line]]:
            return str(RowResult.IMPORT_TYPE_SKIP)
        return str(RowResult.IMPORT_TYPE_UPDATE)

    def _refusal(self) -> Result:
        result = Result()
        result.diff_headers = list(self.dataset.headers)
        reasons: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for problem in self.problems:
            title = self._title(problem.column)
            reasons[problem.line or _HEADER_LINE][title].append(typeset(problem.reason))
        for line, told in sorted(reasons.items()):
            result.append_invalid_row(line, self._row(line), ValidationError(dict(told)))
        result.totals[RowResult.IMPORT_TYPE_INVALID] = len(self.problems)
        return result

    def _title(self, name: str) -> str:
        """The heading that the sheet itself gives to a column."""
        for column in self.table.columns:
            if column.name == name:
                headings = (column.name, exports.header_of(column))
                return next((h for h in self.dataset.headers if h in headings), headings[1])
        return name or "ligne"

    def _row(self, line: int) -> dict[str, Any]:
        if line == _HEADER_LINE:
            return {}
        return dict(zip(self.dataset.headers, self.dataset[line - _HEADER_LINE - 1], strict=True))


def _shown(former: Any, value: Any) -> SafeString:
    if former == value:
        return format_html("{}", _text(value))
    return format_html("<del>{}</del> → <ins>{}</ins>", _text(former), _text(value))


def _text(value: Any) -> str:
    if isinstance(value, date):
        return short_day(value)
    return "" if value is None else str(value)
