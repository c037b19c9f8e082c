"""Sheets that the staff reads and writes: XLSX, and CSV as a French spreadsheet opens it.

A cell of text that a spreadsheet would take for a formula gets a leading apostrophe; reading takes it
away again, so that what was exported comes back as it was. Numbers and dates stay what they are: in
XLSX as such, in CSV as « 7,5 » and « 30/06/2023 ».
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zipfile import BadZipFile, ZipFile

from import_export.formats import base_formats
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook
from tablib import Dataset

from apmsl.lib.imports import files
from apmsl.lib.typography import plural, typeset

BOM = "\ufeff"
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_WIDEST = 60
# A workbook is an archive: a small one may unfold without end. 4,000 teams are some 5 MB.
LARGEST = 200 * 1024 * 1024
NO_WORKBOOK = "Ce fichier n’est pas un classeur XLSX."


class Unreadable(ValueError):
    """The sheet cannot be read; the message is told as it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(typeset(reason))


def harmless(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """What ``harmless`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


class CSV(base_formats.CSV):
    CONTENT_TYPE = "text/csv; charset=utf-8"

    def is_binary(self) -> bool:
        return True  # the encoding is ours to find out

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> Dataset:
        try:
            text = in_stream.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = in_stream.count(b"\n", 0, error.start) + 1
            raise Unreadable(f"Ligne {line} : {files.ENCODING}") from None
        csv.field_size_limit(files.CELL_LIMIT)
        delimiter = files.delimiter_of(in_stream.split(b"\n", 1)[0])
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error:
            raise Unreadable(files.MALFORMED) from None
        for line, row in enumerate(rows, 1):
            if len(row) != len(rows[0]) and any(row):
                told = plural(len(row), "valeur")
                raise Unreadable(f"Ligne {line} : {told} au lieu de {len(rows[0])}.")
        return _dataset([[restored(cell) for cell in row] for row in rows])

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        text = io.StringIO()
        text.write(BOM)
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(map(harmless, dataset.headers or ()))
        writer.writerows([_written(value) for value in row] for row in dataset)
        return text.getvalue().encode()


class XLSX(base_formats.XLSX):
    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> Dataset:
        _check_size(in_stream)
        try:
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(in_stream))
            rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
        except CalamineError:
            raise Unreadable(NO_WORKBOOK) from None
        return _dataset([[cell_text(value) for value in row] for row in rows])

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet(dataset.title or "Export")
        sheet.freeze_panes = "A2"
        rows = list(dataset)
        for place, width in enumerate(_widths(dataset.headers or (), rows), 1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.append([_cell(sheet, title, bold=True) for title in dataset.headers or ()])
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
        file = io.BytesIO()
        workbook.save(file)
        return file.getvalue()


FORMATS = (XLSX, CSV)


def _check_size(workbook: bytes) -> None:
    try:
        with ZipFile(io.BytesIO(workbook)) as archive:
            unfolded = sum(part.file_size for part in archive.infolist())
    except BadZipFile:
        raise Unreadable(NO_WORKBOOK) from None
    if unfolded > LARGEST:
        raise Unreadable("Ce classeur est trop grand : importez-le en plusieurs fois.")


def _dataset(rows: Sequence[Sequence[str]]) -> Dataset:
    if not rows or not any(rows[0]):
        raise Unreadable(files.EMPTY.capitalize())
    width = len(rows[0])
    dataset = Dataset(headers=list(rows[0]))
    for row in rows[1:]:
        dataset.append((*row, *[""] * (width - len(row))))
    return dataset


def cell_text(value: Any) -> str:
    """The cell of a workbook as a CSV file would hold it."""
    if isinstance(value, str):
        return restored(value)
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    return "" if value is None else str(value)


def _written(value: Any) -> str:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    if isinstance(value, str):
        value = harmless(ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value))
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _widths(headers: Iterable[str], rows: Sequence[Sequence[Any]]) -> list[int]:
    columns = zip(headers, *rows[:200], strict=True)
    return [min(_WIDEST, 2 + max(len(str(value or "")) for value in column)) for column in columns]
