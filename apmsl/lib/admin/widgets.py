"""Choosing a record by typing: what is no number of a record chooses nothing, instead of breaking."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError


class _KnownValues:
    field: Any

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> Any:
        """They come from an address or a form, hence from anyone, and go into a query."""
        known = [one for one in value if self._may_be_a_record(one)]
        return super().optgroups(name, known, attr)

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
