"""What people enter about themselves."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.db.models import QuerySet

from apmsl.lib import phones
from apmsl.lib.dates import plausible, today
from members.enums import ContactKind, PositionRole, Visibility
from members.models import Exchange, Person
from members.models.contacts import PHONES, VALUE_LENGTH
from members.services.contacts import Contact, key_of
from members.services.departures import Plan
from members.services.invitations import Guest


class VisibilitiesForm(forms.Form):
    """One choice for each way to reach a person."""

    def __init__(self, *args: Any, contacts: Sequence[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for contact in contacts:
            self.fields[key_of(contact)] = forms.ChoiceField(
                label=str(contact),
                choices=Visibility,
                initial=contact.visibility,
                widget=forms.RadioSelect,
            )


class AddContactForm(forms.Form):
    kind = forms.ChoiceField(label="Nature", choices=ContactKind)
    value = forms.CharField(label="Numéro ou adresse", max_length=VALUE_LENGTH)
    visibility = forms.ChoiceField(
        label="Montrer à", choices=Visibility, initial=Visibility.FEDERATION
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind, value = given.get("kind"), given.get("value")
        if kind in PHONES and value:
            number = phones.normalised(value)
            if number is None:
                self.add_error("value", "Donnez les dix chiffres, par exemple 06 12 34 56 78.")
            elif kind == ContactKind.MOBILE and not phones.is_mobile(number):
                self.add_error("kind", "Un mobile commence par 06 ou 07 : choisissez le fixe.")
            else:
                given["value"] = number
        return given


class DataRequestForm(forms.Form):
    text = forms.CharField(
        label="Ce qui est à corriger",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce que la fédération a noté, et ce qui est juste. Aucune donnée de patient.",
    )


class ErasureForm(forms.Form):
    text = forms.CharField(
        label="Un mot pour la fédération",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    sure = forms.BooleanField(label="Je demande l’effacement de mes données")


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


# -- the relation log ------------------------------------------------------------------------------
class ExchangeForm(forms.ModelForm):
    """A few seconds: what it was, in a line; the rest if there is more."""

    class Meta:
        model = Exchange
        fields = ("kind", "happened_on", "summary", "asked", "answered", "follow_up_on")
        widgets: ClassVar = {
            "happened_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "follow_up_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "asked": forms.Textarea({"rows": 2}),
            "answered": forms.Textarea({"rows": 2}),
        }
        help_texts: ClassVar = {"summary": "Aucune donnée de patient."}

    def clean_happened_on(self) -> date:
        day: date = self.cleaned_data["happened_on"]
        plausible(day)
        if day > today():
            raise forms.ValidationError("Cette date est à venir\u00a0: notez ce qui a eu lieu.")
        return day

    def clean_follow_up_on(self) -> date | None:
        day: date | None = self.cleaned_data["follow_up_on"]
        if day:
            plausible(day)
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        day, again = given.get("happened_on"), given.get("follow_up_on")
        if day and again and again < day:
            self.add_error("follow_up_on", "On ne relance pas avant l’échange.")
        return given


# -- the team's account ----------------------------------------------------------------------------
class InvitationForm(forms.Form):
    first_name = forms.CharField(label="Prénom", max_length=80)
    last_name = forms.CharField(label="Nom", max_length=80)
    email = forms.EmailField(
        label="Courriel", help_text="De préférence une adresse que cette personne lit seule."
    )
    role = forms.ChoiceField(
        label="Fonction dans l’équipe",
        required=False,
        choices=[("", "Aucune, exerce dans l’équipe"), *PositionRole.choices],
    )

    @property
    def guest(self) -> Guest:
        given = self.cleaned_data
        return Guest(given["first_name"], given["last_name"], given["email"])


class ColleagueChoice(forms.ModelChoiceField):
    """A person of the team, by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Person.objects.none(), **kwargs)


class ManagerForm(forms.Form):
    person = ColleagueChoice(label="Qui gère aussi le compte", empty_label="Choisir")

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class DepartureForm(forms.Form):
    """Who takes over is a colleague, or somebody to invite."""

    last_day = forms.DateField(
        label="Dernier jour",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="Ses droits pour l’équipe cessent le lendemain.",
    )
    leaves_team = forms.BooleanField(
        label="Quitte aussi l’équipe",
        required=False,
        initial=True,
        help_text="Décochez pour qui reste et rend seulement les fonctions cochées.",
    )
    roles = forms.MultipleChoiceField(
        label="Fonctions à transmettre", required=False, widget=forms.CheckboxSelectMultiple
    )
    successor = ColleagueChoice(
        label="Qui prend la suite", required=False, empty_label="Personne pour l’instant"
    )
    first_name = forms.CharField(label="Ou quelqu’un à inviter : prénom", required=False)
    last_name = forms.CharField(label="Nom", required=False, max_length=80)
    email = forms.EmailField(label="Courriel", required=False)

    def __init__(
        self,
        *args: Any,
        person: Person,
        held: Sequence[str],
        colleagues: QuerySet[Person],
        may_invite: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["successor"].queryset = colleagues
        self.fields["roles"].choices = [(role, PositionRole(role).label) for role in held]
        self.fields["roles"].initial = list(held)
        if not held:
            del self.fields["roles"]
        if not may_invite:
            for name in GUEST:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        missing = [name for name in GUEST if not given.get(name) and name not in self.errors]
        if len(missing) < len(GUEST) and set(GUEST) <= set(self.fields):
            for name in missing:
                self.add_error(name, "Donnez le prénom, le nom et le courriel.")
            if given.get("successor"):
                self.add_error("successor", "Choisissez quelqu’un, ou invitez : pas les deux.")
        return given

    @property
    def plan(self) -> Plan:
        given = self.cleaned_data
        guest = Guest(*(given[name] for name in GUEST)) if given.get("email") else None
        return Plan(
            person=self.person,
            last_day=given["last_day"],
            leaves_team=given["leaves_team"],
            roles=given.get("roles", ()),
            successor=given["successor"],
            guest=guest,
        )


GUEST = ("first_name", "last_name", "email")
