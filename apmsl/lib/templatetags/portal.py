"""The portal's own tags, loaded in every template. docs/components.md lists them with examples.

Each component is a function here (its parameters, checked when the page is drawn) and a template of
the same name under templates/components/ (its markup).
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from apmsl.lib import typography
from apmsl.lib.pieces import Shelf, form_key, piece
from apmsl.lib.typography import Number

register = template.Library()

Fragment = dict[str, Any]

TONES = {
    "success": (
        "ACCEPTED ACI_SIGNED ACTIVE ADMITTED AVAILABLE CONFIRMED DONE GRADUATED HELD OPEN PAID"
        " PRESENT PUBLISHED RECOGNISED REGISTERED RETURNED SENT SIGNED"
    ),
    "warning": (
        "AWAITING CALLED DEFERRED DUE LATE OVERDUE PENDING REQUESTED TO_CONFIRM WAITING WAITLISTED"
    ),
    "danger": "ABSENT FAILED REFUSED REJECTED",
    "info": "CONSTITUTED IN_PROGRESS IN_PROJECT LENT ONGOING PLANNED RESERVED RUNNING SCHEDULED",
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


# -- typography ------------------------------------------------------------------------------------
@register.filter(name="number")
def number_filter(value: Number | None, decimals: int | None = None) -> str:
    return "–" if value is None else typography.number(value, decimals)


@register.filter(name="percent")
def percent_filter(value: Number | None, decimals: int = 0) -> str:
    return "–" if value is None else typography.percent(value, decimals)


@register.filter
def euros(cents: int | None) -> str:
    return "–" if cents is None else typography.money(cents)


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
    return typography.day(_local(value)) if value else ""


@register.filter
def long_day(value: date | None) -> str:
    return typography.day(_local(value), weekday=True) if value else ""


@register.filter(name="short_day")
def short_day_filter(value: date | None) -> str:
    return typography.short_day(_local(value)) if value else ""


@register.filter(name="month")
def month_filter(value: date | None) -> str:
    return typography.month(_local(value)) if value else ""


@register.filter(name="clock")
def clock_filter(value: time | datetime | None) -> str:
    return typography.clock(_local(value)) if value else ""


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
    return typography.period(_local(start), _local(end) if end else None) if start else ""


@register.simple_tag(name="since")
def since_tag(start: date, end: date | None = None) -> str:
    return typography.since(_local(start), _local(end) if end else None)


@register.simple_tag(name="hours")
def hours_tag(start: time | datetime | None, end: time | datetime | None = None) -> str:
    return typography.hours(_local(start), _local(end) if end else None) if start else ""


@register.simple_tag(name="share")
def share_tag(part: Number, whole: Number, decimals: int = 0) -> str:
    return typography.share(part, whole, decimals)


def _local(value: Any) -> Any:
    """Hours are those of Paris, whatever the database keeps."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def unlocalized(value: object) -> str:
    """A number for a machine (an attribute): no French comma."""
    return str(value)


@register.simple_tag(takes_context=True)
def again(context: Context, name: str) -> str:
    """Draw a block a second time: the page's heading is its document's title."""
    block: Any = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return str(block.render(context))


# -- small pieces ----------------------------------------------------------------------------------
@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: int = 20, label: str = "") -> SafeString:
    """A lucide icon: silent unless it is given a label."""
    if label:
        drawn = lucide(name, size=size, **{"class": "icon", "aria-label": label, "role": "img"})
    else:
        drawn = lucide(name, size=size, **{"class": "icon", "aria-hidden": "true"})
    return SafeString(drawn)


@piece(register)
def badge(text: object, tone: str = "neutral", icon: str = "") -> Fragment:
    return {"text": text, "tone": tone, "icon": icon}


@piece(register)
def tile(
    value: object,
    label: str,
    *,
    note: str = "",
    href: str = "",
    icon: str = "",
    tone: str = "",
    link: str = "",
) -> Fragment:
    shown = typography.number(value) if isinstance(value, Number) else value
    return {
        "value": shown,
        "label": label,
        "note": note,
        "href": href,
        "icon": icon,
        "tone": tone,
        "link": link,
    }


@piece(register)
def progress(
    value: int, maximum: int = 100, *, label: str, text: str = "", tone: str = ""
) -> Fragment:
    text = text or typography.share(value, maximum)
    return {"value": value, "maximum": maximum, "label": label, "text": text, "tone": tone}


@piece(register)
def stat_bar(
    label: str, value: Number, maximum: Number, *, text: str = "", href: str = "", tone: str = ""
) -> Fragment:
    width = min(max(float(value) / float(maximum), 0), 1) * 100 if maximum else 0
    return {
        "label": label,
        "text": text or typography.number(value),
        "width": f"{width:.2f}",
        "href": href,
        "tone": tone,
    }


@piece(register)
def date_block(start: date, end: date | None = None, *, past: bool = False) -> Fragment:
    start, end = _local(start), _local(end) if end else None
    several = end is not None and (end.year, end.month, end.day) != (
        start.year,
        start.month,
        start.day,
    )
    return {
        "start": start,
        "end": end if several else None,
        "month": typography.SHORT_MONTHS[start.month - 1],
        "weekday": typography.WEEKDAYS[start.weekday()],
        "full": typography.period(start, end),
        "past": past,
    }


