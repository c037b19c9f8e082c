"""Columns: how a cell is read, and what is said of it when it cannot be.

The same columns read the CSV files of a take-over and the sheets that the staff imports.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model

from apmsl.lib import audiences
from apmsl.lib.typography import number

MISSING = "valeur manquante."
YEARS = (1900, 2100)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_FRENCH_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,30}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?", re.ASCII)


class Refused(ValueError):
    """A cell that cannot be read; the message is told as it is."""


def quoted(text: str) -> str:
    """The cell as a message repeats it: short, on one line."""
    plain = " ".join(text.split())
    return f"« {plain if len(plain) <= 40 else plain[:39] + '…'} »"


@dataclass(frozen=True, kw_only=True)
class Column:
    """``name`` heads the column in the files, ``label`` in the staff's sheets."""

    name: str = field(kw_only=False)
    label: str = ""
    required: bool = False
    default: str = ""  # what an empty cell stands for, written as a cell
    sql: ClassVar[str] = "text"

    def read(self, cell: str) -> Any:
        """The value of a cell, None when it is empty. Raises Refused."""
        text = cell.strip() or self.default
        if text:
            return self.parse(text)
        if self.required:
            raise Refused(MISSING)
        return None

    def parse(self, text: str) -> Any:
        if _CONTROL.search(text):
            raise Refused("caractère de contrôle interdit.")
        return text

    def show(self, value: Any) -> Any:
        """A value of the database as an export writes it."""
        return value


@dataclass(frozen=True, kw_only=True)
class Text(Column):
    most: int | None = None

    def parse(self, text: str) -> str:
        super().parse(text)
        if self.most and len(text) > self.most:
            length, most = number(len(text)), number(self.most)
            raise Refused(f"texte trop long : {length} caractères, {most} au plus.")
        return text


@dataclass(frozen=True, kw_only=True)
class Code(Text):
    """A word that other rows refer to."""

    pattern: ClassVar[re.Pattern[str]] = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)

    def parse(self, text: str) -> str:
        super().parse(text)
        if not self.pattern.fullmatch(text):
            raise Refused(
                f"code {quoted(text)} mal formé : lettres sans accent, chiffres, tiret, "
                "point et tiret bas seulement."
            )
        return text


@dataclass(frozen=True, kw_only=True)
class Slug(Code):
    pattern: ClassVar[re.Pattern[str]] = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)

    def parse(self, text: str) -> str:
        Text.parse(self, text)
        if not self.pattern.fullmatch(text):
            raise Refused(
                f"code {quoted(text)} mal formé : lettres sans accent, chiffres, tiret et "
                "tiret bas seulement."
            )
        return text


@dataclass(frozen=True, kw_only=True)
class Reference(Text):
    """The code of a row of another table; ``by`` is the field of ``to`` that holds it."""

    to: type[Model]
    by: str = "code"
    made: bool = False  # what it refers to is made while loading: nothing to check before


@dataclass(frozen=True, kw_only=True)
class Email(Text):
    def parse(self, text: str) -> str:
        super().parse(text)
        try:
            validate_email(text)
        except ValidationError:
            raise Refused(f"{quoted(text)} n’est pas une adresse électronique.") from None
        return text


@dataclass(frozen=True, kw_only=True)
class Choice(Column):
    """One of a list of codes; the French label, which exports write, is understood too."""

    choices: tuple[tuple[str, str], ...]

    def parse(self, text: str) -> str:
        for code, label in self.choices:
            if text in (code, label):
                return code
        *others, last = [code for code, _ in self.choices]
        known = f"{', '.join(others)} ou {last}" if others else last
        raise Refused(f"{quoted(text)} est inconnu : attendu {known}.")

    def show(self, value: Any) -> Any:
        return dict(self.choices).get(value, value)


