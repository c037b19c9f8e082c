"""The time that a post takes, in the words of whoever holds it, and by the month to compare."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from apmsl.lib.typography import plural
from members.enums import TimeUnit

DESCRIBED_FOR = timedelta(days=365)  # then the description of the post is read again

# A day is seven hours, a year fifty-two weeks.
_IN_HOURS_A_MONTH = {
    TimeUnit.HOURS_A_MONTH: Decimal(1),
    TimeUnit.HOURS_A_WEEK: Decimal(52) / 12,
    TimeUnit.DAYS_A_MONTH: Decimal(7),
    TimeUnit.DAYS_A_WEEK: Decimal(7 * 52) / 12,
}


def monthly(time: Decimal, unit: str) -> Decimal:
    hours = time * _IN_HOURS_A_MONTH[TimeUnit(unit)]
    return hours.quantize(Decimal("0.1"), ROUND_HALF_UP)


def told(time: Decimal, unit: str) -> str:
    """« 8 heures par semaine »."""
    words, _, period = TimeUnit(unit).label.partition(" ")
    return f"{plural(time, words.removesuffix('s'), words)} {period}"
