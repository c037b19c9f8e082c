"""The portal's own tags, loaded in every template. docs/components.md lists them with examples.

Each component is a function here (its parameters, checked when the page is drawn) and a template of
the same name under templates/components/ (its markup).
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from apmsl.lib import typography
from apmsl.lib.pieces import Shelf, form_key, piece
from apmsl.lib.seek import SeekPage
from apmsl.lib.templatetags.french import local
from apmsl.lib.typography import Number

register = template.Library()

Fragment = dict[str, Any]


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
    start, end = local(start), local(end) if end else None
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
    new: bool = False,
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
    seek = page.seek if isinstance(page, SeekPage) else lambda number: None
    return {
        "page": page,
        "numbers": [(number, seek(number)) for number in numbers],
        "before": seek(page.number - 1),
        "after": seek(page.number + 1),
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
    more: bool = False,
    export: str = "",
    export_label: str = "Exporter (XLSX)",
    also: str = "",
    also_label: str = "Exporter (CSV)",
    id: str = "results",  # noqa: A002  the attribute's own name
) -> str:
    """A list with its count above (``more``: at least one more) and its export beside: what the
    filter bar swaps."""
    singular, _, plural_form = forms.partition(",")
    counted = typography.plural(count, singular, plural_form)
    counted = f"plus de {counted}" if more else counted
    return _render(
        "results",
        {
            "content": content,
            "counted": counted,
            "count": count,
            "export": export,
            "export_label": export_label,
            "also": also,
            "also_label": also_label,
            "id": id,
        },
    )


def _render(name: str, context: Fragment) -> str:
    return render_to_string(f"components/{name}.html", context)
