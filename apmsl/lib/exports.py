"""Lists that a spreadsheet opens well in France, and that carry no formula: CSV, XLSX, books of sheets."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A spreadsheet takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
# What Excel refuses in the name of a sheet, and how long it may be.
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_LONGEST_NAME = 31


def csv_response(
    filename: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(
        lines(headers, rows), content_type="text/csv; charset=utf-8; header=present"
    )
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def lines(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";")
    # The mark by which a spreadsheet knows UTF-8.
    yield "\ufeff" + writer.writerow([cell(header) for header in headers])
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return str(value).replace(".", ",")
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


class Head(tuple[Any, ...]):
    """A line that heads those below it."""


@dataclass(frozen=True)
class Sheet:
    """``widths`` of the first columns, in characters."""

    title: str
    rows: Iterable[Sequence[Any]]
    widths: Sequence[float] = ()


def xlsx_response(
    filename: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    return workbook_response(filename, [Sheet("Liste", [headers, *rows])])


def workbook_response(filename: str, sheets: Sequence[Sheet]) -> HttpResponse:
    response = HttpResponse(workbook(sheets), content_type=XLSX)
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Numbers and days stay such; no text is taken for a formula."""
    book = Workbook(write_only=True)
    for name, sheet in zip(sheet_names([s.title for s in sheets]), sheets, strict=True):
        page = book.create_sheet(name)
        for column, width in enumerate(sheet.widths, start=1):
            page.column_dimensions[get_column_letter(column)].width = width
        for row in sheet.rows:
            cells = [_kept(value) for value in row]
            page.append([_bold(page, cell) for cell in cells] if isinstance(row, Head) else cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def sheet_names(titles: Sequence[str]) -> list[str]:
    """As Excel takes them: short, without its own signs, none twice whatever the case."""
    names: dict[str, str] = {}
    for title in titles:
        words = " ".join(_NO_NAME.sub(" ", title).split()).strip("'")
        name = words[:_LONGEST_NAME].rstrip(" '") or "Feuille"
        rank = 2
        while name.casefold() in names:
            name = f"{words[: _LONGEST_NAME - 6].rstrip()} ({rank})"
            rank += 1
        names[name.casefold()] = name
    return list(names.values())


def _kept(value: Any) -> Any:
    plain = isinstance(value, int | float | Decimal | date) and not isinstance(
        value, bool | datetime
    )
    return value if plain else ILLEGAL_CHARACTERS_RE.sub("", cell(value))


def _bold(page: Any, value: Any) -> Any:
    cell = WriteOnlyCell(page, value)
    cell.font = Font(bold=True)
    return cell


class _Echo:
    """The writer's file: gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line
