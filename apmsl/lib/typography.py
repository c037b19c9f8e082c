"""French typography: the same numbers, dates, plurals and spaces on pages, in mails and documents.

Spaces: narrow and unbreakable (U+202F) inside numbers and before ``; ! ?``; unbreakable (U+00A0)
before ``: % €``, inside guillemets, and between a number and what it counts.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
NNBSP = "\u202f"
MINUS = "\u2212"

Number = int | float | Decimal

MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
SHORT_MONTHS = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()
WEEKDAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()


# -- numbers ---------------------------------------------------------------------------------------
def number(value: Number, decimals: int | None = None) -> str:
    """2382 → « 2 382 », Decimal("7.50") → « 7,5 »; ``decimals`` rounds half up and keeps zeros."""
    quantity = Decimal(str(value))
    if decimals is not None:
        quantity = quantity.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, fraction = f"{abs(quantity):,f}".partition(".")
    if decimals is None:
        fraction = fraction.rstrip("0")
    sign = MINUS if quantity < 0 else ""
    return sign + whole.replace(",", NNBSP) + (f",{fraction}" if fraction else "")


def percent(value: Number, decimals: int | None = 0) -> str:
    """19 → « 19 % »: the value is a percentage already."""
    return f"{number(value, decimals)}{NBSP}%"


def share(part: Number, whole: Number, decimals: int | None = 0) -> str:
    """15 of 81 → « 19 % »; of nothing → « – »."""
    return percent(Decimal(str(part)) * 100 / Decimal(str(whole)), decimals) if whole else "–"


def money(cents: int, *, exact: bool = False) -> str:
    """123450 → « 1 234,50 € », 25000 → « 250 € »; ``exact`` always prints the cents."""
    decimals = 2 if exact or cents % 100 else 0
    return f"{number(Decimal(cents) / 100, decimals)}{NBSP}€"


def weight(size: int) -> str:
    """The size of a file in bytes: « 195 ko », « 2,4 Mo »."""
    if size < 1_000_000:
        return f"{number(max(round(size / 1000), 1))}{NBSP}ko"
    return f"{number(size / 1_000_000, 1)}{NBSP}Mo"


def agree(count: Number, singular: str, plural: str = "") -> str:
    """The word without its number. French is singular below 2: « 0 réunion », « 1,5 jour »."""
    if -2 < count < 2:
        return singular
    return plural or _regular_plural(singular)


def plural(count: Number, singular: str, plural_form: str = "") -> str:
    """« 1 réunion », « 2 réunions »; a phrase needs both forms."""
    return f"{number(count)}{NBSP}{agree(count, singular, plural_form)}"


def _regular_plural(word: str) -> str:
    if " " in word:
        raise ValueError(f"Le pluriel de « {word} » doit être donné.")
    if word.endswith(("s", "x", "z")):
        return word
    return word + ("x" if word.endswith(("eau", "eu")) else "s")


# -- days and hours --------------------------------------------------------------------------------
def day(value: date, *, weekday: bool = False, year: bool = True) -> str:
    """« 15 juin 2023 », « 1er mars 2023 », « jeudi 15 juin 2023 »."""
    text = f"{_ordinal(value)}{NBSP}{MONTHS[value.month - 1]}"
    if year:
        text += f" {value.year}"
    return f"{WEEKDAYS[value.weekday()]} {text}" if weekday else text


def short_day(value: date) -> str:
    """« 15/06/2023 », for narrow columns."""
    return f"{value:%d/%m/%Y}"


def month(value: date) -> str:
    """« juin 2023 »."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def period(start: date, end: date | None) -> str:
    """« du 3 au 5 mars 2023 », « du 30 mars au 2 avril 2023 », « 3 mars 2023 »."""
    start, end = _as_date(start), _as_date(end or start)
    if start == end:
        return day(start)
    if start.year != end.year:
        first = day(start)
    elif start.month != end.month:
        first = day(start, year=False)
    else:
        first = _ordinal(start)
    return f"du{NBSP}{first} au{NBSP}{day(end)}"


def since(start: date, end: date | None) -> str:
    """The time a link holds: « depuis le 3 mars 2023 », or its period once ended."""
    return period(start, end) if end else f"depuis le{NBSP}{day(start)}"


def clock(value: time | datetime) -> str:
    """« 9 h », « 14 h 05 »."""
    minutes = f"{NBSP}{value.minute:02d}" if value.minute else ""
    return f"{value.hour}{NBSP}h{minutes}"


def hours(start: time | datetime, end: time | datetime | None) -> str:
    """« de 9 h à 12 h 30 », « à 9 h »."""
    if end is None:
        return f"à{NBSP}{clock(start)}"
    return f"de{NBSP}{clock(start)} à{NBSP}{clock(end)}"


def _ordinal(value: date) -> str:
    return "1er" if value.day == 1 else str(value.day)


def _as_date(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


# -- text ------------------------------------------------------------------------------------------
_SPACE = f"[ {NBSP}{NNBSP}]"
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_OPENING = re.compile(f"«{_SPACE}*")
# From where the spaces begin: tried from each of them, a long row takes minutes.
_CLOSING = re.compile(f"(?<!{_SPACE}){_SPACE}*»")
_HIGH_MARKS = re.compile(rf"(?<=[^\s:;!?]){_SPACE}*([:;!?]+)(?=[\s»)]|$)")
_UNIT = re.compile(rf"(?<=\d){_SPACE}+(?=[%€])")


def typeset(text: str) -> str:
    """Apostrophes and unbreakable spaces of a text typed without them; harmless when done twice.

    Addresses and hours (« http://… », « 12:30 ») stay as they are.
    """
    text = _APOSTROPHE.sub("’", text.replace("...", "…"))
    text = _CLOSING.sub(f"{NBSP}»", _OPENING.sub(f"«{NBSP}", text))
    text = _HIGH_MARKS.sub(_spaced_mark, text)
    return _UNIT.sub(NBSP, text)


def _spaced_mark(match: re.Match[str]) -> str:
    marks = match[1]
    return (NBSP if marks.startswith(":") else NNBSP) + marks


def listing(items: Iterable[object], last: str = "et") -> str:
    """« a, b et c »."""
    words = [str(item) for item in items]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
