"""How values read in French in a template: numbers, days, hours, plurals, statuses."""

from datetime import date, datetime, time
from typing import Any

from django import template
from django.utils import timezone

from apmsl.lib import phones, typography
from apmsl.lib.typography import Number

register = template.Library()

TONES = {
    "success": (
        "ACCEPTED ACI_SIGNED ACTIVE ADMITTED AVAILABLE CONFIRMED DONE GRADUATED HELD OPEN PAID"
        " PRESENT PUBLISHED READY RECOGNISED REGISTERED RETURNED SENT SIGNED VOTED"
    ),
    "warning": (
        "AWAITING CALLED DEFERRED DUE LATE OFFERED OVERDUE PENDING REQUESTED TO_CONFIRM WAITING"
        " WAITLISTED"
    ),
    "danger": "ABSENT FAILED REFUSED REJECTED",
    "info": "CONSTITUTED IN_PROGRESS IN_PROJECT LENT ONGOING PLANNED READING RESERVED RUNNING SCHEDULED"
    " TO_READ",
}
_TONE_OF = {code: tone for tone, codes in TONES.items() for code in codes.split()}

# The first mark found wins: each browser also names those it imitates.
_BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
_SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
]


@register.filter(name="number")
def number_filter(value: Number | None, decimals: int | None = None) -> str:
    return "–" if value is None else typography.number(value, decimals)


@register.filter(name="percent")
def percent_filter(value: Number | None, decimals: int = 0) -> str:
    return "–" if value is None else typography.percent(value, decimals)


@register.filter
def phone(number: str) -> str:
    return phones.shown(number)


@register.filter
def siret(number: str) -> str:
    """In its usual groups, which stay on one line: « 123 456 789 00012 »."""
    parts = (number[:3], number[3:6], number[6:9], number[9:])
    return typography.NNBSP.join(filter(None, parts))


@register.filter
def euros(cents: int | None) -> str:
    return "–" if cents is None else typography.money(cents)


@register.filter(name="weight")
def weight_filter(size: int) -> str:
    return typography.weight(size)


@register.filter
def exact_euros(cents: int | None) -> str:
    """For accounts: the cents are always printed."""
    return "–" if cents is None else typography.money(cents, exact=True)


@register.filter(name="plural")
def plural_filter(count: Number, forms: str) -> str:
    """``{{ n|plural:"réunion" }}``, ``{{ n|plural:"place libre,places libres" }}``."""
    singular, _, plural_form = forms.partition(",")
    return typography.plural(count, singular, plural_form)


@register.filter(name="agree")
def agree_filter(count: Number, forms: str) -> str:
    """The word alone: ``{{ n|agree:"inscrit" }}``."""
    singular, _, plural_form = forms.partition(",")
    return typography.agree(count, singular, plural_form)


@register.filter(name="day")
def day_filter(value: date | None) -> str:
    return typography.day(local(value)) if value else ""


@register.filter
def long_day(value: date | None) -> str:
    return typography.day(local(value), weekday=True) if value else ""


@register.filter(name="short_day")
def short_day_filter(value: date | None) -> str:
    return typography.short_day(local(value)) if value else ""


@register.filter(name="month")
def month_filter(value: date | None) -> str:
    return typography.month(local(value)) if value else ""


@register.filter(name="clock")
def clock_filter(value: time | datetime | None) -> str:
    return typography.clock(local(value)) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """« 15 juin 2023 à 14 h 05 »."""
    return f"{day_filter(value)} à {clock_filter(value)}" if value else ""


@register.filter
def typo(value: object) -> str:
    return typography.typeset(str(value))


@register.filter
def initials(name: object) -> str:
    words = str(name).split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def device(user_agent: str) -> str:
    """« Firefox sur Windows », as far as the browser says."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Navigateur inconnu")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} sur {system}" if system else browser


@register.filter
def tone(status: object) -> str:
    """The tone of a badge for a status of our enums: success, warning, danger, info or neutral."""
    return _TONE_OF.get(str(getattr(status, "value", status)).upper(), "neutral")


@register.simple_tag(name="period")
def period_tag(start: date | None, end: date | None = None) -> str:
    return typography.period(local(start), local(end) if end else None) if start else ""


@register.simple_tag(name="since")
def since_tag(start: date, end: date | None = None) -> str:
    return typography.since(local(start), local(end) if end else None)


@register.simple_tag(name="hours")
def hours_tag(start: time | datetime | None, end: time | datetime | None = None) -> str:
    return typography.hours(local(start), local(end) if end else None) if start else ""


@register.simple_tag(name="share")
def share_tag(part: Number, whole: Number, decimals: int = 0) -> str:
    return typography.share(part, whole, decimals)


def local(value: Any) -> Any:
    """Hours are those of Paris, whatever the database keeps."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def unlocalized(value: object) -> str:
    """A number for a machine (an attribute): no French comma."""
    return str(value)
