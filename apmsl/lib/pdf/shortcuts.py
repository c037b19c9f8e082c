"""Ways that WeasyPrint does not take to the same result: the same bytes, in less time.

On sixty pages it works out 200,000 values of style, nearly all of them inherited or initial, and
compresses every page and every font twice: once to write them, once for the mark of the file.
"""

from typing import Any

import pydyf
from weasyprint.css import ComputedStyle
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES, Dimension
from weasyprint.layout import percent

# What is worked out from something else than the value itself.
_SPECIAL = {"position", "float", "display", "page", "direction"}

_computed = ComputedStyle.__missing__
_one_percentage = percent.resolve_one_percentage
_stream_data = pydyf.Stream.data.fget


def _logical(key: str) -> tuple[str, ...]:
    """« margin_left » may also be given as « margin_inline_start », by the direction of the text."""
    named = PHYSICAL_FUNCTIONS.get(key)
    if named is None:
        return ()
    return tuple(named(block="ttb", inline=inline) for inline in ("ltr", "rtl"))


def _plain(keys: Any) -> dict[str, tuple[str, ...]]:
    """With the other names of each."""
    return {
        key: _logical(key)
        for key in keys
        if key not in _SPECIAL and not key.startswith(("text_decoration_", "__"))
    }


_INHERITED = _plain(INHERITED)
_INITIAL = _plain(set(INITIAL_VALUES) - set(INHERITED) - set(INITIAL_NOT_COMPUTED))


def take() -> None:
    """To be called once, before anything is drawn."""
    ComputedStyle.__missing__ = _value
    percent.resolve_one_percentage = _length
    pydyf.Stream.data = property(_data)


def _value(style: Any, key: str) -> Any:
    """What no rule says is inherited, or initial."""
    cascaded = style.cascaded
    if key not in cascaded and style.parent_style is not None:
        others = _INHERITED.get(key)
        if others is not None and not any(other in cascaded for other in others):
            value = style[key] = style.parent_style[key]
            return value
        others = _INITIAL.get(key)
        if others is not None and not any(other in cascaded for other in others):
            value = style[key] = INITIAL_VALUES[key]
            return value
    return _computed(style, key)


def _length(box: Any, name: str, refer_to: Any) -> None:
    value = box.style[name]
    if type(value) is Dimension:
        used = refer_to * value.value / 100 if value.unit == "%" else value.value
        setattr(box, name, used)
    else:
        _one_percentage(box, name, refer_to)


def _data(stream: Any) -> bytes:
    """Streams are asked for their data when the file is written, and no more changed by then."""
    held: bytes | None = stream.__dict__.get("written")
    if held is None:
        held = stream.__dict__["written"] = _stream_data(stream)
    return held