@dataclass(frozen=True, kw_only=True)
class Audience(Choice):
    """A word of ``choices``, or the keys of audiences separated by spaces."""

    def parse(self, text: str) -> str:
        if any(text in choice for choice in self.choices):
            return super().parse(text)
        keys = sorted(set(text.split()))
        codes = {kind.code for kind in audiences.kinds()}
        if all(re.fullmatch(audiences.KEY_PATTERN, k) and k.split(":")[0] in codes for k in keys):
            return " ".join(keys)
        return super().parse(text)

    def show(self, value: Any) -> Any:
        return super().show(" ".join(value or ()))


def _bounded(value: Any, least: Any, most: Any) -> Any:
    if not least <= value <= most:
        raise Refused(f"{number(value)} est hors limites : de {number(least)} à {number(most)}.")
    return value


@dataclass(frozen=True, kw_only=True)
class Integer(Column):
    least: int = 0
    most: int = 2_147_483_647
    sql: ClassVar[str] = "bigint"

    def parse(self, text: str) -> int:
        if not _INTEGER.fullmatch(text):
            raise Refused(f"{quoted(text)} n’est pas un nombre entier.")
        return int(_bounded(int(text), self.least, self.most))


@dataclass(frozen=True, kw_only=True)
class Number(Column):
    """A decimal number, with a point or a comma."""

    least: Decimal
    most: Decimal
    places: int | None = None
    sql: ClassVar[str] = "numeric"

    def parse(self, text: str) -> Decimal:
        try:
            value = (
                Decimal(text.replace(",", "."))
                if _DECIMAL.fullmatch(text.replace(",", "."))
                else None
            )
        except InvalidOperation:
            value = None
        if value is None:
            raise Refused(f"{quoted(text)} n’est pas un nombre.")
        if self.places is not None and value != round(value, self.places):
            figures = "une décimale" if self.places == 1 else f"{self.places} décimales"
            raise Refused(f"{quoted(text)} a trop de décimales : {figures} au plus.")
        return Decimal(_bounded(value, self.least, self.most))


@dataclass(frozen=True, kw_only=True)
class Money(Number):
    """An amount in euros; the database counts cents."""

    least: Decimal = Decimal(0)
    most: Decimal = Decimal(10_000_000)
    places: int | None = 2

    def show(self, value: Any) -> Any:
        return None if value is None else Decimal(value) / 100


@dataclass(frozen=True, kw_only=True)
class Day(Column):
    """A date, as 2023-06-30 or as a French spreadsheet writes it."""

    sql: ClassVar[str] = "date"

    def parse(self, text: str) -> date:
        if match := _ISO_DAY.fullmatch(text):
            year, month, day = match.groups()
        elif match := _FRENCH_DAY.fullmatch(text):
            day, month, year = match.groups()
        else:
            raise Refused(f"{quoted(text)} n’est pas une date : attendu AAAA-MM-JJ.")
        return _date(text, int(year), int(month), int(day))


@dataclass(frozen=True, kw_only=True)
class Month(Column):
    """A month, as 2023-06; the database keeps its first day."""

    sql: ClassVar[str] = "date"

    def parse(self, text: str) -> date:
        match = _MONTH.fullmatch(text)
        if match is None:
            raise Refused(f"{quoted(text)} n’est pas un mois : attendu AAAA-MM.")
        return _date(text, int(match[1]), int(match[2]), 1)

    def show(self, value: Any) -> Any:
        return None if value is None else f"{value:%Y-%m}"


def _date(text: str, year: int, month: int, day: int) -> date:
    try:
        value = date(year, month, day)
    except ValueError:
        raise Refused(f"la date {quoted(text)} n’existe pas.") from None
    if not YEARS[0] <= year <= YEARS[1]:
        raise Refused(f"l’année {year} est hors limites : de {YEARS[0]} à {YEARS[1]}.")
    return value


@dataclass(frozen=True, kw_only=True)
class Flag(Column):
    """Yes or no, as 1 or 0."""

    sql: ClassVar[str] = "boolean"

    def parse(self, text: str) -> bool:
        if text not in ("0", "1"):
            raise Refused(f"{quoted(text)} n’est ni 0 (non) ni 1 (oui).")
        return text == "1"

    def show(self, value: Any) -> Any:
        return None if value is None else int(value)
