"""Reading the files of a folder: encoding, separator, header, rows.

Comma or semicolon, with or without a byte order mark, columns in any order and headed by their code
or by their French label: all of it is accepted; anything doubtful is told.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apmsl.lib.imports.exports import companion_of
from apmsl.lib.imports.problems import Problems
from apmsl.lib.imports.tables import Table
from apmsl.lib.text import normalise
from apmsl.lib.typography import plural

DESCRIPTION = "dataset.json"
YEARS = (2000, 2100)
CELL_LIMIT = 1_000_000  # characters; the csv module stops at 131,072 unless told
ENCODING = (
    "cette ligne n’est pas en UTF-8 (sans doute en Latin-1 ou Windows-1252)"
    " : enregistrez le fichier en UTF-8."
)
# Python's own message is English, and has one cause: a text that never ends.
MALFORMED = "CSV mal formé : un guillemet ouvert n’est sans doute pas fermé."
EMPTY = "fichier vide : la première ligne doit nommer les colonnes."
Row = list[str]


def year_of(folder: Path, problems: Problems) -> int | None:
    """The reporting year, as the folder's description gives it."""
    path = folder / DESCRIPTION
    if not path.is_file():
        problems.add(DESCRIPTION, 0, "", "fichier absent : sa clé year donne l’année du rapport.")
        return None
    try:
        year = json.loads(path.read_text("utf-8-sig"))["year"]
    except (OSError, ValueError, KeyError, TypeError):
        year = None
    if type(year) is int and YEARS[0] <= year <= YEARS[1]:
        return year
    reason = f"illisible : sa clé year doit donner une année de {YEARS[0]} à {YEARS[1]}."
    problems.add(DESCRIPTION, 0, "", reason)
    return None


def rows_of(path: Path, table: Table, problems: Problems) -> Iterator[tuple[int, Row]]:
    """The rows of a file with their line, their cells in the order of the table's columns."""
    csv.field_size_limit(CELL_LIMIT)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield from _rows(csv.reader(lines, delimiter=_delimiter(path)), table, problems)
    except UnicodeDecodeError:
        problems.unread(table.file, _undecodable_line(path), "", ENCODING)
    except csv.Error:
        problems.unread(table.file, 0, "", MALFORMED)
    except OSError as error:
        problems.unread(table.file, 0, "", f"fichier illisible ({error.strerror}).")


def _delimiter(path: Path) -> str:
    with path.open("rb") as lines:
        return delimiter_of(lines.readline(10_000))


def delimiter_of(header: bytes) -> str:
    return ";" if header.count(b";") > header.count(b",") else ","


def _undecodable_line(path: Path) -> int:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 0


def _rows(reader: Any, table: Table, problems: Problems) -> Iterator[tuple[int, Row]]:
    header = next(reader, None)
    if header is None:
        problems.unread(table.file, 0, "", EMPTY)
        return
    order = header_order(header, table, problems)
    if order is None:
        return
    width, straight = len(header), order == list(range(len(header)))
    before = reader.line_num
    for cells in reader:
        line, before = before + 1, reader.line_num
        if not any(cells):
            continue  # spreadsheets leave such rows at the end
        if len(cells) != width:
            reason = f"{plural(len(cells), 'valeur')} au lieu de {width}."
            problems.add(table.file, line, "", reason)
        elif straight:
            yield line, cells
        else:
            yield line, [cells[place] for place in order]


def header_order(header: Row, table: Table, problems: Problems) -> list[int] | None:
    """For each column of the table its place in the rows; None, and told, when the header is wrong."""
    named = {column.name: column.name for column in table.columns}
    labelled = {_plain(column.label): column.name for column in table.columns if column.label}
    ignored = {_plain(companion_of(column)) for column in table.references}
    places: dict[str, int] = {}
    sound = True
    for place, title in enumerate(header):
        text = title.strip()
        if _plain(text) in ignored:
            continue
        name = named.get(text) or labelled.get(_plain(text))
        if name is None or name in places:
            why = "colonne inconnue" if name is None else "colonne présente deux fois"
            problems.unread(table.file, 1, text, f"{why}.")
            sound = False
        else:
            places[name] = place
    for missing in [name for name in named if name not in places]:
        problems.unread(table.file, 1, missing, "colonne absente.")
        sound = False
    return [places[name] for name in named] if sound else None


def _plain(title: str) -> str:
    return normalise(title).strip()
