"""What people enter about themselves."""

from typing import Any

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
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


# -- the file of the year --------------------------------------------------------------------------
class CorrectionForm(forms.Form):
    text = forms.CharField(
        label="Ce qui n’est pas à jour",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Une personne partie ou arrivée, une adresse, une date… Aucune donnée de patient.",
    )


class PromiseForm(forms.Form):
    day = forms.DateField(
        label="Nous paierons le", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi ?",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Quelques mots aident la fédération à s’améliorer.",
    )


# -- access keys -----------------------------------------------------------------------------------
class _ReadableKey:
    """What a browser says of a key is checked as a whole: one that makes no sense is refused."""

    def full_clean(self) -> None:
        form: Any = self
        try:
            super().full_clean()
        except (AttributeError, LookupError, TypeError, ValueError):
            form.add_error("credential", "La clé a donné une réponse illisible. Réessayez.")


class AddKeyForm(_ReadableKey, AddWebAuthnForm):
    pass


class SignInByKeyForm(_ReadableKey, LoginWebAuthnForm):
    pass


class ConfirmByKeyForm(_ReadableKey, ReauthenticateWebAuthnForm):
    pass


class SecondProofByKeyForm(_ReadableKey, AuthenticateWebAuthnForm):
    pass
