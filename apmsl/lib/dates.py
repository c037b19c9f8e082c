"""The calendar of the portal: today, years, and periods that hold on a day."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone


def today() -> date:
    """The day the portal lives on: a demonstration's own, otherwise the real one in Paris."""
    return settings.PORTAL_DATE or timezone.localdate()


def plausible(day: date) -> None:
    """Validator of what people type: a slip in the year makes a date that exists all the same."""
    if not 1900 <= day.year < 2100:
        raise ValidationError("Cette date n’est pas plausible : vérifiez l’année.")


def reference_day(year: int) -> date:
    """The day that the figures of a year are given for: its last one, or the present one while it
    runs. The real one: the records of a demonstration's year are whole."""
    return min(date(year, 12, 31), timezone.localdate())


def holds(on: date, start: str = "started_on", end: str = "ended_on") -> Q:
    """True for periods begun on or before ``on`` and not ended on or before it.

    An empty end never ends; an empty start never holds. ``start`` and ``end`` may follow relations.
    """
    return Q(**{f"{start}__lte": on}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": on}))


def in_year(field: str, year: int, as_of: date) -> Q:
    """Dated in ``year`` and not after ``as_of``."""
    return Q(**{f"{field}__gte": date(year, 1, 1), f"{field}__lte": min(as_of, date(year, 12, 31))})


def completed_years(since: date, on: date) -> int:
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))
