"""What somebody from outside says of themselves."""

from typing import Any

from django import forms

from apmsl.mail.services import one_line
from events.services.guests import Guest


class GuestForm(forms.Form):
    first_name = forms.CharField(label="Prénom", max_length=80)
    last_name = forms.CharField(label="Nom", max_length=80)
    email = forms.EmailField(label="Adresse e-mail", max_length=254)
    function = forms.CharField(label="Fonction", max_length=150, required=False)
    organisation = forms.CharField(label="Organisme", max_length=150, required=False)
    # Nobody sees it; robots that fill every field do.
    website = forms.CharField(label="Ne pas remplir", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = {
            "first_name": "given-name",
            "last_name": "family-name",
            "email": "email",
            "function": "organization-title",
            "organisation": "organization",
        }
        for name, hint in hints.items():
            self.fields[name].widget.attrs["autocomplete"] = hint
        self.fields["website"].widget.attrs |= {"autocomplete": "off", "tabindex": "-1"}

    @property
    def is_a_robot(self) -> bool:
        return bool(self.cleaned_data["website"])

    def shown(self) -> list[Any]:
        return [self[name] for name in self.fields if name != "website"]

    def guest(self) -> Guest:
        """Each on one line: a name stands in the subject of a letter."""
        told = self.cleaned_data
        return Guest(
            first_name=one_line(told["first_name"]),
            last_name=one_line(told["last_name"]),
            email=told["email"],
            function=one_line(told["function"]),
            organisation=one_line(told["organisation"]),
        )

    def clean(self) -> dict[str, Any]:
        for name in ("first_name", "last_name"):
            if name in self.cleaned_data and not any(map(str.isalpha, self.cleaned_data[name])):
                self.add_error(name, "Écrivez ce nom en toutes lettres.")
        return self.cleaned_data
