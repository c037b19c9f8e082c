"""Who comes without being known, and who says that they are in the room."""

from django import forms

from apmsl.lib.text import normalise
from events.models import Event, Registration
from members.models import Profession, Team


class NewcomerForm(forms.Form):
    first_name = forms.CharField(label="Prénom", max_length=80)
    last_name = forms.CharField(label="Nom", max_length=80)
    profession = forms.ModelChoiceField(
        label="Profession",
        queryset=Profession.objects.order_by("label", "pk"),
        required=False,
        empty_label="Non précisée",
    )
    team = forms.ModelChoiceField(
        label="Équipe",
        queryset=Team.objects.order_by("name", "pk"),
        required=False,
        empty_label="Aucune",
    )


class ArrivalForm(forms.Form):
    """Whoever knows the name and the address of a registration; the answer never tells what was
    wrong."""

    last_name = forms.CharField(label="Nom", max_length=80, required=False)
    email = forms.EmailField(label="Courriel de l’inscription", required=False)

    def registration_to(self, event: Event) -> Registration | None:
        data = self.cleaned_data
        name = normalise(data["last_name"])
        if not name or not data["email"]:
            return None
        seated = event.registrations.registered().select_related("person")
        by_address = seated.filter(person__emails__address__iexact=data["email"])
        by_account = seated.filter(person__account__email__iexact=data["email"])
        rows = (by_address.union(by_account)).order_by("pk")
        return next(
            (row for row in rows if row.person and normalise(row.person.last_name) == name), None
        )
