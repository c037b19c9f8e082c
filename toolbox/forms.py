from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from members.models import Team
from toolbox.enums import JobKind
from toolbox.services.loans import USUAL_LENGTH


class _ForATeam(forms.Form):
    """One's only team is not asked."""

    team = forms.ModelChoiceField(label="Pour l’équipe", queryset=Team.objects.none())

    def __init__(self, *args: Any, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        field.queryset = teams.by_name()
        only = list(teams[:2])
        if len(only) == 1:
            field.initial, field.empty_label = only[0], None


class LoanForm(_ForATeam):
    starts_on = forms.DateField(
        label="Du", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label="Au",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Quinze jours, renouvelables une fois si personne n’attend.",
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"starts_on": on, "ends_on": on + USUAL_LENGTH})
        super().__init__(*args, **kwargs)


class JobForm(_ForATeam):
    title = forms.CharField(label="Intitulé", max_length=200)
    kind = forms.ChoiceField(label="Type d’offre", choices=JobKind)
    description = forms.CharField(
        label="Description",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Missions, temps de travail, contact. Aucune donnée sur des patients.",
    )
