"""What people enter about themselves."""

from typing import Any

from django import forms

from members.enums import Visibility
from members.models import Person


class EmailVisibilityForm(forms.Form):
    """One choice for each address of a person."""

    def __init__(self, *args: Any, person: Person | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._emails = list(person.emails.in_order()) if person else []
        for email in self._emails:
            self.fields[_name(email.pk)] = forms.ChoiceField(
                label=email.address,
                choices=Visibility,
                initial=email.visibility,
                widget=forms.RadioSelect,
            )

    def visibilities(self) -> dict[int, str]:
        return {email.pk: self.cleaned_data[_name(email.pk)] for email in self._emails}


def _name(pk: int) -> str:
    return f"visibility_{pk}"
