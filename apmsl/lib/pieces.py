"""Components that their parameters alone decide, drawn once and then remembered.

A list of 25 lines is 75 small templates: drawing them takes most of the time of its page, and the
next person to open it gets the very same lines. What depends on anything else (the request, a record
that may change) is drawn each time.
"""

from collections.abc import Callable, Hashable
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.template import Context, loader
from django.utils.safestring import SafeString

REMEMBERED = 4096  # of each component, about a kilobyte each
_VALUES = frozenset({str, SafeString, int, bool, float, Decimal, date, datetime, time, type(None)})


def piece(register: template.Library) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function that answers the context of ``components/<its name>.html`` as a tag."""

    def declare(function: Callable[..., dict[str, Any]]) -> Callable[..., Any]:
        def draw(*args: Any, **kwargs: Any) -> SafeString:
            name = f"components/{function.__name__}.html"
            drawing: Any = loader.get_template(name)
            return SafeString(drawing.template.render(Context(function(*args, **kwargs))))

        # By type too: a string marked safe must not stand for one that is to be escaped.
        remembered = lru_cache(maxsize=REMEMBERED, typed=True)(draw)

        @wraps(function)
        def tag(*args: Any, **kwargs: Any) -> SafeString:
            values = (*args, *kwargs.values())
            # In development a template may change at any moment.
            if settings.DEBUG or any(type(value) not in _VALUES for value in values):
                return draw(*args, **kwargs)
            return remembered(*args, **kwargs)

        register.simple_tag(tag, name=function.__name__)
        return tag

    return declare


class Shelf:
    """The drawings of forms, by what each depends on."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._drawn: dict[Hashable, SafeString] = {}

    def get(self, key: Hashable, draw: Callable[[], SafeString]) -> SafeString:
        if settings.DEBUG:
            return draw()
        if key not in self._drawn:
            if len(self._drawn) >= self._size:
                self._drawn.clear()
            self._drawn[key] = draw()
        return self._drawn[key]


def form_key(form: BaseForm) -> Hashable:
    """What the drawing of a form that is filled by GET depends on: its fields, their choices (those
    of the database are asked again), and what was given."""
    fields = tuple(
        (name, str(field.label), _choices(getattr(field, "choices", ())))
        for name, field in form.fields.items()
    )
    given: Any = form.data
    values = given.urlencode() if hasattr(given, "urlencode") else repr(sorted(given.items()))
    return type(form).__qualname__, form.is_bound, form.prefix, repr(form.initial), fields, values


def _choices(choices: Any) -> Hashable:
    return tuple((str(value), str(label)) for value, label in choices)
