"""A sum typed in euros, as people do; the database counts cents."""

from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget


class EurosField(forms.DecimalField):
    """« 25 » or « 12,50 »; its value is whole cents, or None."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, **kwargs: Any) -> None:
        shared = {"min_value": 0, "max_digits": 9, "decimal_places": 2, "localize": True}
        super().__init__(**(shared | kwargs))

    def prepare_value(self, value: Any) -> Any:
        """What was typed is shown as it was; what is kept, in euros."""
        if not isinstance(value, int):
            return value
        euros = Decimal(value) / 100
        return f"{euros:.2f}".replace(".", ",") if value % 100 else str(value // 100)

    def clean(self, value: Any) -> int | None:
        euros = super().clean(value)
        return None if euros is None else int(euros * 100)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(initial != self.clean(data))
        except forms.ValidationError:
            return True
