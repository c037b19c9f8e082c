"""Roundings of published figures: half up, and nothing at all where there is nothing to divide by.

Python and PostgreSQL each round halves in their own way; every share and mean goes through here.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

Number = int | Decimal
# Behind fewer records, a mean or a median would tell the figure of one of them.
LEAST = 5


def half_up(value: Number, digits: int = 0) -> int | float:
    """0.5 becomes 1, 2.45 becomes 2.5 with one digit; an int when no digit is asked for."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return float(rounded) if digits else int(rounded)


def percent(part: Number, whole: Number, digits: int = 0) -> int | float | None:
    """The share of ``part`` in ``whole``; None when ``whole`` is empty."""
    return half_up(Decimal(part) * 100 / Decimal(whole), digits) if whole else None


def mean(total: Number, count: int, digits: int = 1) -> int | float | None:
    return half_up(Decimal(total) / Decimal(count), digits) if count else None


def typical(values: Iterable[Number]) -> int | None:
    """The middle value in whole units; None under LEAST of them."""
    ranked = sorted(values)
    if len(ranked) < LEAST:
        return None
    middle = len(ranked) // 2
    return int(half_up(Decimal(ranked[middle] + ranked[-middle - 1]) / 2))


def median(values: Iterable[int]) -> int | float | None:
    """The middle value, or the mean of the two middle ones with one digit."""
    ranked = sorted(values)
    if not ranked:
        return None
    middle = len(ranked) // 2
    if len(ranked) % 2:
        return ranked[middle]
    return half_up(Decimal(ranked[middle - 1] + ranked[middle]) / 2, 1)