@piece(register)
def event_line(
    start: date,
    title: str,
    *,
    end: date | None = None,
    href: str = "",
    kind: str = "",
    place: str = "",
    when: str = "",
    status: str = "",
    tone: str = "neutral",
    past: bool = False,
) -> Fragment:
    return locals()


@piece(register)
def person_line(
    name: str, *, href: str = "", detail: str = "", email: str = "", phone: str = "", note: str = ""
) -> Fragment:
    return locals()


@piece(register)
def team_line(
    name: str,
    *,
    href: str = "",
    place: str = "",
    detail: str = "",
    status: str = "",
    tone: str = "neutral",
) -> Fragment:
    return locals()


@piece(register)
def fact(label: str, value: object, *, href: str = "", icon: str = "") -> Fragment:
    """One row of ``<dl class="facts">``; nothing at all when there is no value."""
    return {"label": label, "value": value, "href": href, "icon": icon}


@piece(register)
def tab(label: str, href: str, *, current: bool = False, count: int | None = None) -> Fragment:
    return {"label": label, "href": href, "current": current, "count": count}


@piece(register)
def breadcrumb(*steps: str) -> Fragment:
    """``{% breadcrumb "Équipes" teams_url team.name %}``: label and address in turn, then the page."""
    links = list(zip(steps[:-1:2], steps[1::2], strict=False))
    return {"links": links, "page": steps[-1]}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], *, target: str = "results") -> Fragment:
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "numbers": list(numbers),
        "ellipsis": page.paginator.ELLIPSIS,
        "request": context.get("request"),
        "target": target,
    }


# -- forms -----------------------------------------------------------------------------------------
@register.inclusion_tag("components/field.html", name="field")
def field_tag(field: BoundField, *, label: str = "", plain: bool = False) -> Fragment:
    """One field outside its form's own rendering; ``plain`` leaves out « (facultatif) »."""
    return {"field": field, "label": label, "plain": plain}


@register.inclusion_tag("components/form.html", takes_context=True)
def form(
    context: Context,
    form: BaseForm,
    *,
    submit: str = "Enregistrer",
    action: str = "",
    cancel: str = "",
    tone: str = "primary",
    method: str = "post",
) -> Fragment:
    return {
        "form": form,
        "submit": submit,
        "action": action,
        "cancel": cancel,
        "tone": tone,
        "method": method,
        "csrf_token": context.get("csrf_token"),
        "redirect_field": context.get("redirect_field"),
    }


@register.simple_tag(takes_context=True)
def filter_bar(
    context: Context, form: BaseForm, *, target: str = "results", submit: str = "Afficher"
) -> SafeString:
    """The form of a django-filter FilterSet: ``{% filter_bar filter.form %}``. Remembered: drawing
    its fields takes longer than the list beside it."""
    request = context["request"]
    key = (request.path, request.GET.urlencode(), target, submit, form_key(form))
    return _filter_bars.get(key, lambda: _filter_bar(request, form, target, submit))


_filter_bars = Shelf(512)


def _filter_bar(request: HttpRequest, form: BaseForm, target: str, submit: str) -> SafeString:
    fields = [bound for bound in form if not bound.is_hidden]
    active = [bound for bound in fields if _is_filled(request.GET.getlist(bound.html_name))]
    shown = {
        "form": form,
        "fields": fields,
        "active": len(active),
        "path": request.path,
        "target": target,
        "submit": submit,
    }
    return render_to_string("components/filter_bar.html", shown)


def _is_filled(values: Sequence[str]) -> bool:
    return any(value not in {"", "unknown"} for value in values)


# -- pieces with a body ----------------------------------------------------------------------------
@register.simple_block_tag
def card(
    content: str,
    title: str = "",
    *,
    href: str = "",
    link: str = "Tout voir",
    icon: str = "",
    tone: str = "",
    level: int = 2,
    id: str = "",  # noqa: A002  the attribute's own name
) -> str:
    return _render("card", locals())


@register.simple_block_tag
def alert(content: str, title: str = "", *, tone: str = "info", live: bool = False) -> str:
    """``live`` announces it when it appears after an action."""
    return _render("alert", locals())


@register.simple_block_tag
def empty_state(content: str, title: str, *, icon: str = "inbox") -> str:
    """The body says what to do: a sentence, a button."""
    return _render("empty_state", locals())


@register.simple_block_tag
def table(content: str, caption: str, *, hidden: bool = False, stacked: bool = False) -> str:
    """The body is ``<thead>`` and ``<tbody>``. ``stacked``: rows become cards on a phone, which need
    ``data-label`` on each cell; otherwise the table scrolls within itself."""
    return _render("table", locals())


@register.simple_block_tag
def tabs(content: str, label: str) -> str:
    return _render("tabs", locals())


@register.simple_block_tag
def results(
    content: str,
    count: int,
    forms: str,
    *,
    export: str = "",
    export_label: str = "Exporter (XLSX)",
    id: str = "results",  # noqa: A002  the attribute's own name
) -> str:
    """A list with its count above and its export beside: what the filter bar swaps."""
    singular, _, plural_form = forms.partition(",")
    counted = typography.plural(count, singular, plural_form)
    return _render(
        "results",
        {
            "content": content,
            "counted": counted,
            "count": count,
            "export": export,
            "export_label": export_label,
            "id": id,
        },
    )


def _render(name: str, context: Fragment) -> str:
    return render_to_string(f"components/{name}.html", context)
