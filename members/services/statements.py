"""The bank's statement as a file: which line, which day, how much. Whatever the bank calls and orders
its columns; all of it, or a message that says where it stops."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apmsl.lib.text import normalise

MOST_BYTES = 5_000_000
MOST_CENTS = 2_000_000_000  # what a column of whole numbers holds
MOST_EQUAL = (
    1_000  # lines of one day with the same text and amount: beyond, the file is not a bank's
)
YEARS = range(2000, 2100)
NAMES = {
    "date": ("date operation", "date de l operation", "date comptable", "date", "date de valeur"),
    "label": ("libelle", "libelle operation", "libelle de l operation", "libelle complet", "label"),
    "debit": ("debit", "debit euros", "montant debit"),
    "credit": ("credit", "credit euros", "montant credit"),
    "amount": ("montant", "montant euros", "montant de l operation", "montant operation"),
}
FRENCH = {"date": "date", "label": "libellé", "debit": "débit", "credit": "crédit"}
FRENCH |= {"amount": "montant"}
DAYS = ("%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
# « 1250,5 », « 1.250,50 », « 1250.50 »; not « 1,250.50 » nor « 1.250 », which could be misread.
_EUROS = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+(?=,))([.,]\d{1,2})?", re.ASCII)


class StatementRefused(Exception):
    """Names the line and the column; shown to whoever imports the file."""


@dataclass(frozen=True)
class StatementLine:
    booked_on: date
    label: str
    amount_cents: int
    rank: int  # among the lines of the file that are equal to it


def read(content: bytes) -> list[StatementLine]:
    rows = _rows(_text(content))
    start, columns = _header(rows)
    seen: Counter[tuple[date, str, int]] = Counter()
    lines = []
    for number, row in enumerate(rows[start:], start + 1):
        if not any(cell.strip() for cell in row):
            continue
        known = _line(row, columns, number)
        seen[known] += 1
        if seen[known] > MOST_EQUAL:
            raise _wrong(number, "label", f"plus de {MOST_EQUAL} lignes sont les mêmes")
        lines.append(StatementLine(*known, seen[known]))
    if not lines:
        raise StatementRefused("Le fichier ne contient aucune opération.")
    return lines


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise StatementRefused("Le fichier dépasse 5 Mo : importez un mois à la fois.")
    if b"\0" in content:
        raise StatementRefused("Ce n’est pas un fichier CSV : exportez le relevé au format CSV.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    except csv.Error as error:
        raise StatementRefused("Ce fichier n’est pas un CSV lisible.") from error


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Banks write a few lines of their own above the columns' names."""
    for number, row in enumerate(rows[:30], 1):
        columns = dict(_columns(row))
        if {"date", "label"} <= set(columns) and set(columns) & {"amount", "credit"}:
            return number, columns
    raise StatementRefused(
        "Les colonnes ne sont pas reconnues : il faut « date », « libellé », et « montant » "
        "ou « débit » et « crédit », séparées par des points-virgules."
    )


def _columns(row: Sequence[str]) -> Iterator[tuple[str, int]]:
    named = [" ".join(re.findall(r"[a-z]+", normalise(cell))) for cell in row]
    for column, names in NAMES.items():
        for name in names:
            if name in named:
                yield column, named.index(name)
                break


def _line(row: Sequence[str], columns: dict[str, int], number: int) -> tuple[date, str, int]:
    label = _SPACES.sub(" ", _cell(row, columns["label"])).strip()[:300]
    if not label:
        raise _wrong(number, "label", "elle est vide")
    return _day(row, columns, number), label, _cents(row, columns, number)


def _day(row: Sequence[str], columns: dict[str, int], number: int) -> date:
    given = _cell(row, columns["date"])
    for pattern in DAYS:
        try:
            day = datetime.strptime(given, pattern).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
        if day.year in YEARS:
            return day
    raise _wrong(number, "date", f"« {given} » n’est pas une date")


def _cents(row: Sequence[str], columns: dict[str, int], number: int) -> int:
    if "amount" in columns and _cell(row, columns["amount"]):
        return _amount(row, columns, number, "amount")
    debit = abs(_amount(row, columns, number, "debit"))
    credit = abs(_amount(row, columns, number, "credit"))
    if not debit and not credit:
        raise _wrong(number, "credit" if "credit" in columns else "amount", "aucun montant")
    if debit and credit:
        raise _wrong(number, "credit", "un débit et un crédit à la fois")
    return credit - debit


def _amount(row: Sequence[str], columns: dict[str, int], number: int, column: str) -> int:
    given = _cell(row, columns[column]) if column in columns else ""
    plain = _SPACES.sub("", given).removesuffix("€").removesuffix("EUR").replace("\u2212", "-")
    if not given:
        return 0
    if not _EUROS.fullmatch(plain):
        raise _wrong(number, column, f"« {given} » n’est pas un montant")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    cents = Decimal(plain) * 100
    if abs(cents) > MOST_CENTS:
        raise _wrong(number, column, f"« {given} » est trop grand")
    return int(cents)


def _cell(row: Sequence[str], index: int) -> str:
    return row[index].strip() if index < len(row) else ""


def _wrong(number: int, column: str, reason: str) -> StatementRefused:
    return StatementRefused(
        f"Ligne {number}, colonne « {FRENCH[column]} » : {reason}. Rien n’a été importé."
    )
