"""Choosing a record by typing: what is no number of a record chooses nothing, instead of breaking."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError


class _KnownValues:
    field: Any
    labels: Mapping[str, str] = MappingProxyType({})  # of records read already: not looked up again

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> Any:
        """They come from an address or a form, hence from anyone, and go into a query."""
        known = [one for one in value if self._may_be_a_record(one)]
        if known and all(str(one) in self.labels for one in known):
            return [(None, self._options(name, known, attr), 0)]
        return super().optgroups(name, known, attr)

    def _options(self, name: str, known: list[Any], attr: Any) -> list[Any]:
        widget: Any = self
        single = not widget.is_required and not widget.allow_multiple_selected
        empty = [widget.create_option(name, "", "", False, 0)] if single else []
        return empty + [
            widget.create_option(name, one, self.labels[str(one)], True, rank, attrs=attr)
            for rank, one in enumerate(known, start=len(empty))
        ]

    def _may_be_a_record(self, value: Any) -> bool:
        try:
            self.field.target_field.to_python(value)
        except ValidationError:
            return False
        return True


class Autocomplete(_KnownValues, AutocompleteSelect):
    pass


class AutocompleteMultiple(_KnownValues, AutocompleteSelectMultiple):
    pass


class RowForm(forms.ModelForm):  # type: ignore[type-arg]  # of any model; no generic at run time
    """A row of a table: the records that it names were read with it, in one query for all rows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        read = self.instance._state.fields_cache
        for name, field in self.fields.items():
            widget: Any = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, Autocomplete) and read.get(name) is not None:
                widget.labels = {str(read[name].pk): str(read[name])}
