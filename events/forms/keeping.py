"""Seats kept for a team, and who takes one."""

from typing import Any

from django import forms

from events.services.names import MOST
from members.models import Person, Team


class ReserveForm(forms.Form):
    """Seats whose names will come later, for one of the teams that the user leads."""

    number = forms.IntegerField(
        label="Nombre de places",
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    team = forms.ModelChoiceField(label="Équipe", queryset=Team.objects.none(), empty_label=None)
    # How many the page shows: pressed twice, the second time is known by it.
    kept = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["team"]
        field.queryset = teams.order_by("sort_name", "pk")
        found = list(field.queryset[:2])
        if len(found) == 1:  # nothing to choose
            field.widget = forms.HiddenInput()
            field.initial = found[0].pk


class SuccessorForm(forms.Form):
    """One person of the team."""

    person = forms.ModelChoiceField(
        label="Qui vient\u202f?",
        queryset=Person.objects.none(),
        empty_label="Choisissez une personne",
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = people.by_name()
