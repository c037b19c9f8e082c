"""The satisfaction survey: two minutes on a telephone."""

from typing import Any

from django import forms

from events.enums import Reached
from events.models import Event
from events.services.surveys import Opinion

MARKS = [
    ("5", "5 – Très satisfait·e"),
    ("4", "4 – Satisfait·e"),
    ("3", "3 – Partagé·e"),
    ("2", "2 – Peu satisfait·e"),
    ("1", "1 – Pas du tout satisfait·e"),
]


class SurveyForm(forms.Form):
    satisfaction = forms.ChoiceField(
        label="Dans l’ensemble, êtes-vous satisfait·e\u202f?",
        choices=MARKS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une note."},
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(event.objectives.order_by("position", "pk"))
        for objective in self.asked:
            self.fields[f"objective_{objective.pk}"] = forms.ChoiceField(
                label=f"L’objectif «\u00a0{objective.text}\u00a0» est-il atteint\u202f?",
                choices=Reached.choices,
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"comment_{objective.pk}"] = forms.CharField(
                label="Une précision sur cet objectif", required=False, max_length=500
            )
        self.fields["comment"] = forms.CharField(
            label="Autre chose à nous dire\u202f?",
            help_text="Ne donnez pas de nom\u00a0: vos réponses restent anonymes.",
            widget=forms.Textarea(attrs={"rows": 4}),
            required=False,
            max_length=2000,
        )

    def opinion(self) -> Opinion:
        said = self.cleaned_data
        objectives = {
            row.pk: (said[f"objective_{row.pk}"], said[f"comment_{row.pk}"])
            for row in self.asked
            if said[f"objective_{row.pk}"]
        }
        return Opinion(int(said["satisfaction"]), said["comment"], objectives)
